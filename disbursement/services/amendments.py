"""补充协议: what the two sides of a 任务书 change later — dates, indicators, instalments still planned (第十条、第十二条)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from applications.models import Project
from applications.states import State
from core import audit, notices
from core.calendar import add_working_days
from core.models import Role
from core.money import ZERO, yuan
from core.people import has_role
from core.templatetags.text_tags import cn_date
from disbursement.agreement_text import compose, end_on, indicators
from disbursement.letters import granting as letters
from disbursement.models import Agreement, Award, Instalment, InstalmentLine
from disbursement.plans import Part, PlanRefused, check_plan, plan_from
from disbursement.services.agreements import print_paper
from disbursement.services.instalments import open_to_change, portions_anew
from disbursement.services.refusal import Refused
from disbursement.states import UNSIGNED, AgreementState, InstalmentState

if TYPE_CHECKING:
    from core.people import Actor


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be agreed: why, and the new day of completion, targets by indicator name, and plan of what is still open."""

    reason: str
    end_on: date | None = None
    targets: Mapping[str, str] = field(default_factory=dict)
    rest: Sequence[Part] = ()


def agreed_terms(project: Project) -> dict[str, Any]:
    """The terms now in force: those of the latest paper both sides signed."""
    latest = project.agreements.filter(state=AgreementState.IN_FORCE).order_by("-edition").first()
    return dict(latest.terms) if latest else {}


def may_amend(project: Project, actor: Actor) -> bool:
    """市工信局经办, while money is being paid out, and no other paper waits for signatures."""
    waiting = project.agreements.filter(state__in=UNSIGNED)
    in_force = project.agreements.filter(state=AgreementState.IN_FORCE, amends=None)
    filed = project.current_submission_id is not None  # a project taken over from a sheet has its papers elsewhere
    running = filed and project.state == State.DISBURSEMENT and in_force.exists()
    return has_role(actor, Role.BUREAU_OFFICER) and running and not waiting.exists()


def draw_amendment(project: Project, change: Change, *, actor: Actor, at: datetime) -> Agreement:
    """Draw a 补充协议 of what changes, to be signed by both sides within the term of a 任务书; its PDF follows by job.

    Nothing changes before both signed. Raises Refused where nothing changes, or the new plan cannot be.
    """
    if not has_role(actor, Role.BUREAU_OFFICER):
        raise PermissionDenied("补充协议由市工信局经办拟定。")
    with transaction.atomic():
        award = Award.objects.select_for_update().select_related("project__call", "approval").get(project=project)
        if not may_amend(award.project, actor):
            raise Refused("项目不在分批拨付环节，或还有等待签署的任务书、补充协议。")
        first = project.agreements.get(amends=None, state=AgreementState.IN_FORCE)
        terms, changes = _terms(award, change)
        count = project.agreements.count()
        drawn = Agreement.objects.create(
            project=award.project, edition=count + 1, amends=first, number=f"{first.number[:35]}-B{count}", terms=terms,
            text=compose(award, terms, changes), sign_by=_term(award.project, at), drawn_at=at, state_since=at,
        )  # fmt: skip
        summary = f"{drawn.number}：{'、'.join(what for what, _, _ in changes)}；{change.reason}"[:400]
        audit.record(drawn, "agreement.amendment_drawn", actor=actor, at=at, label="拟定补充协议", summary=summary)
        notices.send(letters.amendment_drawn(drawn), at=at)
        print_paper(drawn, actor, at)
    return drawn


def _term(project: Project, at: datetime) -> date:
    return add_working_days(timezone.localdate(at), project.call.agreement_days)


def _terms(award: Award, change: Change) -> tuple[dict[str, Any], list[list[str]]]:
    """The new terms as JSON, and what changes: (what, before, now)."""
    if not change.reason.strip():
        raise Refused("请写明调整的原因和依据。", "reason")
    before = agreed_terms(award.project)
    terms = {**before, "reason": change.reason.strip()}
    terms.pop("rest", None)
    terms["plan"] = _laid_out(award.instalments.all())
    changes: list[list[str]] = []
    _change_day(award, before, terms, change, changes)
    _change_targets(award, before, terms, change, changes)
    _change_plan(award, terms, change, changes)
    if not changes:
        raise Refused("各项内容都与现在的约定相同，没有需要补充约定的。")
    return terms, changes


