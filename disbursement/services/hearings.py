"""告知与陈述申辩: announce what is intended, hear the enterprise, weigh what it says; only then may another sign (第十二至十四条)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from applications.models import HoldKind, Project
from applications.services.holds import lift_holds, place_hold
from core import audit, jobs, moves, notices
from core.calendar import add_working_days
from core.models import BUREAU_ROLES, Ground, GroundKind
from core.money import ZERO, yuan
from core.people import SYSTEM, has_role, interests_of
from core.templatetags.text_tags import cn_date
from disbursement.letters import hearings as letters
from disbursement.models import Award, Hearing, HearingFile, HearingKind, Settlement
from disbursement.queries.closing import failable
from disbursement.services.refusal import Refused
from disbursement.services.stopping import lock_pools_of
from disbursement.states import AcceptanceState, HearingState

if TYPE_CHECKING:
    from core.models import StoredFile
    from core.people import Actor

DAYS_TO_ANSWER = 5  # working days unless the notice says otherwise
FEWEST_DAYS, MOST_DAYS = 3, 30
MOVE_OF = {
    HearingKind.REVOKE: "revoke", HearingKind.TERMINATE: "terminate", HearingKind.FAIL: "fail", HearingKind.SETTLE: "close",
}  # fmt: skip
READY = (HearingState.WEIGHED, HearingState.LAPSED)


def stands_where(project: Project, kind: str) -> bool:
    """True where the intended decision could be taken of this project, whoever takes it."""
    return moves.stands_before(project, MOVE_OF[HearingKind(kind)])


def at_stake(project: Project, kind: str) -> Decimal:
    """What the enterprise would have to give back at most, in 元: what it holds, and what is on its way to it.

    A settlement's statement says it; nothing is on its way then.
    """
    if kind == HearingKind.SETTLE:
        made = Settlement.objects.filter(project=project, confirmed_at=None).first()
        return made.clawback if made else ZERO
    award = Award.objects.filter(project=project).first()
    return award.net + award.in_payment if award else ZERO


def money_under_way(project: Project) -> Decimal:
    """What is set aside for payments the bank has not answered, in 元."""
    return Award.objects.filter(project=project).values_list("in_payment", flat=True).first() or ZERO


def notify(
    project: Project, kind: str, *, number: str, facts: str, actor: Actor, at: datetime, days: int = DAYS_TO_ANSWER
) -> Hearing:
    """Tell the enterprise what is intended and why; it has `days` working days. Payments stand still meanwhile.

    Raises NotYours, Overtaken where the project does not stand there, Refused for a notice that runs already, for a
    settlement that takes nothing back, an acceptance not reported on, or a term out of bounds.
    """
    _refuse_stranger(project, kind, actor)
    with transaction.atomic():
        lock_pools_of(project)
        fresh = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        if not stands_where(fresh, kind):
            raise moves.Overtaken("项目已不在可以作出这一决定的环节。", record=fresh, move=MOVE_OF[HearingKind(kind)])
        amount, under_way = at_stake(fresh, kind), money_under_way(fresh)
        _refuse_wrong_notice(fresh, kind, amount, days, timezone.localdate(at))
        answer_by = add_working_days(timezone.localdate(at), days)
        ground = Ground.issue(
            kind=GroundKind.HEARING_NOTICE, title=f"拟{HearingKind(kind).label}告知书：{fresh.title}", number=number,
            by=actor, at=at,
            facts={"facts": facts, "amount": str(amount), "under_way": str(under_way), "answer_by": answer_by, "kind": kind},
        )  # fmt: skip
        made = Hearing.objects.create(
            project=fresh, kind=kind, number=number, facts=facts, amount=amount, answer_by=answer_by, notified_at=at,
            notified_by=actor, ground=ground,
        )  # fmt: skip
        place_hold(
            fresh, kind=HoldKind.HEARING, note=f"拟{made.get_kind_display()}，听取陈述申辩期间暂停", ground=ground,
            actor=actor, at=at,
        )  # fmt: skip
        audit.record(made, "hearing.notified", actor=actor, at=at, label="发出拟决定告知书", ground=ground,
                     summary=f"拟收回 {yuan(amount)} 元，{cn_date(answer_by)}前陈述申辩")  # fmt: skip
        notices.send(letters.notified(made), at=at)
        jobs.enqueue("hearing.pdf", by=actor, at=at, key=str(made.pk), title=f"拟决定告知书 {number}",
                     facts={"hearing": made.pk})  # fmt: skip
    return made


def answer(hearing: Hearing, *, words: str, actor: Actor, at: datetime, files: Sequence[StoredFile] = ()) -> Hearing:
    """The enterprise says what it has to say, with papers, before the term is over."""
    with transaction.atomic():
        ground = Ground.issue(
            kind=GroundKind.HEARING_ANSWER, title=f"陈述申辩：{hearing.project.title}", by=actor, at=at,
            facts={"hearing": hearing.pk, "text": words, "files": [file.sha256 for file in files]},
        )  # fmt: skip
        moved = moves.perform(
            hearing, "answer_notice", actor=actor, at=at, ground=ground, words=words, letters=letters.answered
        )
        HearingFile.objects.bulk_create([HearingFile(hearing=moved, file=file) for file in files])
    return moved


def weigh(hearing: Hearing, *, upheld: bool, reasons: str, actor: Actor, at: datetime) -> Hearing:
    """Record whether the answer is accepted (采纳), and why; another person then signs or lets go."""
    with transaction.atomic():
        ground = Ground.issue(
            kind=GroundKind.HEARING_RECORD, title=f"陈述申辩复核意见：{hearing.project.title}", by=actor, at=at,
            facts={"hearing": hearing.pk, "upheld": upheld, "reasons": reasons},
        )  # fmt: skip
        return moves.perform(
            hearing, "weigh", actor=actor, at=at, ground=ground, upheld=upheld, reasons=reasons,
            summary="采纳" if upheld else "不采纳", letters=letters.weighed,
        )  # fmt: skip


def sign(project: Project, kind: str, *, ground: Ground, actor: Actor, at: datetime) -> Hearing:
    """Close the hearing with the decision it was about; call it in the transaction of that decision, its pools locked.

    Raises Refused where the enterprise was not heard, or where more is at stake now than it was told.
    """
    hearing = Hearing.objects.open().filter(project=project, kind=kind).first()
    if hearing is None or hearing.state not in READY:
        raise Refused("须先把拟作的决定告知企业，听取陈述申辩并记录复核意见，才能签发决定（第十三条）。")
    moved = moves.perform(hearing, "sign_decision", actor=actor, at=at, ground=ground)
    stake = at_stake(project, kind)
    if stake > moved.amount:
        raise Refused(
            f"告知之后又有款项到账，应收回 {yuan(stake)} 元，多于告知的 {yuan(moved.amount)} 元。请撤回告知后重新告知。"
        )
    lift_holds(project, HoldKind.HEARING, ground=ground, actor=actor, at=at)
    return moved


def drop(hearing: Hearing, *, actor: Actor, at: datetime, seen_version: int | None = None) -> Hearing:
    """采纳: the decision is not taken. What was audited wrongly goes back to the third party (第十一、十二条)."""
    with transaction.atomic():
        lock_pools_of(hearing.project)
        project = Project.objects.select_for_update(of=("self",)).get(pk=hearing.project_id)
        ground = Ground.issue(
            kind=GroundKind.HEARING_RECORD, title=f"采纳陈述申辩，不作决定：{project.title}", by=actor, at=at,
            facts={"hearing": hearing.pk, "reasons": hearing.weighing},
        )  # fmt: skip
        moved = moves.perform(
            hearing, "drop_intention", actor=actor, at=at, ground=ground, seen_version=seen_version,
            letters=letters.dropped,
        )  # fmt: skip
        lift_holds(project, HoldKind.HEARING, ground=ground, actor=actor, at=at)
        if moved.kind == HearingKind.SETTLE:
            _audit_again(project, ground, actor, at)
    return moved


def withdraw(hearing: Hearing, reason: str, *, actor: Actor, at: datetime) -> Hearing:
    """Take the notice back: facts or amounts changed, or it was a mistake."""
    with transaction.atomic():
        ground = Ground.issue(
            kind=GroundKind.DECISION, title=f"撤回拟决定告知：{hearing.project.title}", by=actor, at=at,
            facts={"hearing": hearing.pk, "reason": reason},
        )  # fmt: skip
        moved = moves.perform(
            hearing, "withdraw_notice", actor=actor, at=at, ground=ground, summary=reason,
            letters=lambda moved: letters.withdrawn(moved, reason),
        )  # fmt: skip
        lift_holds(moved.project, HoldKind.HEARING, ground=ground, actor=actor, at=at)
    return moved


def lapse_hearings(at: datetime) -> int:
    """Every notice whose term is over unanswered; the clock's work. Returns how many.

    Each in a transaction of its own, so that one refusal stops no other.
    """
    lapsed, today = 0, timezone.localdate(at)
    for hearing in Hearing.objects.filter(state=HearingState.NOTIFIED, answer_by__lt=today).order_by("pk"):
        try:
            _lapse(hearing, at)
        except moves.Refusal:  # answered or withdrawn a moment ago
            continue
        lapsed += 1
    return lapsed


# --- parts ------------------------------------------------------------------------------------------------------------


def _lapse(hearing: Hearing, at: datetime) -> None:
    with transaction.atomic():
        ground = Ground.issue(
            kind=GroundKind.CLOCK_RECORD, number=hearing.number, title="陈述申辩期限已过", by=SYSTEM, at=at,
            facts={"hearing": hearing.pk, "answer_by": hearing.answer_by.isoformat()},
        )  # fmt: skip
        moves.perform(hearing, "lapse_hearing", actor=SYSTEM, at=at, ground=ground, letters=letters.lapsed)


def _refuse_stranger(project: Project, kind: str, actor: Actor) -> None:
    move = MOVE_OF[HearingKind(kind)]
    if not has_role(actor, *BUREAU_ROLES):
        raise moves.NotYours("拟决定由市工信局告知。", record=project, move=move)
    if project.enterprise_id in interests_of(actor):
        raise moves.NotYours("您已申报与这家企业的利益关系，按规定回避（第十六条）。", record=project, move=move)


def _refuse_wrong_notice(project: Project, kind: str, amount: Decimal, days: int, on: date) -> None:
    if not FEWEST_DAYS <= days <= MOST_DAYS:
        raise Refused(f"陈述申辩期限应为 {FEWEST_DAYS} 至 {MOST_DAYS} 个工作日。", "days")
    if Hearing.objects.open().filter(project=project).exists():
        raise Refused("这个项目已有一份拟决定告知正在办理，办结或撤回后才能另行告知。")
    if kind == HearingKind.FAIL and failable(project, on) is None:
        raise Refused("第三方还没有出具评估报告，或整改期限还没有过，不能作不通过的结论。")
    if kind == HearingKind.SETTLE and money_under_way(project):
        raise Refused("还有款项正在拨付，等银行结果登记之后再告知。")
    if kind == HearingKind.SETTLE and amount == ZERO:
        raise Refused("终核清算单没有应退回的金额，不需要告知，直接确认即可。")


def _audit_again(project: Project, ground: Ground, actor: Actor, at: datetime) -> None:
    """The statement falls, and the third party reports once more."""
    Settlement.objects.filter(project=project, confirmed_at=None).delete()
    acceptance = project.acceptances.get(state=AcceptanceState.PASSED)
    moves.perform(acceptance, "reassess", actor=actor, at=at, ground=ground, letters=letters.audited_again)
    moves.perform(project, "reopen_acceptance", actor=actor, at=at, ground=ground, letters=letters.reopened)
