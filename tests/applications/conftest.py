"""Every test of this room keeps its files in a folder of its own."""

import pytest
from django.core.files.storage import storages


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