def _change_day(award: Award, before: dict, terms: dict, change: Change, changes: list[list[str]]) -> None:
    agreed = end_on(award, before)
    if change.end_on is None or change.end_on == agreed:
        return
    started = award.project.current_submission.start_on
    if started and change.end_on <= started:
        raise Refused("竣工日期须晚于开工日期。", "end_on")
    terms["end_on"] = change.end_on.isoformat()
    changes.append(["竣工日期", cn_date(agreed), cn_date(change.end_on)])


def _change_targets(award: Award, before: dict, terms: dict, change: Change, changes: list[list[str]]) -> None:
    rows = [dict(row) for row in indicators(award, before)]
    for row in rows:
        name = str(row.get("name"))
        now = str(change.targets.get(name, "")).strip()
        agreed = str(row.get("target") or "")
        if now and not _is_same(now, agreed):
            changes.append(
                [f"绩效目标：{name}", f"{agreed or '—'}{row.get('unit') or ''}", f"{now}{row.get('unit') or ''}"]
            )
            row["target"] = now
    terms["indicators"] = rows


def _change_plan(award: Award, terms: dict, change: Change, changes: list[list[str]]) -> None:
    """The plan of what is still open, and the whole plan as the paper prints it."""
    planned = open_to_change(award)
    now = [Part(one.share, one.condition, one.progress) for one in planned]
    if not change.rest or list(change.rest) == now:
        return
    if len(change.rest) < len(planned):
        raise Refused("还没有拨付的各笔都须写明比例。")
    _refuse_met(planned, change.rest)
    met = [bool(one.met_at) for one in planned] + [False] * (len(change.rest) - len(planned))
    waits = sorted(range(len(met)), key=met.__getitem__, reverse=True)  # the last that still waits is what counts
    try:
        check_plan([change.rest[number] for number in waits], whole=sum(part.share for part in now))
    except PlanRefused as refused:
        raise Refused(str(refused)) from None
    kept = _laid_out(award.instalments.exclude(pk__in=[one.pk for one in planned]))
    rest = _laid_anew(award, planned, change.rest)
    terms["plan"] = sorted([*kept, *rest], key=lambda row: row["position"])
    keys = [one.pk for one in planned] + [None] * (len(rest) - len(planned))
    terms["rest"] = [{"instalment": key, **row} for key, row in zip(keys, rest, strict=True)]
    changes.append(["未拨付的批次", _plan_words(_laid_out(planned)), _plan_words(rest)])


def _refuse_met(planned: Sequence[Instalment], rest: Sequence[Part]) -> None:
    for number, (one, part) in enumerate(zip(planned, rest, strict=False)):
        if one.met_at and (part.condition, part.progress) != (one.condition, one.progress):
            raise Refused(f"{one}的条件已经成就，只能调整比例。", f"condition-{number}")


def _laid_out(instalments: Iterable[Instalment]) -> list[dict[str, Any]]:
    """Instalments as the paper prints them: the share, the condition, and the 元 arranged for each."""
    lines = InstalmentLine.objects.filter(instalment__in=instalments).order_by()
    held = dict(lines.values_list("instalment").annotate(total=Sum("amount")))
    return [
        _row(one.position, Part(one.share, one.condition, one.progress), held.get(one.pk, ZERO))
        for one in instalments if one.state != InstalmentState.CANCELLED
    ]  # fmt: skip


def _laid_anew(award: Award, planned: Sequence[Instalment], rest: Sequence[Part]) -> list[dict[str, Any]]:
    """The same of what is still open, as it will be once both sides have signed."""
    by_line = portions_anew(award, planned, [part.share for part in rest]).values()
    last = award.instalments.order_by("-position").values_list("position", flat=True)[0]
    positions = [one.position for one in planned] + [last + 1 + more for more in range(len(rest) - len(planned))]
    amounts = [sum(parts, ZERO) for parts in zip(*by_line, strict=True)]
    return [_row(*one) for one in zip(positions, rest, amounts, strict=True)]


def _row(position: int, part: Part, amount: Decimal) -> dict[str, Any]:
    return {"position": position, **part.as_json(), "amount": str(amount)}


def _is_same(now: str, agreed: str) -> bool:
    """80 is 80.0000."""
    try:
        return Decimal(now) == Decimal(agreed)
    except InvalidOperation:
        return now == agreed


def _plan_words(rows: Sequence[Mapping[str, Any]]) -> str:
    parts = zip(rows, plan_from(rows), strict=True)
    return "；".join(
        f"第 {row['position']} 笔 {part.share_words}，{yuan(Decimal(row['amount']))} 元（{part.condition_words}）"
        for row, part in parts
    )
