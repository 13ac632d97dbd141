"""manage.py demo: loads the demonstration once; a second time it says so and changes nothing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from portal.demo.load import load


class Command(BaseCommand):
    """Loads people, calls and projects through the real services, dated back from today."""

    help = "Loads the demonstration data once."

    def handle(self, *args: Any, **options: Any) -> None:
        made = load(timezone.localtime())
        self.stdout.write(f"Demo data: {made} projects loaded." if made else "Demo data is there already.")
