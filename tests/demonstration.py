"""The demonstration as a module's fixture: loaded once through the real services, rolled back when the module is done."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from tests.factories.core import NOW


@pytest.fixture(scope="module")
def demonstration(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """All of it as if loaded at NOW; its files lie in a folder of their own. Tests of the module read, and may write."""
    from django.conf import settings

    from portal.demo.load import load

    folder: Path = tmp_path_factory.mktemp("demonstration")
    private = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(folder)}}
    with (
        django_db_blocker.unblock(),
        override_settings(STORAGES={**settings.STORAGES, "private": private}, DEMO=True),
        transaction.atomic(),
    ):
        load(NOW)
        _look_at_tables()
        yield
        transaction.set_rollback(True)


def _look_at_tables() -> None:
    """What a running database does by itself: tables that many tests filled and rolled back seem empty to its planner.

    Our tables alone: those that all databases share stay locked until the module is done, and others would wait for it.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            ours = connection.introspection.table_names(cursor)
            cursor.execute(f"ANALYZE {', '.join(map(connection.ops.quote_name, ours))}")
