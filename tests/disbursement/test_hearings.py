"""告知与陈述申辩: no decision takes money back before the enterprise was told and heard (第十二至十四条)."""

import subprocess
from decimal import Decimal

import pytest
from django.urls import reverse

from applications.models import DishonestyEntry, Hold, Project
from applications.states import State
from core import jobs, moves
from core.files import read_stored
from core.models import Job, Notice
from disbursement.models import Hearing, HearingKind, Instalment, Recovery, RecoveryReceipt, Settlement, Source
from disbursement.services import closing, ending, hearings, recoveries, settlements
from disbursement.services.refusal import Refused
from disbursement.states import AcceptanceState, HearingState
from portal.queries.desk_work import tasks_of
from tests.disbursement import situations as given
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories import disbursement as money
from tests.factories.core import NOW, moment

pytestmark = pytest.mark.django_db

PAPER = {"reason": "伪造设备发票。", "number": "示例决〔2026〕1号", "at": NOW}


def notices_to(project):
    return list(Notice.objects.filter(recipient__organisation=project.enterprise).values_list("subject", flat=True))


def test_a_notice_tells_the_enterprise_and_stops_payments():
    project = given.half_paid()

    made = money.hearing(project)

    assert (made.amount, made.state) == (Decimal("3750000.00"), HearingState.NOTIFIED)
    assert Hold.objects.open().get(project=project).kind == "hearing"
    assert any("拟取消资格告知" in subject for subject in notices_to(project))


@pytest.mark.parametrize("step", ["nothing", "notified", "answered"])
def test_nothing_is_signed_before_the_answer_was_weighed(step):
    project = given.half_paid()
    if step != "nothing":
        made = money.hearing(project)
    if step == "answered":
        hearings.answer(made, words="不实。", actor=given.approver_of(project), at=NOW)

    with pytest.raises(Refused, match="听取陈述申辩"):
        ending.revoke(project, actor=people.bureau_lead(), **PAPER)

    assert Project.objects.get(pk=project.pk).state == State.DISBURSEMENT
    assert not Recovery.objects.exists()


@pytest.mark.parametrize("hand", ["notified_by", "weighed_by"])
def test_whoever_announced_or_weighed_does_not_sign(hand):
    project = given.half_paid()
    made = money.heard(project)
    lead = people.bureau_lead()
    Hearing.objects.filter(pk=made.pk).update(**{hand: lead})

    with pytest.raises(moves.NotYours):
        ending.revoke(project, actor=lead, **PAPER)

    assert Hearing.objects.get().state == HearingState.WEIGHED


def test_silence_until_the_term_is_over_lets_the_decision_be_signed():
    project = given.half_paid()
    money.hearing(project)
    assert hearings.lapse_hearings(moment(days=2)) == 0

    lapsed = hearings.lapse_hearings(moment(days=30))
    ending.revoke(project, actor=people.bureau_lead(), **PAPER)

    assert lapsed == 1
    assert Hearing.objects.get().decision == Recovery.objects.get().ground
    assert not Hold.objects.open().filter(kind="hearing").exists()


def test_an_answer_comes_in_time_or_not_at_all():
    project = given.half_paid()
    made = money.hearing(project)

    with pytest.raises(moves.ConditionUnmet, match="期限已过"):
        hearings.answer(made, words="迟了。", actor=given.approver_of(project), at=moment(days=30))


def test_an_accepted_answer_leaves_the_project_as_it_was():
    project = given.half_paid()
    made = money.heard(project, upheld=True)
    with pytest.raises(moves.ConditionUnmet):
        ending.revoke(project, actor=people.bureau_lead(), **PAPER)

    hearings.drop(made, actor=people.bureau_lead(), at=NOW)

    assert Project.objects.get(pk=project.pk).state == State.DISBURSEMENT
    assert not Hold.objects.open().exists()
    assert any("陈述申辩已采纳" in subject for subject in notices_to(project))


def test_an_accepted_answer_to_a_settlement_sends_the_audit_back():
    project = given.in_settlement(given.half_paid(), "20000000.00")
    settlements.prepare_settlement(project, actor=people.bureau_officer(), at=NOW)
    made = money.heard(project, HearingKind.SETTLE, upheld=True)

    hearings.drop(made, actor=people.bureau_lead(), at=NOW)

    project = Project.objects.get(pk=project.pk)
    assert (project.state, project.acceptances.get().state) == (State.ACCEPTANCE, AcceptanceState.ASSIGNED)
    assert not Settlement.objects.exists()
    closing.report(
        project.acceptances.get(), texts=given.TEXTS, audited_eligible=Decimal(50_000_000), opinion="pass",
        actor=people.assessor(project.acceptances.get().assessor), at=NOW,
    )  # fmt: skip
    closing.accept(project.acceptances.get(), text="同意。", actor=people.bureau_lead(), at=NOW)
    assert settlements.compute(Project.objects.get(pk=project.pk)).clawback == 0


