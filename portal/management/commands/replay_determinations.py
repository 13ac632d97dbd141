"""manage.py replay_determinations: every stored amount worked out again; ends with 1 where any of them differs."""

from __future__ import annotations

import sys
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from applications.models import Determination
from disbursement.models import Settlement
from portal.replay import replayed

TABLES = (Determination, Settlement)


class Command(BaseCommand):
    """Reads, compares and says; changes nothing."""

    help = "Works every stored determination and settlement out again from its facts and its policy version."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--faults", type=int, default=50, help="how many differences to print of each table")

    def handle(self, *args: Any, **options: Any) -> None:
        differing = sum([self._replay(model, options["faults"]) for model in TABLES])
        if differing:
            sys.exit(1)

    def _replay(self, model: Any, most: int) -> int:
        by_version, differing = Counter[str](), 0
        for row, fault in replayed(model):
            by_version[row.policy_version] += 1
            if fault:
                differing += 1
                if differing <= most:
                    self.stdout.write(f"DIFFERS {model._meta.model_name} {row.pk} (project {row.project_id}): {fault}")
        versions = ", ".join(f"{key}: {count}" for key, count in sorted(by_version.items()))
        told = f" ({versions})" if versions else ""
        self.stdout.write(f"{model._meta.model_name}: {by_version.total()} replayed{told}, {differing} differ")
        return differing
