"""The public objects by name; the bureau answers; nobody who is objected to learns who it was (第九条三)."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from applications.models import Hold, Project
from applications.states import State
from core import audit
from core.models import AuditEvent, Ground, Notice
from core.moves import NotYours, Overtaken
from review.models import EntryOutcome, Objection
from review.services import notices, objections
from review.services.refusals import ReviewRefused
from review.states import NoticeState, ObjectionState
from tests.factories import core as people
from tests.factories import review as make
from tests.factories.core import NOW, moment

pytestmark = pytest.mark.django_db
NAME, CONTACT = "实名人 钱", "13900001234"


PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def sealed():
    return SimpleUploadedFile("盖章异议书.pdf", PDF)


@pytest.fixture
def notice():
    return make.published()


def project_of(objection):
    return Project.objects.get(pk=objection.entry.project_id)


def answer(objection, outcome, lead=None, **said):
    if objection.state == ObjectionState.RECEIVED:
        objection = make.investigated(objection)
    said = {"answer": "经核查答复如下。", "told": "设备数量与申报不符。", **said}
    return objections.answer_objection(objection, outcome=outcome, actor=lead or people.bureau_lead(), at=NOW, **said)


def test_filing_holds_the_project_and_sets_the_answers_day(notice):
    objection = make.objection(notice)
    hold = Hold.objects.get()
    assert (hold.project, hold.kind, hold.lifted_at) == (project_of(objection), "objection", None)
    assert (objection.state, objection.due_on) == (ObjectionState.RECEIVED, date(2026, 3, 19))
    assert "project.held" in audit.timeline_of(hold.project).values_list("event", flat=True)


def test_name_and_contact_are_ciphertext_in_the_database(notice):
    make.objection(notice, organisation="某厂", seal=sealed())
    with connection.cursor() as cursor:
        cursor.execute("select name, contact, organisation from review_objection")
        stored = "".join(cursor.fetchone())
    assert not any(secret in stored for secret in (NAME, CONTACT, "某厂"))


def test_receipts_cannot_be_guessed():
    receipts = {objections.new_receipt() for _ in range(50)}
    assert len(receipts) == 50 and all(len(one) == 17 for one in receipts)


def test_after_the_period_or_off_the_notice_it_is_refused(notice):
    entry = notice.entries.get()
    said = {"name": NAME, "contact": CONTACT, "grounds": "不符。"}
    with pytest.raises(ReviewRefused, match="公示期已过"):
        objections.file_objection(entry, **said, at=moment(days=8))
    notices.close_notices_due(moment(days=8))
    entry.refresh_from_db()
    with pytest.raises(ReviewRefused):
        objections.file_objection(entry, **said, at=NOW)


def test_dismissed_the_hold_is_lifted_and_the_notice_goes_on(notice):
    objection = make.objection(notice)
    answer(objection, "dismiss")
    hold, moved = Hold.objects.get(), Objection.objects.get()
    assert (moved.state, hold.lifted_ground) == (ObjectionState.DISMISSED, moved.answer_ground)
    assert project_of(objection).state == State.PUBLIC_NOTICE


def test_upheld_the_project_goes_back_to_review_and_out_of_the_notice(notice):
    objection = make.objection(notice)
    answer(objection, "review_again")
    project = project_of(objection)
    assert (project.state, project.due_on) == (State.CITY_REVIEW, date(2026, 4, 2))
    assert not project.holds.open().exists()
    assert notice.entries.get().outcome == EntryOutcome.REMOVED
    assert project.assignments.current().count() == 0
    assert audit.timeline_of(project).first().event == "project.objection_upheld"


def test_upheld_and_declined_the_enterprise_reads_why(notice):
    objection = make.objection(notice)
    owner = people.approver(project_of(objection).enterprise)
    answer(objection, "decline")
    assert project_of(objection).state == State.DECLINED
    body = Notice.objects.get(recipient=owner, subject__startswith="不予支持").body
    assert "设备数量与申报不符。" in body and "第九条（三）" in body
    assert type(notice).objects.get().state == NoticeState.CLOSED


def test_it_is_answered_once(notice):
    objection = make.objection(notice)
    answer(objection, "dismiss")
    with pytest.raises(Overtaken):
        answer(Objection.objects.get(), "review_again")


@pytest.mark.parametrize("said", [{"answer": " "}, {"told": ""}])
def test_words_are_needed(notice, said):
    with pytest.raises(ReviewRefused):
        answer(make.objection(notice), "review_again", **said)


@pytest.mark.parametrize("who", ["approver", "district_lead", "bureau_officer", "expert", "supervisor", "government"])
def test_others_do_not_answer(notice, who):
    with pytest.raises(NotYours):
        answer(make.objection(notice), "dismiss", lead=getattr(people, who)())


def test_the_public_files_with_evidence_and_follows_by_receipt(notice, client, visit):
    address = f"/notices/{notice.pk}/projects/{notice.entries.get().project_id}/object/"
    closed = client.get(address)
    assert closed.status_code == 404  # the wall clock is past March 2026
    objection = make.objection(notice, evidence=[SimpleUploadedFile("证据.pdf", PDF)])
    file = objection.files.get()
    shown = visit(None, "objection-receipt", objection.receipt).content.decode()
    assert objection.receipt in shown and NAME not in shown and CONTACT not in shown
    for reader in (people.district_lead(), people.approver(project_of(objection).enterprise)):
        assert visit(reader, "objection-evidence", objection.pk, file.pk).status_code == 403
    evidence = visit(people.bureau_officer(), "objection-evidence", objection.pk, file.pk)
    assert b"".join(evidence).startswith(b"%PDF")
    evidence.close()  # last: it closes the connection too


def test_nobody_but_bureau_and_supervision_sees_an_objection(notice):
    objection = make.objection(notice)
    owner = people.approver(project_of(objection).enterprise)
    for reader in (owner, people.district_lead(), people.expert(), people.government(), people.administrator()):
        assert not Objection.objects.visible_to(reader).exists()
    for reader in (people.bureau_officer(), people.supervisor()):
        assert Objection.objects.visible_to(reader).get() == objection


def test_who_objected_stands_in_no_ground_no_event_no_letter_and_no_hold(notice):
    owner = people.approver(notice.entries.get().project.enterprise)
    answer(make.objection(notice, grounds="我是某车间的钱某，设备不符"), "review_again")
    said = " ".join(
        [
            *(str(ground.facts) + ground.title + ground.number for ground in Ground.objects.all()),
            *(str(event.facts) + event.summary + event.actor_name for event in AuditEvent.objects.all()),
            *(letter.subject + letter.body for letter in Notice.objects.filter(recipient=owner)),
            *(hold.note for hold in Hold.objects.all()),
        ]
    )
    assert said and not any(secret in said for secret in ("钱", CONTACT, Objection.objects.get().receipt))