def test_a_settlement_that_takes_money_back_is_not_confirmed_unheard():
    project = given.in_settlement(given.half_paid(), "20000000.00")
    made = settlements.prepare_settlement(project, actor=people.bureau_officer(), at=NOW)

    with pytest.raises(settlements.SettlementRefused, match="听取陈述申辩"):
        settlements.confirm_settlement(made, actor=people.bureau_lead(), at=NOW)

    money.heard(project, HearingKind.SETTLE)
    with pytest.raises(settlements.SettlementRefused, match="撤回告知"):
        settlements.discard_settlement(made, actor=people.bureau_lead(), at=NOW)


def test_more_at_stake_than_was_announced_needs_a_new_notice():
    project = given.half_paid()
    made = money.heard(project)
    given.pay(Instalment.objects.get(award__project=project, position=2))
    with pytest.raises(Refused, match="重新告知"):
        ending.revoke(project, actor=people.bureau_lead(), **PAPER)

    hearings.withdraw(made, "又有款项到账。", actor=people.bureau_lead(), at=NOW)
    given.revoked(project)

    assert Recovery.objects.get().demanded == Decimal("7500000.00")


def test_one_intention_at_a_time():
    project = given.half_paid()
    money.hearing(project)

    with pytest.raises(Refused, match="已有一份"):
        money.hearing(project, HearingKind.TERMINATE)


# --- giving back ------------------------------------------------------------------------------------------------------


def test_sources_are_restored_last_arranged_first_to_the_last_fen():
    central, city, province = money.pool(), money.pool(Source.CITY), money.pool(Source.PROVINCIAL)
    project = given.half_paid(parts={central: 5_000_001, city: 1_000_001, province: 500_001})
    given.revoked(project)
    recovery = recoveries.demand(Recovery.objects.get(), number="示例追〔2026〕1号", actor=people.bureau_lead(), at=NOW)
    assert [line.pool for line in recovery.lines.all()] == [province, city, central]
    part = {"on": NOW.date(), "actor": people.finance_officer(), "at": NOW}

    for number, amount in (("R1", "250000.51"), ("R2", "500000.49"), ("R3", "0.01")):
        recoveries.record_receipt(recovery, amount=Decimal(amount), receipt_number=number, **part)

    given_back = [line.recovered for line in recovery.lines.all()]
    assert given_back == [Decimal("250000.50"), Decimal("500000.50"), Decimal("0.01")]


def demanded(project):
    given.revoked(project)
    return recoveries.demand(
        Recovery.objects.get(), number="示例追〔2026〕1号", actor=people.bureau_lead(), at=NOW, days=10
    )


def test_only_finance_books_what_came_back():
    recovery = demanded(given.half_paid())
    receipt = {"amount": Decimal(1), "receipt_number": "R1", "on": NOW.date(), "at": NOW}

    with pytest.raises(moves.NotYours, match="市财政局"):
        recoveries.record_receipt(recovery, **receipt, actor=people.bureau_officer())

    assert not RecoveryReceipt.objects.exists()


REFERRAL = {"number": "示例移〔2026〕1号", "reason": "逾期未退。", "to": "沈阳市中级人民法院"}


def test_only_an_overdue_recovery_is_handed_on():
    recovery = demanded(given.half_paid())
    with pytest.raises(moves.ConditionUnmet, match="期限还没有过"):
        recoveries.refer(recovery, **REFERRAL, actor=people.bureau_lead(), at=moment(days=10))

    moved = recoveries.refer(recovery, **REFERRAL, actor=people.bureau_lead(), at=moment(days=11))

    assert (moved.state, moved.referred_to) == ("referred", REFERRAL["to"])


