"""The repository itself: its layout, nothing of one machine or one registry in it, every module says its job."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
ROOMS = ["core", "policy", "applications", "review", "disbursement", "portal"]
TOP_LEVEL = [
    ".ci/run", "CHANGELOG.md", "Dockerfile", "README.md", "README.zh-CN.md", "docker-compose.yml", "docs/architecture.md",
    "docs/configuration.md", "docs/decisions", "docs/glossary.md", "docs/roles.md", "manage.py", "package-lock.json",
    "package.json", "pyproject.toml", "requirements-dev.txt", "requirements.txt", "script/bench", "script/check",
    "script/proof", "script/server", "script/setup", "script/test", "static", "templates", *ROOMS,
]  # fmt: skip
NAMES_THAT_SAY_NOTHING = {"utils.py", "helpers.py", "common.py", "misc.py"}
LONGER_THAN_400_LINES: dict[str, str] = {  # path: the reason it stays in one piece
    "static/css/tokens.css": "the whole language of the screens, read from top to bottom",
}


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


FILES = tracked()
MODULES = [path for path in FILES if path.suffix == ".py" and "migrations" not in path.parts]
TEXTS = [path for path in FILES if path.suffix not in {".png", ".jpg", ".pdf", ".xlsx", ".ico", ".woff2"}]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("name", TOP_LEVEL)
def test_layout_stands(name: str):
    assert (ROOT / name).exists()


def test_no_tracked_file_names_a_registry_or_a_place_of_one_machine():
    registries = r"registry\.npmjs|registry\.yarnpkg|npmmirror|pypi\.org|pythonhosted|pypi\.tuna|mirrors\.[a-z]+\."
    places = r"/" + r"(home|root|Users|work)/[a-z]"
    forbidden = re.compile(rf"{registries}|\"resolved\"\s*:|{places}")
    own = Path(__file__)

    found = [
        f"{named(path)}:{number}: {line.strip()[:120]}"
        for path in TEXTS
        if path != own
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if forbidden.search(line)
    ]

    assert found == []


def test_no_module_has_a_name_that_says_nothing():
    assert [named(path) for path in FILES if path.name in NAMES_THAT_SAY_NOTHING] == []


def test_every_module_says_its_job_in_its_first_line():
    silent = [
        named(path)
        for path in MODULES
        if (text := path.read_text(encoding="utf-8")).strip()
        and path.name != "__init__.py"
        and not ast.get_docstring(ast.parse(text))
    ]

    assert silent == []


def test_no_file_is_longer_than_400_lines():
    readable = [path for path in FILES if path.suffix in {".html", ".css", ".js"}] + MODULES
    long = {named(path): n for path in readable if (n := len(path.read_text(encoding="utf-8").splitlines())) > 400}

    assert {name: n for name, n in long.items() if name not in LONGER_THAN_400_LINES} == {}


def test_the_list_of_long_files_names_none_that_became_short():
    assert [name for name in LONGER_THAN_400_LINES if len((ROOT / name).read_text().splitlines()) <= 400] == []
