"""`manage.py load_reference`: districts, bureaux, roles; twice is as good as once."""

from typing import Any

from django.core.management.base import BaseCommand

from core import reference


class Command(BaseCommand):
    help = "Load districts, zones, bureaux and roles (idempotent)."

    def handle(self, *args: Any, **options: Any) -> None:
        reference.load()
        self.stdout.write("reference data present")
