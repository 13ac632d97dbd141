"""补充协议: what the two sides of a 任务书 change later — dates, indicators, instalments still planned (第十条、第十二条)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from applications.models import Project
from applications.states import State
from core import audit, notices
from core.calendar import add_working_days
from core.models import Role
from core.people import has_role
from disbursement.agreement_text import cn_day, compose, end_on, indicators
from disbursement.letters import granting as letters
from disbursement.models import Agreement, Award, Instalment
from disbursement.plans import Part, PlanRefused, check_plan, plan_from
from disbursement.services.agreements import print_paper
from disbursement.services.instalments import open_to_change
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
    terms.setdefault("plan", [part.as_json() for part in _laid_out(award.instalments.all())])
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
    changes.append(["竣工日期", cn_day(agreed), cn_day(change.end_on)])


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
    try:
        check_plan(change.rest, whole=sum(part.share for part in now))
    except PlanRefused as refused:
        raise Refused(str(refused)) from None
    for number, (one, part) in enumerate(zip(planned, change.rest, strict=False)):
        if one.met_at and (part.condition, part.progress) != (one.condition, one.progress):
            raise Refused(f"{one}的条件已经成就，只能调整比例。", f"condition-{number}")
    keys = [one.pk for one in planned] + [None] * (len(change.rest) - len(planned))
    terms["rest"] = [{"instalment": key, **part.as_json()} for key, part in zip(keys, change.rest, strict=True)]
    kept = _laid_out(award.instalments.exclude(pk__in=[one.pk for one in planned]))
    terms["plan"] = [part.as_json() for part in [*kept, *change.rest]]
    changes.append(["未拨付的批次", _plan_words(now), _plan_words(plan_from(terms["rest"]))])


def _laid_out(instalments: QuerySet[Instalment]) -> list[Part]:
    rows = instalments.exclude(state=InstalmentState.CANCELLED).order_by("position")
    return [Part(one.share, one.condition, one.progress) for one in rows]


def _is_same(now: str, agreed: str) -> bool:
    """80 is 80.0000."""
    try:
        return Decimal(now) == Decimal(agreed)
    except InvalidOperation:
        return now == agreed


def _plan_words(parts: Sequence[Part]) -> str:
    return "；".join(f"{part.share_words}（{part.condition_words}）" for part in parts)
