"""The bureau's call: open it with its lists filled, change it, publish it, extend it (第八条)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from guardian.shortcuts import assign_perm

from applications import letters
from applications.facts import reference
from applications.models import REFORM_TRACKS, Call, CallMaterial, RubricItem
from applications.states import CallState, State
from core import audit, moves
from core.accounts import bureau_desk
from core.models import Ground, GroundKind
from core.people import Actor, as_user

CALL_FIELDS = (
    "title", "year", "direction", "text", "opens_at", "closes_at", "tracks", "tasks", "policy_version", "max_returns",
    "district_days", "correction_days", "review_days", "notice_days", "objection_days", "agreement_days",
    "rectification_days", "experts_needed", "pass_mark", "reason_below", "reason_above", "blind_review",
)  # fmt: skip
TITLE_LENGTH = Call._meta.get_field("title").max_length


class ExtensionRefused(Exception):
    """The new closing time is not later than the present one."""


def open_call(
    *,
    title: str,
    year: int,
    text: str,
    opens_at: datetime,
    closes_at: datetime,
    actor: Actor,
    at: datetime,
    tracks: Sequence[str] = REFORM_TRACKS,
    policy_version: str = "2025-03",
    materials: Iterable[dict[str, Any]] | None = None,
    rubric: Iterable[dict[str, Any]] | None = None,
    **days: Any,
) -> Call:
    """Write a call that is not published yet; the municipal desk is granted `run_call` on it.

    `materials` and `rubric` default to the lists of applications/data. `days`: other fields of Call, such as
    district_days (working days).
    """
    with transaction.atomic():
        call = Call.objects.create(
            title=title, year=year, text=text, opens_at=opens_at, closes_at=closes_at, tracks=list(tracks),
            policy_version=policy_version, created_by=as_user(actor), state_since=at, **days,
        )  # fmt: skip
        _write_materials(call, reference.default_materials() if materials is None else materials)
        _write_rubric(call, reference.default_rubric() if rubric is None else rubric)
        assign_perm("applications.run_call", bureau_desk(), call)
        audit.record(call, "call.opened", actor=actor, at=at, label="起草申报通知", summary=title)
    return call


def save_call(
    call: Call,
    *,
    values: dict[str, Any],
    actor: Actor,
    at: datetime,
    materials: Iterable[dict[str, Any]] | None = None,
    rubric: Iterable[dict[str, Any]] | None = None,
    seen_version: int | None = None,
) -> Call:
    """Change a call that is not published; lists that are given replace those it has.

    Raises Overtaken once it is published, or when somebody changed it after `seen_version`.
    """
    with transaction.atomic():
        fresh = Call.objects.select_for_update(of=("self",)).get(pk=call.pk)
        require_unpublished(fresh)
        if seen_version is not None and seen_version != fresh.version:
            raise moves.Overtaken("您打开页面之后，另一个人修改了这份申报通知。", record=fresh, move="publish")
        for name in CALL_FIELDS:
            if name in values:
                setattr(fresh, name, values[name])
        fresh.version += 1
        fresh.save()
        if materials is not None:
            _write_materials(fresh, materials)
        if rubric is not None:
            _write_rubric(fresh, rubric)
        audit.record(fresh, "call.saved", actor=actor, at=at, label="修改申报通知")
    return fresh


def duplicate_call(call: Call, *, actor: Actor, at: datetime) -> Call:
    """A new, unpublished call with the text, lists and terms of an earlier one; its window is opened anew by hand.

    The window keeps its length and begins tomorrow, so that nothing opens by itself.
    """
    given = {name: getattr(call, name) for name in CALL_FIELDS if name not in ("title", "opens_at", "closes_at")}
    opens_at = at + timedelta(days=1)
    return open_call(
        **given, title=f"{call.title}（副本）"[:TITLE_LENGTH], opens_at=opens_at,
        closes_at=opens_at + (call.closes_at - call.opens_at), actor=actor, at=at,
        materials=list(call.materials.values("code", "name", "need", "hint")),
        rubric=list(call.rubric.values("dimension", "name", "points", "guide")),
    )  # fmt: skip


def require_unpublished(call: Call) -> None:
    """Raise Overtaken once a call is published; for the page before the deed."""
    if call.state != CallState.DRAFT:
        raise moves.Overtaken("申报通知已经发布，内容不能再改；可以延长申报时间。", record=call, move="publish")


def publish_call(call: Call, *, actor: Actor, at: datetime, number: str = "", seen_version: int | None = None) -> Call:
    """Make a call public; its ground is the notice itself. Raises NotYours, ConditionUnmet, Overtaken."""
    with transaction.atomic():
        ground = Ground.issue(
            kind=GroundKind.CALL_NOTICE, title=call.title, number=number, by=actor, at=at, facts=_notice_facts(call)
        )
        return moves.perform(
            call, "publish", actor=actor, at=at, ground=ground, seen_version=seen_version,
            summary=f"{_day(call.opens_at)}至{_day(call.closes_at)}",
        )  # fmt: skip


def extend_call(call: Call, *, closes_at: datetime, reason: str, actor: Actor, at: datetime) -> Call:
    """Give everybody more time, with a reason that is published. Raises ExtensionRefused for an earlier time."""
    if closes_at <= call.closes_at or closes_at <= at:
        raise ExtensionRefused("新的截止时间须晚于现在的截止时间。")
    with transaction.atomic():
        facts = {"reason": reason, "from": call.closes_at.isoformat(), "to": closes_at.isoformat()}
        ground = Ground.issue(kind=GroundKind.DECISION, title="延长申报时间的决定", by=actor, at=at, facts=facts)
        drafting = call.projects.filter(state=State.DRAFT).order_by().values_list("enterprise", flat=True).distinct()
        return moves.perform(
            call, "extend", actor=actor, at=at, ground=ground, closes_at=closes_at, summary=reason,
            letters=lambda moved: letters.extended(moved, list(drafting)),
        )  # fmt: skip


def _write_materials(call: Call, rows: Iterable[dict[str, Any]]) -> None:
    """Replace the list; an entry keeps its row by its code, so that files already put to it stay."""
    kept = []
    for position, row in enumerate(rows, start=1):
        values = {"position": position, "name": row["name"], "hint": row.get("hint", ""), "need": row["need"]}
        kept.append(CallMaterial.objects.update_or_create(call=call, code=row["code"], defaults=values)[0].pk)
    call.materials.exclude(pk__in=kept).delete()


def _write_rubric(call: Call, rows: Iterable[dict[str, Any]]) -> None:
    call.rubric.all().delete()
    RubricItem.objects.bulk_create(
        RubricItem(
            call=call, position=position, dimension=row["dimension"], name=row["name"], guide=row.get("guide", ""),
            points=int(row["points"]),
        )
        for position, row in enumerate(rows, start=1)
    )  # fmt: skip


def _notice_facts(call: Call) -> dict[str, Any]:
    """What was published, whole, so that the ground can be read by itself."""
    return {
        "title": call.title,
        "text": call.text,
        "opens_at": call.opens_at.isoformat(),
        "closes_at": call.closes_at.isoformat(),
        "tracks": call.tracks,
        "policy_version": call.policy_version,
        "materials": list(call.materials.values("code", "name", "need")),
        "rubric": list(call.rubric.values("dimension", "name", "points")),
    }


def _day(at: datetime) -> str:
    from django.utils import timezone

    return letters.day(timezone.localtime(at))
