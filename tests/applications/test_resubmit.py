"""补正后重新提交: every defect answered, the next submission, the same number; the earlier one stays as it was."""

from datetime import date

import pytest

from applications import services
from applications.facts.defects import defects_of
from applications.models import Determination, Project, SubmissionLine
from applications.states import State
from core import moves
from core.models import AuditEvent, Ground, GroundKind, Notice
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories import filing
from tests.factories.core import NOW, moment

pytestmark = pytest.mark.django_db

DEFECTS = [
    {"number": 1, "about": "营业执照", "what": "扫描件不清", "todo": "请重新上传"},
    {"number": 2, "about": "投资明细", "what": "第 3 行应为基建", "todo": "请改正类别"},
]


def returned(project):
    officer = people.district_officer()
    ground = Ground.issue(kind=GroundKind.DEFECT_LIST, title="补正通知", by=officer, at=NOW, facts={"defects": DEFECTS})
    return moves.perform(
        project, "return_for_correction", actor=officer, at=NOW, ground=ground, due_on=date(2026, 3, 12)
    ), ground  # fmt: skip


@pytest.fixture
def correction():
    project, ground = returned(filing.filed())
    return project, ground


def answered(project, ground):
    services.answer_defects(
        project, ground, answers={1: "已换清晰扫描件", 2: "已改为厂房基建"}, actor=project.created_by, at=NOW
    )


def test_the_list_is_shown_with_its_answers(correction):
    project, ground = correction
    answered(project, ground)

    assert [(one.number, one.about, one.answer) for one in defects_of(project)] == [
        (1, "营业执照", "已换清晰扫描件"),
        (2, "投资明细", "已改为厂房基建"),
    ]


def test_resubmit_makes_the_next_submission_and_keeps_number_and_the_earlier_one(correction):
    project, ground = correction
    first = project.current_submission
    answered(project, ground)
    services.save_lines(
        project, lines=[{"category": "equipment", "name": "喷涂单元", "amount": 9_000_000}], actor=project.created_by,
        at=NOW,
    )  # fmt: skip

    moved = services.resubmit(project, actor=project.created_by, at=moment(days=1))

    assert (moved.state, moved.number, moved.current_submission.sequence) == (
        State.DISTRICT_REVIEW,
        "SYJG-2026-106-001",
        2,
    )
    assert SubmissionLine.objects.filter(submission=first).count() == 3
    assert Determination.objects.get(project=project, is_current=True).submission == moved.current_submission


def test_resubmit_is_recorded_and_the_district_is_told(correction):
    project, ground = correction
    answered(project, ground)
    officer = people.district_officer()

    services.resubmit(project, actor=project.created_by, at=NOW)

    assert AuditEvent.objects.get(event="project.resubmitted").ground.kind == GroundKind.DECLARATION
    assert "补正后重新提交" in Notice.objects.get(recipient=officer).subject


def test_an_entry_without_answer_is_refused(correction):
    project, ground = correction
    services.answer_defects(project, ground, answers={1: "已换"}, actor=project.created_by, at=NOW)

    with pytest.raises(services.Incomplete, match="第 2 条还没有答复"):
        services.resubmit(project, actor=project.created_by, at=NOW)


def test_resubmit_after_the_term_is_refused(correction):
    project, ground = correction
    answered(project, ground)

    with pytest.raises(moves.ConditionUnmet, match="期限已过"):
        services.resubmit(project, actor=project.created_by, at=moment(days=8))


@pytest.mark.parametrize("role", [role for role in people.EVERY_ROLE if role != "enterprise_approver"])
def test_nobody_elses_role_resubmits(correction, role):
    with pytest.raises(moves.NotYours):
        services.resubmit(correction[0], actor=people.EVERY_ROLE[role](), at=NOW)


@pytest.mark.parametrize("state", [state for state in State if state != State.CORRECTION])
def test_no_other_state_is_resubmitted_from(state):
    project = filings.project(state)

    with pytest.raises(moves.Overtaken):
        services.resubmit(project, actor=project.created_by, at=NOW)

    assert Project.objects.get(pk=project.pk).state == state


def test_the_pages_of_a_correction_show_the_list_and_take_the_answers(client, live_call):
    project, ground = returned(filing.filed(of_call=live_call))
    client.force_login(project.created_by)

    page = client.get(f"/filing/{project.pk}/").content.decode()
    client.post(f"/filing/{project.pk}/defects/", {"answer_1": "已换", "answer_2": "已改"})

    assert "扫描件不清" in page
    assert [one.answer for one in defects_of(project, ground)] == ["已换", "已改"]
