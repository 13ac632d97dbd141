"""Every test of this room keeps its files in a folder of its own."""

from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.utils import timezone

from tests.factories import applications as filings


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    """Private storage for one test."""
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        },
    }
    storages._storages = {}
    yield
    storages._storages = {}


@pytest.fixture
def live_call(db):
    """A call whose window holds both the tests' NOW and the clock on the wall, for tests that go through pages."""
    return filings.call(closes_at=timezone.now() + timedelta(days=30))
