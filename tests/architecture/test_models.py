"""Every model is entered by visible_to, made by a factory or a service, and needs no migration that is missing."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command

from core.people import SYSTEM
from tests.factories import core as people

ROOT = Path(settings.BASE_DIR)
ROOMS = ("core", "policy", "applications", "review", "disbursement", "portal")
MODELS = [model for room in ROOMS for model in apps.get_app_config(room).get_models()]

# Models of ours whose rows are reached by guardian alone: its own managers stay, people never list them.
OF_GUARDIAN = {"core.DistrictGroupObjectPermission", "applications.CallGroupObjectPermission"}

# Models whose rows tests make through the services that own them, never by a factory of their own.
MADE_BY_SERVICES = {
    "core.AuditStream": "core.audit",
    "core.AuditEvent": "core.audit",
    "core.AuditCheckpoint": "core.audit.write_checkpoint",
    "core.Notice": "core.notices.send",
    "core.Job": "core.jobs.enqueue",
    "core.StoredFile": "core.files",
    "core.DayOverride": "core.calendar_table",
    "core.Zone": "core.reference",
    "core.DistrictGroupObjectPermission": "core.accounts",
    "applications.CallGroupObjectPermission": "applications.services.open_call",
    "applications.ProjectGround": "core.moves, by Project.take_ground",
    "disbursement.BudgetLine": "disbursement.funds",
    "disbursement.LedgerAccount": "disbursement.ledger",
    "disbursement.JournalEntry": "disbursement.ledger",
    "disbursement.Posting": "disbursement.ledger",
}


def label(model):
    return model._meta.label


@pytest.mark.django_db
@pytest.mark.parametrize("model", [m for m in MODELS if label(m) not in OF_GUARDIAN], ids=label)
def test_every_model_is_entered_by_visible_to(model):
    rows = model._default_manager.all()

    for person in (SYSTEM, AnonymousUser(), people.person("无岗位")):
        assert rows.visible_to(person).count() <= rows.count()


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_every_model_has_a_factory_or_a_service_that_makes_it(model):
    tests = [*(ROOT / "tests").rglob("*.py")]
    services = [path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts]
    name = re.compile(rf"\b{model.__name__}\b")

    named = any(name.search(path.read_text(encoding="utf-8")) for path in [*tests, *services])
    made = any(name.search(path.read_text(encoding="utf-8")) for path in (ROOT / "tests" / "factories").glob("*.py"))

    assert named and (made or label(model) in MADE_BY_SERVICES or _created_in_services(model))


def _created_in_services(model):
    """True when a service or a demonstration writes rows of it."""
    written = re.compile(rf"\b{model.__name__}(\(|\.objects\.(bulk_)?(create|get_or_create|update_or_create)\b)")
    places = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    writers = [path for path in places if "services" in str(path) or path.parent.name in ("demo", "core")]
    return any(written.search(path.read_text(encoding="utf-8")) for path in writers)


@pytest.mark.django_db
def test_no_migration_is_missing():
    said = StringIO()

    call_command("makemigrations", "--check", "--dry-run", stdout=said, stderr=said)

    assert "No changes detected" in said.getvalue()
