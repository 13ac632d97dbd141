"""The Django app of this room."""

from django.apps import AppConfig


class DisbursementConfig(AppConfig):
    name = "disbursement"
    verbose_name = "资金"
    default_auto_field = "django.db.models.BigAutoField"
