"""The documents tell the truth: every variable, role and command is written down, every link leads somewhere."""

import re
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from core.models import Role
from tests.architecture.test_repository import FILES, ROOT, named

DOCUMENTS = [path for path in FILES if path.suffix == ".md"]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_every_variable_of_the_settings_is_documented():
    asked = re.findall(r"(?:env\.\w+|_kept_secret)\(\s*\"([A-Z][A-Z0-9_]+)\"", read("portal/settings.py"))
    asked += re.findall(r"(?:environ\.get|is_on)\(\s*['\"]([A-Z][A-Z0-9_]+)", read("portal/gunicorn_config.py"))

    documented = set(re.findall(r"`([A-Z][A-Z0-9_]+)`", read("docs/configuration.md")))

    assert set(asked) - documented == set()
    assert "SECRET_KEY" in asked


def test_every_role_has_its_sentence():
    assert [role for role in Role.values if f"`{role}`" not in read("docs/roles.md")] == []


def test_every_command_is_in_the_readme():
    scripts = [path.name for path in (ROOT / "script").iterdir() if path.name in {"setup", "server", "test", "check"}]

    assert len(scripts) == 4
    assert [name for name in scripts if f"script/{name}" not in read("README.md")] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_links_between_documents_lead_somewhere(document: Path):
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", document.read_text(encoding="utf-8"))

    assert [link for link in links if not (document.parent / link).exists()] == []


def test_every_decision_is_in_the_index():
    index = read("docs/decisions/README.md")
    records = sorted(path.name for path in (Path(settings.BASE_DIR) / "docs" / "decisions").glob("0*.md"))

    assert [name for name in records if name not in index] == []


def test_compose_starts_every_part_and_asks_after_its_health():
    services = yaml.safe_load(read("docker-compose.yml"))["services"]

    assert set(services) == {"migrate", "web", "worker", "beat", "database", "redis"}
    assert [name for name, each in services.items() if name != "migrate" and "healthcheck" not in each] == []
