"""A call becomes public: now, or by the clock at the moment its lead has set; afterwards it can only be extended (第八条)."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from applications import letters
from applications.facts import call_parts
from applications.models import Call, GroupMembership, Project
from applications.states import CallState, State
from core import moves
from core.models import Ground, GroundKind
from core.people import SYSTEM, Actor

logger = logging.getLogger(__name__)


class ExtensionRefused(Exception):
    """The new closing time is not later than the present one."""


class ScheduleRefused(Exception):
    """The moment of publication cannot be; the text is for the person."""


def publish_call(call: Call, *, actor: Actor, at: datetime, number: str = "", seen_version: int | None = None) -> Call:
    """Make a call public; its ground is the notice itself. Raises NotYours, ConditionUnmet, Overtaken."""
    with transaction.atomic():
        ground = Ground.issue(
            kind=GroundKind.CALL_NOTICE, title=call.title, number=number, by=actor, at=at, facts=notice_facts(call)
        )
        return moves.perform(
            call, "publish", actor=actor, at=at, ground=ground, seen_version=seen_version,
            summary=f"{_day(call.opens_at)}至{_day(call.closes_at)}",
        )  # fmt: skip


def schedule_call(
    call: Call, *, publish_at: datetime, actor: Actor, at: datetime, number: str = "", seen_version: int | None = None
) -> Call:
    """Let the clock publish a call at a set moment; from now on it cannot be changed.

    Raises ScheduleRefused for a moment that is over or after the closing, NotYours, ConditionUnmet, Overtaken.
    """
    if publish_at <= at:
        raise ScheduleRefused("发布时间须晚于现在；要马上公开，请选择“现在发布”。")
    if publish_at >= call.closes_at:
        raise ScheduleRefused("发布时间须早于申报截止时间。")
    with transaction.atomic():
        facts = {"publish_at": publish_at.isoformat(), "number": number, "notice": notice_facts(call)}
        ground = Ground.issue(kind=GroundKind.DECISION, title="定时发布申报通知的决定", by=actor, at=at, facts=facts)
        return moves.perform(
            call, "schedule", actor=actor, at=at, ground=ground, seen_version=seen_version, publish_at=publish_at,
            number=number, summary=f"{_moment(publish_at)} 自动发布",
        )  # fmt: skip


def unschedule_call(call: Call, *, reason: str, actor: Actor, at: datetime) -> Call:
    """Take the set moment back; the call can be changed again. Raises NotYours, Overtaken."""
    with transaction.atomic():
        ground = Ground.issue(
            kind=GroundKind.DECISION, title="取消定时发布的决定", by=actor, at=at, facts={"reason": reason}
        )
        return moves.perform(call, "unschedule", actor=actor, at=at, ground=ground, summary=reason)


def publish_due_calls(at: datetime) -> int:
    """Publish the calls whose set moment has come; returns how many.

    Each in a transaction of its own; one that cannot be published any more (its window is over, say) is left where it
    stands, and its page says why.
    """
    done = 0
    due = Call.objects.filter(state=CallState.SCHEDULED, publish_at__lte=at).order_by("publish_at", "pk")
    for call in due:
        try:
            publish_call(call, actor=SYSTEM, at=at, number=call.publish_number)
        except moves.Refusal as refusal:  # unscheduled a moment ago, or a condition that no longer holds
            logger.warning("The call %s was not published: %s", call.pk, refusal)
            continue
        done += 1
    return done


def extend_call(call: Call, *, closes_at: datetime, reason: str, actor: Actor, at: datetime) -> Call:
    """Give everybody more time, with a reason that is published. Raises ExtensionRefused for an earlier time."""
    if closes_at <= call.closes_at or closes_at <= at:
        raise ExtensionRefused("新的截止时间须晚于现在的截止时间。")
    with transaction.atomic():
        facts = {"reason": reason, "from": call.closes_at.isoformat(), "to": closes_at.isoformat()}
        ground = Ground.issue(kind=GroundKind.DECISION, title="延长申报时间的决定", by=actor, at=at, facts=facts)
        told = whom_an_extension_reaches(call)
        return moves.perform(
            call, "extend", actor=actor, at=at, ground=ground, closes_at=closes_at, summary=reason,
            letters=lambda moved: letters.extended(moved, told, reason),
        )  # fmt: skip


def whom_an_extension_reaches(call: Call) -> list[int]:
    """Organisations that may still use the time: with a draft, with a filing they may recall, invited into a group."""
    filing = Project.objects.filter(call=call, state__in=[State.DRAFT, State.DISTRICT_REVIEW])
    invited = GroupMembership.objects.filter(group__call=call, refused_at=None)
    found = {*filing.values_list("enterprise", flat=True), *invited.values_list("enterprise", flat=True)}
    return sorted({*found, *call.groups.values_list("lead", flat=True)})


def notice_facts(call: Call) -> dict[str, Any]:
    """What is published, whole, so that the ground can be read by itself."""
    return {
        **{name: _plain(getattr(call, name)) for name in call_parts.CALL_FIELDS},
        **{part: [_plain_row(row) for row in call_parts.rows_of(call, part)] for part in call_parts.LISTS},
        "attachments": [
            {"title": one.title, "sha256": one.file.sha256} for one in call.attachments.select_related("file")
        ],
    }


def _plain_row(row: dict[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    """JSON as it will be read back: dates and amounts as text."""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int | bool | list) else str(value)


def _day(at: datetime) -> str:
    return letters.day(timezone.localtime(at))


def _moment(at: datetime) -> str:
    return f"{_day(at)} {timezone.localtime(at):%H:%M}"
