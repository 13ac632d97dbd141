"""提交申报: the draft becomes a submission that never changes, gets its number, and lies on the district's desk."""

from datetime import date
from decimal import Decimal

import pytest

from applications import services
from applications.models import Determination, NumberSeries, Project, Submission
from applications.states import State
from core import moves
from core.models import AuditEvent, GroundKind, Notice
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories import filing
from tests.factories.core import NOW, moment

pytestmark = pytest.mark.django_db


def test_submit_files_the_draft_and_moves_the_project_to_its_district():
    project = filing.ready()

    moved = services.submit(project, actor=project.created_by, at=NOW)

    assert (moved.state, moved.number, moved.due_on) == (
        State.DISTRICT_REVIEW,
        "SYJG-2026-106-001",
        date(2026, 3, 19),
    )
    filed = moved.current_submission
    assert (filed.investment, filed.land_and_building) == (Decimal("28600000.00"), Decimal("4000000.00"))
    assert [line.name for line in filed.lines.all()] == ["机器人喷涂单元", "制造执行系统", "地坪改造"]
    assert [row.requirement.code for row in filed.materials.all()] == ["licence"]


def test_submit_stores_the_determination_with_its_clauses():
    project = filing.filed()

    stored = Determination.objects.get(project=project, is_current=True)

    assert (stored.ceiling, stored.limit, stored.verdict) == (Decimal("3690000.00"), Decimal("3690000.00"), "OK")
    assert "第六条（二）1" in [step["clause"] for step in stored.result["steps"]]


def test_submit_is_recorded_with_its_declaration_and_tells_the_district():
    officer = people.district_officer()
    stranger = people.district_officer("heping")
    project = filing.filed()

    event = AuditEvent.objects.get(stream=project.audit_stream(), event="project.submitted")

    assert event.ground.kind == GroundKind.DECLARATION
    assert event.ground.facts["digest"] == project.current_submission.digest
    assert Notice.objects.filter(recipient=officer).count() == 1
    assert not Notice.objects.filter(recipient=stranger).exists()


def test_an_incomplete_filing_is_refused_whole_and_takes_no_number():
    project = filing.started()

    with pytest.raises(services.Incomplete) as refused:
        services.submit(project, actor=project.created_by, at=NOW)

    assert [finding.section for finding in refused.value.findings] == [
        "basics", "content", "lines", "funding", "indicators", "materials",
    ]  # fmt: skip
    assert not Submission.objects.exists()
    assert not NumberSeries.objects.exists()


def test_a_missing_material_is_named():
    project = filing.ready()
    project.draft.materials.all().delete()

    with pytest.raises(services.Incomplete, match="营业执照"):
        services.submit(project, actor=project.created_by, at=NOW)


def test_land_alone_leaves_nothing_to_support_and_is_refused_by_clause():
    project = filing.ready(lines=[{"category": "land", "name": "土地", "amount": 9_000_000}])

    with pytest.raises(services.Incomplete, match=r"没有合格投资（第六条（二）"):
        services.submit(project, actor=project.created_by, at=NOW)


def test_an_enterprise_on_the_register_of_dishonesty_is_refused():
    project = filing.ready()
    project.enterprise.dishonesty_entries.create(ground=people.ground(), reason="虚构发票", from_on=date(2026, 1, 1))

    with pytest.raises(services.Incomplete, match="失信"):
        services.submit(project, actor=project.created_by, at=NOW)


def test_a_second_submit_is_refused():
    project = filing.filed()

    with pytest.raises(moves.Overtaken):
        services.submit(project, actor=project.created_by, at=NOW)

    assert Submission.objects.count() == 1


def test_submit_after_the_window_is_refused():
    project = filing.ready()

    with pytest.raises(moves.ConditionUnmet, match="不在申报时间内"):
        services.submit(project, actor=project.created_by, at=moment(days=31))


def test_a_filer_without_the_approvers_role_is_refused():
    project = filing.ready()

    with pytest.raises(moves.NotYours):
        services.submit(project, actor=people.filer(project.enterprise), at=NOW)


@pytest.mark.parametrize("role", [role for role in people.EVERY_ROLE if role != "enterprise_approver"])
def test_nobody_elses_role_submits(role):
    project = filing.ready()

    with pytest.raises(moves.NotYours):
        services.submit(project, actor=people.EVERY_ROLE[role](), at=NOW)


def test_an_approver_of_another_enterprise_is_refused():
    project = filing.ready()

    with pytest.raises(moves.NotYours):
        services.submit(project, actor=people.approver(), at=NOW)


@pytest.mark.parametrize("state", [state for state in State if state not in (State.DRAFT, State.LAPSED)])
def test_no_other_state_is_submitted_from(state):
    project = filings.project(state)

    with pytest.raises(moves.Overtaken):
        services.submit(project, actor=project.created_by, at=NOW)

    assert Project.objects.get(pk=project.pk).state == state


def test_the_certified_chain_leader_is_known_from_the_list_not_from_the_form():
    actor = people.approver()
    call = filings.call()
    actor.organisation.chain_certificates.create(
        chain="工业母机", document_number="示例〔2025〕1号", valid_from=date(2025, 1, 1)
    )
    group = services.open_group(
        call=call, lead=actor.organisation, track="line", name="机床链", place="工业母机", plan="协同", actor=actor,
        at=NOW,
    )  # fmt: skip

    project = filing.filed(actor=actor, of_call=call, track="line", group=group)

    assert project.current_submission.chain_leader is True
    assert Determination.objects.get(project=project).ceiling == Decimal("4920000.00")
