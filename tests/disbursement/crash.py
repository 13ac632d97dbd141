"""Killing a child process at its n-th write: the hook that counts and kills, and the deeds that are broken off so."""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from typing import Any

from django.db import connection, connections, transaction

from applications import services as filing
from applications.models import Project
from applications.states import State
from core import moves
from disbursement.models import Payment, PaymentBatch, Recovery, Settlement
from disbursement.services import agreements, approvals, batches, ending, recoveries, results, settlements
from disbursement.services.refusal import Refused
from disbursement.states import BatchState, InstalmentState, PaymentState, RecoveryState
from tests.disbursement import situations
from tests.factories import core as people
from tests.factories import disbursement as money
from tests.factories import filing as filings
from tests.factories.core import NOW

WRITES = ("INSERT", "UPDATE", "DELETE")
REFUSED = (moves.Refusal, Refused, settlements.SettlementRefused, recoveries.ReceiptRefused)
_serial = count(1)


@dataclass(frozen=True)
class Deed:
    """What a person asks for, and how one sees that all of it is there."""

    do: Callable[[], Any]
    is_done: Callable[[], bool]


def broken_off(deed: Deed, point: int) -> bool:
    """Do it in a child process that kills itself at its `point`-th write; False when it came to its end before that.

    A write is an INSERT, UPDATE or DELETE, killed before it reaches the database; a COMMIT counts twice, killed before
    and after it.
    """
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            _kill_at(point)
            deed.do()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(3)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return True
    assert os.waitstatus_to_exitcode(status) == 0, "the child failed by itself"
    return False


