"""While an enterprise is heard, nobody leaves by another door; and no door stays shut once a notice is withdrawn."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.models import Project
from applications.services import exits, submissions
from applications.states import State
from core import moves
from core.models import GroundKind, Notice
from core.people import SYSTEM
from disbursement import funds
from disbursement.models import Hearing, HearingKind, Instalment, Payment, Recovery
from disbursement.services import closing, ending, hearings, recoveries, settlements
from disbursement.services.refusal import Refused
from disbursement.states import PaymentState
from tests.disbursement import situations as given
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories import disbursement as money
from tests.factories import filing
from tests.factories.core import NOW, moment

pytestmark = pytest.mark.django_db
HEARD = "正在听取陈述申辩"


def lead_sees(client, name, *args):
    client.force_login(people.bureau_lead())
    return client.get(reverse(name, args=args)).content.decode()


# --- before the award -------------------------------------------------------------------------------------------------


def test_an_enterprise_told_of_its_disqualification_does_not_withdraw():
    made = money.hearing(filings.project(State.CITY_REVIEW))
    asked = {"reason": "停止投资", "actor": given.approver_of(made.project), "at": NOW}
    with pytest.raises(moves.ConditionUnmet, match=HEARD):
        exits.withdraw(made.project, **asked)

    hearings.withdraw(made, "告知有误。", actor=people.bureau_lead(), at=NOW)

    assert exits.withdraw(made.project, **asked).state == State.WITHDRAWN


def test_nor_recalls_its_filing_to_withdraw_the_draft():
    project = filing.filed()
    money.hearing(project)

    with pytest.raises(moves.ConditionUnmet, match=HEARD):
        submissions.recall(project, reason="改正一处", actor=given.approver_of(project), at=NOW)


def test_nor_lets_its_correction_lapse():
    project = filings.project(State.CORRECTION, due_on=NOW.date())
    money.hearing(project)
    another = filings.project(State.CORRECTION, due_on=NOW.date())

    assert exits.lapse_overdue(moment(days=2)) == 1

    assert Project.objects.get(pk=project.pk).state == State.CORRECTION
    assert Project.objects.get(pk=another.pk).state == State.LAPSED


# --- acceptance -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("conclude", [closing.accept, closing.require_rectification])
def test_an_acceptance_to_fail_is_not_concluded_otherwise_meanwhile(client, conclude):
    acceptance = given.reported(given.half_paid())
    made = money.heard(acceptance.project, HearingKind.FAIL)
    assert "作出验收结论" not in lead_sees(client, "acceptance", acceptance.pk)
    with pytest.raises(moves.ConditionUnmet, match=HEARD):
        conclude(acceptance, text="同意。", actor=people.bureau_lead(), at=NOW)

    hearings.withdraw(made, "改作结论。", actor=people.bureau_lead(), at=NOW)

    assert conclude(acceptance, text="同意。", actor=people.bureau_lead(), at=NOW).concluded_at == NOW


def test_a_failure_signed_too_late_is_overtaken(client):
    acceptance = given.reported(given.half_paid())
    made = money.heard(acceptance.project, HearingKind.FAIL)
    hearings.withdraw(made, "改作结论。", actor=people.bureau_lead(), at=NOW)
    closing.accept(acceptance, text="同意。", actor=people.bureau_lead(), at=NOW)
    client.force_login(people.bureau_lead())

    said = {"sign-reason": "主要设备未到位。", "sign-number": "示例决〔2026〕3号"}
    answer = client.post(reverse("hearing-step", args=[made.pk, "sign"]), said)

    assert answer.status_code == 409


def test_what_was_not_put_right_in_its_term_may_fail(client):
    acceptance = given.reported(given.half_paid())
    closing.require_rectification(acceptance, text="补齐铭牌。", actor=people.bureau_lead(), at=NOW)
    with pytest.raises(Refused, match="整改期限还没有过"):
        money.hearing(acceptance.project, HearingKind.FAIL)
    today = timezone.localdate()
    Project.objects.filter(pk=acceptance.project_id).update(due_on=today)
    assert "拟不通过" not in lead_sees(client, "acceptance", acceptance.pk)

    Project.objects.filter(pk=acceptance.project_id).update(due_on=min(today - timedelta(days=1), NOW.date()))

    assert "拟不通过" in lead_sees(client, "acceptance", acceptance.pk)
    assert money.hearing(acceptance.project, HearingKind.FAIL, at=moment(days=1)).amount > 0


# --- what is at stake -------------------------------------------------------------------------------------------------


def test_what_was_on_its_way_when_the_enterprise_was_told_may_arrive_meanwhile():
    project = given.half_paid()
    second = Instalment.objects.get(award__project=project, position=2)
    waiting = given.in_batch(second)
    made = money.heard(project)
    told = Notice.objects.filter(recipient=given.approver_of(project), subject__startswith="拟取消资格告知").get()
    assert (made.amount, made.under_way) == (Decimal("7500000.00"), Decimal("3750000.00"))
    assert "其中 3,750,000.00 元正在拨付" in told.body

    arrives(waiting)
    ending.revoke(project, reason="伪造发票。", number="示例决〔2026〕4号", actor=people.bureau_lead(), at=NOW)

    assert Recovery.objects.get().demanded == made.amount


def test_nothing_is_settled_while_money_is_on_its_way():
    project = given.in_settlement(given.half_paid(), "20000000.00")
    waiting = given.in_batch(Instalment.objects.get(award__project=project, position=2))
    prepared = {"actor": people.bureau_officer(), "at": NOW}
    with pytest.raises(settlements.SettlementRefused, match="3,750,000.00 元正在拨付"):
        settlements.prepare_settlement(project, **prepared)

    arrives(waiting)

    assert settlements.prepare_settlement(project, **prepared).clawback == Decimal("4500000.00")


def arrives(payments):
    ground = people.ground(GroundKind.BANK_RECEIPT)
    funds.book_paid(payments, actor=SYSTEM, at=NOW, ground=ground)
    Payment.objects.filter(pk__in=[one.pk for one in payments]).update(state=PaymentState.PAID)


# --- the clock --------------------------------------------------------------------------------------------------------


def test_a_hearing_answered_a_moment_ago_stops_no_other_from_lapsing(monkeypatch):
    first, second, third = (money.hearing(filings.project(State.CITY_REVIEW)) for _ in range(3))
    meanwhile(monkeypatch, hearings.letters, "lapsed", lambda: answer(second))

    assert hearings.lapse_hearings(moment(days=30)) == 2

    states = Hearing.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["lapsed", "answered", "lapsed"]


def answer(made):
    hearings.answer(made, words="不实。", actor=given.approver_of(made.project), at=NOW)


def test_a_recovery_handed_on_a_moment_ago_is_not_told_of_as_overdue(monkeypatch):
    parts = {money.pool(): 7_500_000}
    projects = [given.revoked(given.half_paid(parts=parts), f"示例决〔2026〕{n}号") for n in (1, 2)]
    first, second = (project.recoveries.get() for project in projects)
    for one in (first, second):
        recoveries.demand(one, number="示例追〔2026〕1号", actor=people.bureau_lead(), at=NOW, days=10)
    referred = {"reason": "逾期。", "number": "示例移〔2026〕1号", "to": "人民法院", "at": moment(days=11)}
    meanwhile(monkeypatch, recoveries.letters, "recovery_overdue",
              lambda: recoveries.refer(second, **referred, actor=people.bureau_lead()))  # fmt: skip

    assert recoveries.tell_overdue(moment(days=11)) == 1

    told = Notice.objects.filter(subject__startswith="追回逾期").values_list("recipient__organisation", flat=True)
    assert first.project.enterprise_id in told and second.project.enterprise_id not in told


def meanwhile(monkeypatch, letters, name, deed):
    """While the first letter of this name is written, somebody does something; once."""
    write, left = getattr(letters, name), [deed]

    def writing(record):
        if left:
            left.pop()()
        return write(record)

    monkeypatch.setattr(letters, name, writing)


# --- settlement -------------------------------------------------------------------------------------------------------


def test_a_settlement_is_announced_anew_after_its_notice_was_withdrawn(client):
    project = given.in_settlement(given.half_paid(), "20000000.00")
    settlements.prepare_settlement(project, actor=people.bureau_officer(), at=NOW)
    made = money.heard(project, HearingKind.SETTLE)
    announce = reverse("settlement-announce", args=[project.pk])
    assert announce not in lead_sees(client, "settlement", project.pk)

    hearings.withdraw(made, "重新告知。", actor=people.bureau_lead(), at=NOW)

    assert announce in lead_sees(client, "settlement", project.pk)
