"""The Django app of this room."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "门户"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from portal.session_time import begin

        user_logged_in.connect(begin)  # Django's own word; every way of signing in says it