def test_a_referred_enterprise_is_registered_until_the_money_is_back():
    recovery = demanded(given.half_paid())
    recoveries.refer(recovery, **REFERRAL, register=True, actor=people.bureau_lead(), at=moment(days=11))
    entry = DishonestyEntry.objects.get(ground__number=REFERRAL["number"])
    assert entry.to_on is None

    recoveries.record_receipt(
        recovery, amount=recovery.demanded, receipt_number="R1", on=NOW.date(), actor=people.finance_officer(),
        at=moment(days=20),
    )  # fmt: skip

    entry.refresh_from_db()
    assert entry.to_on == moment(days=20).date()


def test_an_overdue_recovery_is_told_once_to_both_sides():
    recovery = demanded(given.half_paid())
    lead = people.bureau_lead()

    told = [recoveries.tell_overdue(moment(days=day)) for day in (10, 11, 12)]

    assert told == [0, 1, 0]
    assert any("追回逾期" in subject for subject in notices_to(recovery.project))
    assert lead.notices.filter(subject__startswith="追回逾期").exists()


# --- papers and pages -------------------------------------------------------------------------------------------------


def test_both_papers_are_printed_with_figures_in_words():
    recovery = demanded(given.half_paid())
    hearing = Hearing.objects.get()

    for job in Job.objects.filter(kind__in=["hearing.pdf", "recovery.pdf"]):
        Job.objects.filter(pk=job.pk).update(state="running", attempts=1)
        jobs.function_of(job.kind)(jobs.Running(job, 1))

    hearing.refresh_from_db()
    recovery.refresh_from_db()
    assert read_stored(hearing.paper)[:5] == read_stored(recovery.notice)[:5] == b"%PDF-"


def test_a_referral_goes_out_as_a_paper_with_what_was_open_that_day(client):
    recovery = demanded(given.half_paid())
    client.force_login(given.approver_of(recovery.project))
    assert client.get(reverse("recovery-referral", args=[recovery.pk])).status_code == 404
    receipt = {"amount": Decimal("750000.01"), "receipt_number": "R1", "on": NOW.date(), "at": NOW}
    recoveries.record_receipt(recovery, **receipt, actor=people.finance_officer())
    recoveries.refer(recovery, **REFERRAL, actor=people.bureau_lead(), at=moment(days=11))
    recoveries.record_receipt(recovery, **receipt | {"receipt_number": "R2"}, actor=people.finance_officer())

    jobs.run(Job.objects.get(kind="recovery.referral").pk)

    said = text_of(client.get(reverse("recovery-referral", args=[recovery.pk])))
    told = ("沈阳市中级人民法院：", "示例移〔2026〕1号", "示例追〔2026〕1号", "示例决〔2026〕1号", "2,999,999.99元", "逾期未退。",
            "贰佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分", recovery.project.enterprise.name)  # fmt: skip
    assert [words for words in told if words not in said] == []


def text_of(answer):
    """The words of a PDF, without the spaces between them."""
    read = subprocess.run(["pdftotext", "-", "-"], input=answer.getvalue(), capture_output=True, check=True)
    return "".join(read.stdout.decode().split())


def test_an_enterprise_reads_its_own_hearing_and_no_other(client):
    made = money.hearing(given.half_paid())
    client.force_login(people.approver())
    assert client.get(made.get_absolute_url()).status_code == 404

    client.force_login(given.approver_of(made.project))

    assert "设备发票与开票方存根不符" in client.get(made.get_absolute_url()).content.decode()


def test_a_notice_withdrawn_in_its_term_does_not_say_that_nobody_answered(client):
    made = money.hearing(given.half_paid())
    hearings.withdraw(made, "告知有误。", actor=people.bureau_lead(), at=NOW)
    client.force_login(given.approver_of(made.project))

    page = client.get(made.get_absolute_url()).content.decode()

    assert "告知已在期限内撤回" in page and "期限内没有" not in page


def test_the_lead_is_asked_to_sign_or_to_let_go_as_it_was_weighed():
    lead = people.bureau_lead()

    money.heard(given.half_paid(), upheld=True)

    assert lead.notices.filter(subject__contains="采纳，请确认不作决定").exists()


def test_the_desks_show_what_waits_with_whom():
    made = money.hearing(filings.project(State.CITY_REVIEW))
    approver, officer = given.approver_of(made.project), people.bureau_officer()
    assert [task["title"] for task in tasks_of(approver, at=NOW)] == [f"陈述申辩：{made.project}"]

    hearings.answer(made, words="不实。", actor=approver, at=NOW)

    assert tasks_of(approver, at=NOW) == []
    assert f"复核陈述申辩：{made.project}" in [task["title"] for task in tasks_of(officer, at=NOW)]
