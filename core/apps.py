"""The Django app of this room."""

from typing import Any

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "地基"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from celery.signals import task_prerun
        from django.core.signals import request_started

        from core import checks  # noqa: F401 - registers the system checks

        request_started.connect(_look_at_the_calendar_again, dispatch_uid="core.calendar")
        task_prerun.connect(_look_at_the_calendar_again, dispatch_uid="core.calendar")


def _look_at_the_calendar_again(**_: Any) -> None:
    from core import calendar

    calendar.look_again()
