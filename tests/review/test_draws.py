"""A draw in the portal: locked first, two sealed numbers, drawn by them, invited, replaced, and replayed by anybody."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from applications.models import Project
from core import jobs
from core.models import AuditEvent, Ground, Job, Notice
from core.moves import NotYours, Overtaken
from review.drawing.canonical import commitment_of
from review.drawing.record import faults_of
from review.models import Assignment, Draw, DrawNumber, Expert, InterestDeclaration, ScoreResult
from review.services import assignments, drawing_lots, draws, invitations
from review.services.refusals import ReviewRefused
from tests.factories import core as people
from tests.factories import review as make
from tests.factories.core import NOW, moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    return make.small_call(3)


@pytest.fixture
def project(call):
    return make.under_review(of_call=call)


def pool(size=6):
    return [make.declared() for _ in range(size)]


def test_the_list_is_locked_with_its_fingerprint_before_any_number(project):
    pool()
    draw = make.committed(project)
    assert draw.commitment == commitment_of(draw.candidates)
    assert draw.ground.facts["commitment"] == draw.commitment
    assert AuditEvent.objects.get(event="draw.committed").facts["commitment"] == draw.commitment
    assert not draw.numbers.exists()


def test_the_record_names_nobody(project):
    experts = pool()
    text = json.dumps(drawing_lots.record_of(make.drawn(project)), ensure_ascii=False)
    assert experts[0].code in text and project.number in text
    for hidden in (str(experts[0]), project.enterprise.name, project.title):
        assert hidden not in text


def test_an_even_number_becomes_the_next_odd_one():
    project = make.under_review(of_call=make.small_call(2))
    pool(5)
    make.drawn(project)
    assert project.assignments.count() == 3


def test_the_conflicted_the_undeclared_and_the_inactive_are_never_drawn(project):
    good = pool(3)
    bound, undeclared, gone = make.declared(), make.expert(), make.declared(is_active=False, inactive_because="退休")
    assignments.declare_conflict(bound, project.enterprise, kind="kin", actor=bound.user, at=NOW)
    draw = make.drawn(project)
    assert set(project.assignments.values_list("expert", flat=True)) == {one.pk for one in good}
    codes = [one["code"] for one in draws.candidates_of(draw)["experts"]]
    assert undeclared.code not in codes and gone.code not in codes
    [told] = draw.entries.get().exclusions
    assert told["expert"] == bound.pk and "亲属" in told["words"] and told["source"].startswith("review.conflict:")


def test_too_few_are_not_drawn_and_the_bureau_is_told(project):
    pool(2)
    officer = people.bureau_officer()
    draw = make.drawn(project)
    assert not project.assignments.exists()
    assert "需要 3 名" in draw.entries.get().note
    assert Notice.objects.filter(recipient=officer, subject__startswith="抽取不足").exists()


def test_a_number_is_sealed_until_both_are_in(project):
    pool()
    draw = make.committed(project)
    kept = draws.seal_number(draw, "first", "20260305", actor=people.bureau_officer(), at=NOW)
    [told] = drawing_lots.record_of(draw)["numbers"]
    assert told == {"slot": "first", "sealed": kept.sealed}
    event = AuditEvent.objects.get(event="draw.number_sealed")
    assert "20260305" not in json.dumps([event.facts, event.summary])


@pytest.mark.parametrize(
    ("slot", "who", "allowed"),
    [("first", "bureau_officer", True), ("first", "bureau_lead", False), ("first", "supervisor", False),
     ("second", "bureau_lead", True), ("second", "supervisor", True), ("second", "bureau_officer", False),
     ("second", "expert", False), ("first", "district_lead", False)],
)  # fmt: skip
def test_each_seat_has_its_people(project, slot, who, allowed):
    pool()
    draw = make.committed(project)
    if allowed:
        assert draws.seal_number(draw, slot, "12", actor=getattr(people, who)(), at=NOW)
    else:
        with pytest.raises(NotYours):
            draws.seal_number(draw, slot, "12", actor=getattr(people, who)(), at=NOW)


def test_one_person_gives_one_number(project):
    pool()
    draw = make.committed(project)
    both = people.person("一人两岗", "bureau_officer", "bureau_lead", organisation=people.bureau_lead().organisation)
    draws.seal_number(draw, "first", "12", actor=both, at=NOW)
    with pytest.raises(NotYours, match="另一个人"):
        draws.seal_number(draw, "second", "34", actor=both, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        DrawNumber.objects.create(
            draw=draw, slot="second", person=both, number="1", salt="s", sealed="x", entered_at=NOW
        )


def test_a_taken_seat_is_not_taken_again(project):
    pool()
    draw = make.sealed(make.committed(project))
    with pytest.raises(Overtaken):
        draws.seal_number(draw, "first", "99", actor=people.bureau_officer(), at=NOW)


def test_a_draw_with_both_numbers_is_not_cancelled_one_without_is(project):
    pool()
    draw, officer = make.committed(project), people.bureau_officer()
    assert draws.cancel_draw(draw, reason="名单有误", actor=officer, at=NOW).state == "cancelled"
    again = make.sealed(make.committed(project))
    with pytest.raises(Exception, match="不能作废"):
        draws.cancel_draw(again, reason="换人", actor=officer, at=NOW)


def test_a_project_stands_in_one_open_draw_and_not_beside_asked_experts(call, project):
    pool()
    make.committed(project)
    with pytest.raises(ReviewRefused, match="另一次抽取"):
        make.committed(project)
    other = make.under_review(of_call=call)
    make.assigned(other)
    with pytest.raises(ReviewRefused, match="已指派"):
        make.committed(other)


def test_the_drawn_are_invited_and_see_nothing_before_they_accept(project):
    pool()
    make.drawn(project)
    one = project.assignments.first()
    assert not Project.objects.visible_to(one.expert.user).exists()
    assert Notice.objects.filter(recipient=one.expert.user, subject__startswith="评审邀请").exists()
    invitations.accept_invitation(one, actor=one.expert.user, at=NOW)
    assert list(Project.objects.visible_to(one.expert.user)) == [project]
    with pytest.raises(Overtaken):
        invitations.accept_invitation(one, actor=one.expert.user, at=NOW)


def test_drawing_twice_changes_nothing(project):
    pool()
    draw = make.drawn(project)
    before = list(project.assignments.values_list("pk", flat=True))
    drawing_lots.draw_now(Draw.objects.get(pk=draw.pk), at=NOW)
    assert list(project.assignments.values_list("pk", flat=True)) == before


def test_who_declines_is_replaced_by_the_next_of_the_record(project):
    pool()
    draw = make.drawn(project)
    left = project.assignments.first()
    invitations.decline_invitation(left, because="出差", actor=left.expert.user, at=NOW)
    record = drawing_lots.record_of(draw)
    [told] = record["replacements"]
    assert (told["project"], told["out"], told["skipped"]) == (project.number, left.expert.code, [])
    assert project.assignments.current().count() == 3
    assert faults_of(record) == []


def test_those_unfit_by_now_are_passed_over_with_the_reason(project):
    pool()
    draw = make.drawn(project)
    drawn = set(project.assignments.values_list("expert", flat=True))
    first, second, _ = [one for one in _reserve(draw, project) if one.pk not in drawn]
    Expert.objects.filter(pk=first.pk).update(is_active=False, inactive_because="调离")
    InterestDeclaration.objects.filter(expert=second).update(valid_to=moment(days=-1).date())
    left = project.assignments.first()
    invitations.decline_invitation(left, because="出差", actor=left.expert.user, at=NOW)
    [told] = drawing_lots.record_of(draw)["replacements"]
    assert told["skipped"] == [[first.code, "已不在库"], [second.code, "利益声明已过期"]]
    assert faults_of(drawing_lots.record_of(draw)) == []


def _reserve(draw, project):
    from review.drawing.selection import reserve_of

    drawn = json.loads(draw.selection)["drawn"][project.number]
    order = reserve_of(draws.candidates_of(draw), draw.seed, project.number, drawn)
    return [Expert.objects.get(pk=int(code[1:])) for code in order]


def test_silence_until_the_day_is_over_is_a_no(project):
    pool()
    make.drawn(project)
    assert invitations.lapse_invitations(moment(days=1)) == 0
    assert invitations.lapse_invitations(moment(days=20)) == 3
    gone = Assignment.objects.exclude(declined_at=None)
    assert {one.declined_because for one in gone} == {invitations.NO_ANSWER}
    assert project.assignments.current().count() == 3


def test_the_bureau_is_told_when_nobody_is_left(project):
    pool(3)
    officer = people.bureau_officer()
    make.drawn(project)
    left = project.assignments.first()
    invitations.decline_invitation(left, because="出差", actor=left.expert.user, at=NOW)
    assert project.assignments.current().count() == 2
    assert Notice.objects.filter(recipient=officer, subject__startswith="候补用完").exists()


def test_an_interest_that_comes_up_before_the_numbers_replaces_at_once(project):
    experts = pool(6)
    draw = make.committed(project)
    for one in experts[:3]:
        assignments.declare_conflict(one, project.enterprise, kind="kin", actor=one.user, at=NOW)
    drawing_lots.draw_now(make.sealed(draw), at=NOW)
    asked = set(project.assignments.current().values_list("expert", flat=True))
    assert asked == {one.pk for one in experts[3:]}
    assert faults_of(drawing_lots.record_of(Draw.objects.get())) == []


def test_declaring_an_interest_after_accepting_shuts_and_replaces(project):
    pool()
    make.drawn(project)
    one = project.assignments.first()
    invitations.accept_invitation(one, actor=one.expert.user, at=NOW)
    assignments.declare_conflict(one.expert, project.enterprise, kind="kin", actor=one.expert.user, at=NOW)
    assert not Project.objects.visible_to(one.expert.user).exists()
    assert project.assignments.current().count() == 3


def test_another_expert_does_not_answer(project):
    pool()
    make.drawn(project)
    one, other = project.assignments.all()[:2]
    with pytest.raises(NotYours):
        invitations.decline_invitation(one, because="不去", actor=other.expert.user, at=NOW)


def test_anybody_replays_the_record_from_the_file_alone(project, tmp_path, django_assert_num_queries):
    pool()
    record = drawing_lots.record_of(make.drawn(project))
    path, said = tmp_path / "record.json", StringIO()
    path.write_text(json.dumps(record), encoding="utf-8")
    with django_assert_num_queries(0):
        call_command("verify_draw", str(path), stdout=said)
    assert "1 个项目、3 人次" in said.getvalue()
    record["selection"]["loads"] = {}
    path.write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(CommandError, match="不符"):
        call_command("verify_draw", str(path), stderr=StringIO())


def test_a_draw_of_the_portal_is_replayed_by_its_number(project):
    pool()
    draw, said = make.drawn(project), StringIO()
    call_command("verify_draw", draw.number, stdout=said)
    assert draw.number in said.getvalue()
    with pytest.raises(CommandError, match="没有文件"):
        call_command("verify_draw", "CQ-1999-001")


def test_the_draw_is_recorded_with_a_ground_and_told_to_each_project(project):
    pool()
    draw = make.drawn(project)
    assert draw.drawn_ground.facts["seed"] == draw.seed
    event = AuditEvent.objects.get(stream=f"applications.project:{project.pk}", event="project.experts_drawn")
    assert event.ground == draw.drawn_ground
    assert Ground.objects.filter(kind="expert_draw").count() == 2
    assert ScoreResult.objects.get(project=project).asked == 3


def test_who_judged_at_the_district_does_not_lock_a_list(project):
    pool()
    officer = people.bureau_officer()
    project.material_checks.create(
        submission=project.current_submission, requirement=project.call.materials.first(), verdict="verified", at=NOW,
        by=officer,
    )  # fmt: skip
    with pytest.raises(NotYours, match="区县初审"):
        make.committed(project, actor=officer)


def test_a_whole_call_is_locked_and_drawn_by_jobs(call, visit):
    pool(5)
    officer = people.bureau_officer()
    InterestDeclaration.objects.update(valid_to="2099-01-01")  # the page asks the clock on the wall
    for _ in range(3):
        make.under_review(of_call=call)
    assert "3 个" in visit(officer, "draw-new", call=call.pk).content.decode()
    asked = draws.ask_to_commit(call, answer_days=2, actor=officer, at=NOW)
    jobs.run(asked.pk)
    draw = make.sealed(Draw.objects.get())
    drawing = Job.objects.get(kind=draws.JOB)
    jobs.run(drawing.pk)
    assert Job.objects.get(pk=drawing.pk).state == "done"
    assert Assignment.objects.filter(draw=draw).count() == 9
    assert faults_of(drawing_lots.record_of(Draw.objects.get())) == []


def test_a_call_where_nobody_is_declared_is_not_locked_and_the_job_says_why(call):
    make.expert()
    make.under_review(of_call=call)
    asked = draws.ask_to_commit(call, answer_days=2, actor=people.bureau_officer(), at=NOW)
    jobs.run(asked.pk)
    assert "没有利益声明" in Job.objects.get(pk=asked.pk).message
