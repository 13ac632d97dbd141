"""What a newcomer gets on SQLite: migrations, demo data through the real services, and every invariant holds."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings


@pytest.fixture(scope="module")
def manage(tmp_path_factory):
    """manage(command): runs it on a SQLite database of its own, migrated and loaded once."""
    var = tmp_path_factory.mktemp("newcomer")
    own = {"VAR_DIR": str(var), "DATABASE_URL": "", "REDIS_URL": "", "DEMO": "1", "TESTING": "1"}

    def run(*command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, Path(settings.BASE_DIR) / "manage.py", *command],
            env={**os.environ, **own},
            capture_output=True,
            text=True,
            check=False,
        )

    for command in ("migrate", "demo"):
        done = run(command)
        assert done.returncode == 0, done.stderr
    return run


@pytest.mark.parametrize("command", ["check_invariants", "verify_audit"])
def test_demo_data_on_sqlite_keeps_every_promise(manage, command):
    judged = manage(command)

    assert judged.returncode == 0, judged.stdout + judged.stderr


def test_demo_is_loaded_once(manage):
    again = manage("demo")

    assert (again.returncode, again.stdout.strip()) == (0, "Demo data is there already.")
