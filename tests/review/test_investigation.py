"""An objection is investigated by somebody who never touched the project, answered by another, and names nobody to the two sides."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from core import audit
from core.models import Notice
from core.moves import ConditionUnmet, NotYours, Overtaken
from review import hands
from review.models import Objection, ObjectionFile, Statement
from review.services import investigations, objections
from review.services.refusals import ReviewRefused
from review.states import ObjectionState
from tests.factories import core as people
from tests.factories import review as make
from tests.factories.core import NOW, moment

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def objection():
    return make.objection(make.published())


@pytest.fixture
def taken(objection):
    return make.assigned_objection(objection)


def assign(objection, officer, lead=None):
    return investigations.assign(objection, officer, actor=lead or people.bureau_lead(), at=NOW)


def test_assigned_the_officer_is_written_to_and_it_is_recorded(objection):
    officer = people.bureau_officer()
    moved = assign(objection, officer)
    assert (moved.state, moved.assigned_to) == (ObjectionState.ASSIGNED, officer)
    assert Notice.objects.get(recipient=officer, subject__startswith="核查异议").link.endswith(
        f"/objections/{moved.pk}/"
    )
    assert audit.timeline_of(moved).first().event == "objection.assigned"


@pytest.mark.parametrize("hand", ["recorded", "district", "panel"])
def test_whoever_touched_the_project_does_not_investigate(hand):
    project, officer = make.scored(make.under_review(of_call=make.small_call())), people.bureau_officer()
    if hand == "recorded":
        audit.record(project, "project.noted", actor=officer, at=NOW, label="办理")
    if hand == "district":
        make.district_hand(project, officer)
    if hand == "panel":
        make.panel(project, members=[officer])
    assert officer.pk in hands.acted_on(project)


def test_the_panels_own_member_is_refused_as_investigator(objection):
    officer = people.bureau_officer()
    audit.record(objection.entry.project, "project.noted", actor=officer, at=NOW, label="办理")
    with pytest.raises(ReviewRefused, match="应当回避"):
        assign(objection, officer)
    with pytest.raises(ReviewRefused, match="负责本批次"):
        assign(objection, people.finance_officer())


def test_whoever_investigated_does_not_answer(objection):
    lead = people.bureau_lead()
    found = investigations.report(assign(objection, lead), finding="属实。", actor=lead, at=NOW)
    with pytest.raises(NotYours):
        objections.answer_objection(found, outcome="dismiss", answer="不成立。", actor=lead, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Objection.objects.filter(pk=found.pk).update(answered_by=lead)


def test_it_is_not_answered_before_it_is_investigated(taken):
    with pytest.raises(Overtaken):
        objections.answer_objection(taken, outcome="dismiss", answer="不成立。", actor=people.bureau_lead(), at=NOW)


def test_the_term_is_prolonged_once_with_a_reason_the_objector_reads(taken, visit):
    lead, later = people.bureau_lead(), date(2026, 4, 2)
    with pytest.raises(ReviewRefused, match="最晚 2026年4月2日"):
        investigations.prolong(taken, due_on=date(2026, 4, 3), because="须现场核查", actor=lead, at=NOW)
    moved = investigations.prolong(taken, due_on=later, because="须现场核查", actor=lead, at=NOW)
    page = visit(None, "objection-receipt", moved.receipt).content.decode()
    assert moved.due_on == later and "2026年4月2日" in page and "须现场核查" in page
    with pytest.raises(ConditionUnmet, match="只能延长一次"):
        investigations.prolong(moved, due_on=date(2026, 4, 10), because="再延", actor=lead, at=NOW)


def test_after_its_term_it_is_not_prolonged(taken):
    with pytest.raises(ConditionUnmet, match="已过"):
        investigations.prolong(
            taken, due_on=date(2026, 3, 30), because="迟了", actor=people.bureau_lead(), at=moment(days=20)
        )


@pytest.mark.parametrize("secret", ["实名人 钱", "13900001234"])
def test_a_question_that_names_the_objector_is_not_sent(taken, secret):
    with pytest.raises(ReviewRefused, match="异议人"):
        investigations.ask_for_statement(
            taken, party="enterprise", question=f"{secret}反映的设备", actor=taken.assigned_to, at=NOW
        )
    found = investigations.report(taken, finding="属实。", actor=taken.assigned_to, at=NOW)
    with pytest.raises(ReviewRefused, match="企业会看到"):
        said = {"outcome": "decline", "answer": "属实。", "told": f"据{secret}反映"}
        objections.answer_objection(found, **said, actor=people.bureau_lead(), at=NOW)


def test_each_side_reads_its_own_question_and_nothing_of_the_objection(taken, visit):
    mine, theirs = make.statement(taken), make.statement(taken, "district")
    owner = mine.project.created_by
    page = visit(owner, "statement", mine.pk).content.decode()
    assert mine.question in page
    assert not any(secret in page for secret in ("实名人 钱", "13900001234", taken.grounds, taken.receipt))
    assert visit(owner, "statement", theirs.pk).status_code == 404
    assert visit(people.district_officer(), "statement", theirs.pk).status_code == 200
    for stranger in (people.approver(), people.district_officer("hunnan")):
        assert not Statement.objects.visible_to(stranger).exists()
    assert visit(owner, "objection", taken.pk).status_code == 403


def test_a_statement_is_given_once_and_the_finding_waits_for_it(taken, post):
    asked = make.statement(taken)
    with pytest.raises(ConditionUnmet, match="情况说明"):
        investigations.report(taken, finding="属实。", actor=taken.assigned_to, at=NOW)
    owner = asked.project.created_by
    assert post(owner, "statement", asked.pk, data={"answer": "2026年1月购置。"}).status_code == 302
    with pytest.raises(ReviewRefused, match="已经答复"):
        investigations.give_statement(asked, answer="改口。", actor=owner, at=NOW)
    assert Notice.objects.filter(recipient=taken.assigned_to, subject__startswith="收到情况说明").exists()
    assert (
        investigations.report(taken, finding="不实。", actor=taken.assigned_to, at=NOW).state == ObjectionState.REPORTED
    )


def test_an_organisation_seals_its_objection_and_evidence_is_limited():
    notice = make.published()
    with pytest.raises(ReviewRefused, match="公章"):
        make.objection(notice, organisation="示例协会")
    files = [SimpleUploadedFile(f"{n}.pdf", PDF) for n in range(6)]
    with pytest.raises(ReviewRefused, match="最多 5 份"):
        make.objection(notice, evidence=files)
    make.objection(notice, organisation="示例协会", seal=SimpleUploadedFile("章.pdf", PDF), evidence=files[:2])
    assert list(ObjectionFile.objects.values_list("is_seal", flat=True)) == [True, False, False]


@pytest.mark.parametrize("who", ["district_lead", "approver", "supervisor", "government", "expert"])
def test_others_neither_assign_nor_note(taken, who):
    stranger = getattr(people, who)()
    with pytest.raises(NotYours):
        assign(taken, people.bureau_officer(), lead=stranger)
    with pytest.raises(NotYours):
        investigations.write_note(taken, text="记录", actor=stranger, at=NOW)
