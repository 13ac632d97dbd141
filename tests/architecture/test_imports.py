"""Arrows point down: the contracts of pyproject.toml hold."""

import subprocess
import sys
from pathlib import Path

from django.conf import settings


def test_imports_point_down():
    lint = Path(sys.executable).with_name("lint-imports")

    judged = subprocess.run([lint, "--no-cache"], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)

    assert judged.returncode == 0, judged.stdout