def _kill_at(point: int) -> None:
    # A connection of the child's own: one shared with the parent would live on, and hold its locks, after the kill.
    connections["default"] = connections.create_connection("default")
    connection.ensure_connection()
    writes, commit = count(1), connection._commit

    def tick() -> None:
        if next(writes) == point:
            os.kill(os.getpid(), signal.SIGKILL)

    def hook(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().upper().startswith(WRITES):
            tick()
        return execute(sql, params, many, context)

    def committing() -> None:
        tick()
        commit()
        tick()

    connection.execute_wrappers.append(hook)
    connection._commit = committing


def retried(deed: Deed) -> None:
    """Ask again, as a person does after a crash: refused only because all of it is there already."""
    try:
        deed.do()
    except REFUSED:
        assert deed.is_done()


# --- the deeds; each begins with projects of its own, committed ----------------------------------------------------------


def submit() -> Deed:
    """In a district whose numbers no factory has taken by hand."""
    project = filings.ready(actor=people.approver(people.enterprise(slug="dadong")))
    return Deed(
        lambda: filing.submit(project, actor=project.created_by, at=NOW),
        lambda: Project.objects.get(pk=project.pk).state == State.DISTRICT_REVIEW,
    )


def approve() -> Deed:
    """Two projects, one of them at a lower amount."""
    team = money.team()
    call = filings.filings.call()
    projects = [money.awaiting_approval(of_call=call) for _ in range(2)]
    agreed = money.agreed(money.proposed(*projects, by=team), team)
    items = list(agreed.items.order_by("pk"))
    decisions: dict[int, approvals.Decision] = {items[0].pk: items[0].granted, items[1].pk: Decimal("1234567.89")}
    number = f"示例政〔2026〕{agreed.pk}号"
    return Deed(
        lambda: approvals.record_approval(
            agreed, number=number, on=NOW.date(), decisions=decisions, actor=team.government, at=NOW
        ),
        lambda: [p.state for p in Project.objects.filter(pk__in=[p.pk for p in projects])] == [State.AGREEMENT] * 2,
    )


def sign() -> Deed:
    team, project = money.team(), money.awaiting_approval()
    money.approved(project, by=team)
    paper = project.agreements.get()
    agreements.sign(paper, actor=money.approver_of(project), at=NOW)
    return Deed(
        lambda: agreements.sign(paper, actor=team.lead, at=NOW),
        lambda: (
            Project.objects.get(pk=project.pk).state == State.DISBURSEMENT
            and project.award.instalments.filter(met_at__isnull=False).exists()
        ),
    )


def prepare() -> Deed:
    team = money.team()
    instalments = money.payable(team, 2)
    return Deed(
        lambda: batches.prepare_batch(instalments, actor=team.officer, at=NOW),
        lambda: Payment.objects.filter(line__instalment__in=instalments, state=PaymentState.PREPARED).count() >= 2,
    )


def _released(parts: int = 2) -> tuple[Any, PaymentBatch]:
    team = money.team()
    batch = batches.prepare_batch(money.payable(team, parts), actor=team.officer, at=NOW)
    return team, money.released(batch, team)


def send() -> Deed:
    team, batch = _released()
    return Deed(
        lambda: batches.send_to_bank(batch, actor=team.officer, at=NOW),
        lambda: (
            PaymentBatch.objects.get(pk=batch.pk).state == BatchState.SENT
            and not batch.payments.exclude(state=PaymentState.SENT).exists()
        ),
    )


def import_results() -> Deed:
    """Pay: one payment arrived, one failed."""
    team, batch = _released()
    batches.send_to_bank(batch, actor=team.officer, at=NOW)
    good, bad = batch.payments.order_by("pk")
    given: dict[int, results.Result] = {good.pk: results.Paid(f"HD{good.pk}"), bad.pk: results.Failed("户名不符")}
    return Deed(
        lambda: results.record_results(batch, given, key="回单", actor=team.officer, at=NOW),
        lambda: (
            PaymentBatch.objects.get(pk=batch.pk).state == BatchState.COMPLETED
            and Payment.objects.get(pk=good.pk).line.instalment.state == InstalmentState.PAID
        ),
    )


def _paid() -> tuple[Any, Payment]:
    team, batch = _released(1)
    batches.send_to_bank(batch, actor=team.officer, at=NOW)
    payment = batch.payments.get()
    results.record_results(batch, {payment.pk: results.Paid(f"HD{payment.pk}")}, key="回单", actor=team.officer, at=NOW)
    return team, Payment.objects.select_related("project").get(pk=payment.pk)


def take_back() -> Deed:
    """退票."""
    team, payment = _paid()
    return Deed(
        lambda: results.record_return(payment, "账户已销户", actor=team.officer, at=NOW),
        lambda: Payment.objects.get(pk=payment.pk).state == PaymentState.RETURNED,
    )


def settle() -> Deed:
    """Audited so much lower that money comes back."""
    team, payment = _paid()
    project = situations.in_settlement(payment.project, "20000000.00")
    made = settlements.prepare_settlement(project, actor=team.officer, at=NOW)
    money.heard(project, "settle")
    return Deed(
        lambda: settlements.confirm_settlement(made, actor=team.lead, at=NOW),
        lambda: Settlement.objects.get(pk=made.pk).confirmed_at == NOW and project.recoveries.exists(),
    )


def revoke() -> Deed:
    """Half of it paid, the other half waiting in a batch."""
    team, payment = _paid()
    project, second = payment.project, payment.project.award.instalments.get(position=2)
    type(second).objects.filter(pk=second.pk).update(met_at=NOW)
    batches.prepare_batch([second], actor=team.officer, at=NOW)
    number = f"示例决〔2026〕{next(_serial)}号"
    money.heard(project, "revoke")
    return Deed(
        lambda: ending.revoke(project, reason="伪造发票。", number=number, actor=team.lead, at=NOW),
        lambda: Project.objects.get(pk=project.pk).state == State.REVOKED and project.recoveries.exists(),
    )


def recover() -> Deed:
    """The last part comes back."""
    team, payment = _paid()
    money.heard(payment.project, "revoke")
    ending.revoke(payment.project, reason="伪造发票。", number="示例决〔2026〕0号", actor=team.lead, at=NOW)
    recovery, number = payment.project.recoveries.get(), next(_serial)
    recoveries.demand(recovery, number=f"示例追〔2026〕{number}号", actor=team.lead, at=NOW)
    part = {"on": NOW.date(), "actor": team.finance_officer, "at": NOW}
    recoveries.record_receipt(recovery, amount=Decimal("0.01"), receipt_number=f"R{number}-1", **part)
    rest = Recovery.objects.get(pk=recovery.pk).outstanding
    return Deed(
        lambda: recoveries.record_receipt(recovery, amount=rest, receipt_number=f"R{number}-2", **part),
        lambda: Recovery.objects.get(pk=recovery.pk).state == RecoveryState.COMPLETE,
    )


DEEDS = (submit, approve, sign, prepare, send, import_results, take_back, settle, revoke, recover)


def given(deed: Callable[[], Deed]) -> Deed:
    """The situation of a deed, committed."""
    with transaction.atomic():
        return deed()


def big_pool() -> None:
    with transaction.atomic():
        money.pool(budget=90_000_000_000, received=90_000_000_000)
        people.body("third_party")
