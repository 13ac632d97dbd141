"""Conditional materials: owed by track, role, progress and amount; a confidential one is never uploaded."""

from decimal import Decimal

import pytest

from applications import services
from applications.facts import amounts, completeness, requirements
from applications.facts.reading import Reading
from applications.models import CallMaterial, ChainLeaderCertificate
from core.files import FileRefused
from review.checklist import _cases
from review.queries import materials_to_check
from tests.applications.checking import draft_with, filed_with, invoice, line
from tests.factories import filing
from tests.factories.core import NOW

pytestmark = pytest.mark.django_db


def wanted(call, need, **fields):
    return CallMaterial.objects.create(call=call, position=9, code="extra", name="补充材料", need=need, **fields)


def missing(draft):
    return [finding.message for finding in completeness.blocking(draft, at=NOW) if finding.section == "materials"]


@pytest.mark.parametrize(
    ("need", "fields", "lines", "owed"),
    [
        ("required", {}, [line()], True),
        ("optional", {}, [line()], False),
        ("point_only", {}, [line()], True),
        ("line_only", {}, [line()], False),
        ("leader_only", {}, [line()], False),
        ("begun_only", {}, [line()], False),
        ("begun_only", {}, [invoice()], True),
        ("begun_only", {}, [line(contract_number="HT-1", paid=Decimal(1))], False),
        ("from_amount", {"amount": Decimal(20_000_000)}, [line()], True),
        ("from_amount", {"amount": Decimal(20_000_001)}, [line()], False),
        ("required", {"confidential": True}, [line()], False),
    ],
)
def test_a_material_is_owed_by_its_condition(live_call, need, fields, lines, owed):
    draft = draft_with(live_call, *lines)
    wanted(live_call, need, **fields)

    assert bool(missing(draft)) is owed


@pytest.mark.parametrize(("lines", "begun"), [([line()], False), ([line(invoiced_on=NOW.date())], True),
                                              ([line(contract_number="HT-1")], False), ([invoice()], True)])  # fmt: skip
def test_begun_is_the_same_wherever_it_is_asked(live_call, lines, begun):
    draft = draft_with(live_call, *lines)
    totals = {draft.pk: amounts.totals_of(draft)}
    cases = [
        requirements.of_draft(draft, totals=totals[draft.pk], chain_leader=False), Reading(draft, NOW).with_lines().case,
        requirements.of_drafts([draft], on=NOW.date(), totals=totals)[draft.pk],
    ]  # fmt: skip
    services.submit(draft.project, actor=draft.project.created_by, at=NOW)
    project = type(draft.project).objects.get(pk=draft.project_id)
    cases += [requirements.of_submission(project.current_submission), _cases([project])[project.pk]]

    assert [case["begun"] for case in cases] == [begun] * 5


def test_a_chain_leader_owes_what_leaders_owe(live_call):
    draft = draft_with(live_call)
    wanted(live_call, "leader_only")
    ChainLeaderCertificate.objects.create(
        organisation=draft.project.enterprise,
        chain="工业母机",
        document_number="示例〔2025〕1号",
        valid_from=NOW.date(),
    )

    assert missing(draft)


def test_a_confidential_material_is_refused_and_the_district_asks_for_the_paper(live_call):
    project = filing.ready(of_call=live_call)
    entry = wanted(live_call, "required", confidential=True)
    with pytest.raises((FileRefused, services.DraftRefused), match="线下报送"):
        services.add_material(project, entry, upload=filing.pdf(), actor=project.created_by, at=NOW)

    services.submit(project, actor=project.created_by, at=NOW)

    assert entry in materials_to_check(type(project).objects.get(pk=project.pk))


def test_the_district_checks_what_this_filing_owed(live_call):
    project = filed_with(live_call, invoice())
    owed = wanted(live_call, "begun_only")
    not_owed = CallMaterial.objects.create(
        call=live_call, position=10, code="more", name="更多", need="from_amount", amount=Decimal(10**9)
    )

    found = materials_to_check(type(project).objects.get(pk=project.pk))

    assert owed in found
    assert not_owed not in found
