"""manage.py check_invariants: one row an invariant; ends with 1 when any of them is broken."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.invariants.registry import Finding, look


class Command(BaseCommand):
    """Looks at everything that must always hold, and changes nothing."""

    help = "Checks every invariant and prints one row for each."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--faults", type=int, default=20, help="how many breaches to print for each invariant")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = look()
        for finding in findings:
            self._print(finding, options["faults"])
        broken = sum(not finding.holds for finding in findings)
        self.stdout.write(f"{len(findings)} invariants, {broken} broken")
        if broken:
            sys.exit(1)

    def _print(self, finding: Finding, most: int) -> None:
        word = "OK" if finding.holds else "BREACH"
        one = finding.invariant
        self.stdout.write(f"{one.key:<4} {word:<7} {finding.checked:>7}  {one.sentence}")
        for fault in finding.faults[:most]:
            self.stdout.write(f"     - {fault}")
        if len(finding.faults) > most:
            self.stdout.write(f"     - … {len(finding.faults) - most} more")
