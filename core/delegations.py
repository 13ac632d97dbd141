"""Standing in for a colleague (代理) and declaring interests (第十六条): the deeds."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from core import audit
from core.calendar import today
from core.models import Delegation, Interest, Organisation, User
from core.models.delegations import rank_of
from core.notices import Letter, send
from core.people import standing_of
from core.queries import stood_in_for_by_leave_of

if TYPE_CHECKING:
    from core.people import Actor

LONGEST_DAYS = 92  # a quarter: who is away for longer is replaced, not stood in for


class Refused(Exception):
    """What was typed cannot stand; the text is for the person. `field` names the form's field."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


def may_delegate_for(actor: Actor, delegator: User) -> bool:
    """A person for himself; a lead for a colleague of the same body."""
    return stood_in_for_by_leave_of(actor).filter(pk=delegator.pk).exists()


def delegate(
    delegator: User, to: User, *, from_on: date, to_on: date, reason: str, actor: Actor, at: datetime
) -> Delegation:
    """From a day to a day `to` acts for `delegator`, with the same or a lower duty of his own at the same body.

    What the delegate does is recorded under both names; he lends on nothing of it. Raises Refused.
    """
    if not may_delegate_for(actor, delegator):
        raise Refused("只能为自己委托，或由本单位负责人为同事委托。", field="delegator")
    _refuse_unfit(delegator, to)
    _refuse_days(from_on, to_on, today(at))
    if not reason.strip():
        raise Refused("请写明委托的事由。", field="reason")
    with transaction.atomic():
        User.objects.select_for_update().get(pk=delegator.pk)  # two delegations of one person do not overlap
        lent = Delegation.objects.filter(delegator=delegator, revoked_at=None, from_on__lte=to_on, to_on__gte=from_on)
        if lent.exists():
            raise Refused("这段时间已经有委托，请先收回原来的委托。", field="from_on")
        made = Delegation.objects.create(
            delegator=delegator, delegate=to, from_on=from_on, to_on=to_on, reason=reason.strip(), made_at=at,
            made_by=actor,
        )  # fmt: skip
        said = f"{to} 代理 {delegator}，{_days(from_on, to_on)}：{made.reason}"
        audit.record(delegator, "account.delegated", actor=actor, at=at, label="委托代理", summary=said,
                     facts={"delegate": to.pk, "from_on": from_on, "to_on": to_on})  # fmt: skip
        body = f"{said}\n代理期间办理的事，以“{to}（代 {delegator}）”记入办理记录。"
        send([Letter([delegator, to], f"委托代理：{to} 代 {delegator}", body)], at=at)
    return made


def revoke(delegation: Delegation, *, actor: Actor, at: datetime) -> Delegation:
    """Take a delegation back before its end; from now on the delegate acts for himself alone. Raises Refused."""
    with transaction.atomic():
        fresh = Delegation.objects.select_for_update().get(pk=delegation.pk)
        if not may_delegate_for(actor, fresh.delegator):
            raise Refused("只能由委托人或本单位负责人收回。")
        if fresh.revoked_at is None:
            fresh.revoked_at, fresh.revoked_by = at, actor
            fresh.save(update_fields=["revoked_at", "revoked_by"])
            said = f"{fresh.delegate} 不再代理 {fresh.delegator}"
            audit.record(
                fresh.delegator, "account.delegation_revoked", actor=actor, at=at, label="收回委托", summary=said
            )
            send([Letter([fresh.delegator, fresh.delegate], f"收回委托：{said}", said)], at=at)
    return fresh


def _refuse_unfit(delegator: User, to: User) -> None:
    if to.pk == delegator.pk:
        raise Refused("不能委托给本人。", field="delegate")
    if not to.is_active or to.organisation_id is None or to.organisation_id != delegator.organisation_id:
        raise Refused("只能委托给本单位的同事。", field="delegate")
    giver, taker = rank_of(standing_of(delegator).own), rank_of(standing_of(to).own)
    if giver is None:
        raise Refused("这个岗位不能委托代理。", field="delegator")
    if taker is None or taker[0] != giver[0] or taker[1] > giver[1]:
        raise Refused("只能委托给同级或下级岗位的同事。", field="delegate")


def _refuse_days(from_on: date, to_on: date, on: date) -> None:
    if to_on < from_on:
        raise Refused("结束日期不能早于开始日期。", field="to_on")
    if to_on < on:
        raise Refused("委托的日期已经过去。", field="to_on")
    if (to_on - from_on).days >= LONGEST_DAYS:
        raise Refused(f"一次委托最长 {LONGEST_DAYS} 天。长期离岗的，请由系统管理员调整账号。", field="to_on")


def _days(from_on: date, to_on: date) -> str:
    return f"{from_on.year}年{from_on.month}月{from_on.day}日至{to_on.year}年{to_on.month}月{to_on.day}日"


# --- interests ------------------------------------------------------------------------------------------------------


def declare(
    organisation: Organisation, *, kind: str, note: str = "", expires_on: date | None = None, actor: Actor, at: datetime
) -> Interest:
    """An official declares that he may not be impartial towards an enterprise; he handles nothing of it from now on."""
    if expires_on is not None and expires_on < today(at):
        raise Refused("失效日期已经过去。", field="expires_on")
    with transaction.atomic():
        mine = Interest.objects.in_force(today(at)).filter(person=actor, organisation=organisation, kind=kind)
        if mine.exists():
            raise Refused("您已经申报过与这家企业的这一关系。", field="uscc")
        made = Interest.objects.create(
            person=actor, organisation=organisation, kind=kind, note=note.strip(), expires_on=expires_on, declared_at=at
        )
        audit.record(
            actor, "account.interest_declared", actor=actor, at=at, label="申报利益关系",
            summary=f"{organisation}：{made.get_kind_display()}", facts={"organisation": organisation.pk, "kind": kind},
        )  # fmt: skip
    return made


def end_interest(interest: Interest, *, because: str, actor: Actor, at: datetime) -> Interest:
    """Take a declaration back, with the reason why it no longer holds. The row stays. Raises Refused."""
    if not because.strip():
        raise Refused("请写明为什么不再有这一关系。", field="because")
    with transaction.atomic():
        fresh = Interest.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=interest.pk)
        if fresh.ended_at is None:
            fresh.ended_at, fresh.ended_because = at, because.strip()
            fresh.save(update_fields=["ended_at", "ended_because"])
            audit.record(actor, "account.interest_ended", actor=actor, at=at, label="撤销利益申报",
                         summary=f"{fresh.organisation}：{fresh.ended_because}")  # fmt: skip
    return fresh
