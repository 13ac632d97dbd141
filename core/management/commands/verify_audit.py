"""manage.py verify_audit: walks every audit chain and checkpoint; ends with 1 when something does not verify."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from core import audit
from core.models import AuditCheckpoint, AuditEvent, AuditStream


class Command(BaseCommand):
    """Prints one row for each finding and a summary; changes nothing."""

    help = "Verifies the audit trail: every chain, every head, every checkpoint."

    def handle(self, *args: Any, **options: Any) -> None:
        faults = 0
        for fault in audit.faults():
            faults += 1
            self.stdout.write(f"FAULT {fault}")
        counts = f"{AuditStream.objects.count()} chains, {AuditEvent.objects.count()} events"
        self.stdout.write(f"{counts}, {AuditCheckpoint.objects.count()} checkpoints, {faults} faults")
        if faults:
            sys.exit(1)
