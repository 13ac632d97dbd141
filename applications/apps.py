"""The Django app of this room."""

from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "applications"
    verbose_name = "申报"
    default_auto_field = "django.db.models.BigAutoField"
