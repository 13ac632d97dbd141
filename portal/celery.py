"""The Celery application: background jobs and the clocks that beat sends."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("jigaitong")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
