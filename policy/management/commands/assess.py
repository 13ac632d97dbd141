"""`manage.py assess --cases FILE.csv`: every row of a case file answered as CSV on standard output."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from policy import versions
from policy.cases import COLUMNS, assess, read_rows


class Command(BaseCommand):
    help = "Work out every case of a CSV file; a malformed row is answered REJECT_BAD_INPUT."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cases", required=True, metavar="FILE.csv", help="columns as in policy-cases.csv")
        parser.add_argument("--policy", default="2025-03", metavar="KEY", help="policy version, 2025-03 by default")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["cases"])
        try:
            raw = path.read_bytes()
            version = versions.load(options["policy"])
        except OSError as error:
            raise CommandError(f"不能读 {path}：{error.strerror}") from error
        except versions.UnknownVersion as error:
            raise CommandError(str(error)) from error
        writer = csv.DictWriter(self.stdout, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(assess(read_rows(raw), version))
