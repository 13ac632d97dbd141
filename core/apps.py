"""The Django app of this room."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "地基"
    default_auto_field = "django.db.models.BigAutoField"
