"""The bureau's call while it is written: open it with its lists filled, change it part by part, begin it from an earlier one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from guardian.shortcuts import assign_perm

from applications.facts import call_parts, conditions, reference
from applications.models import REFORM_TRACKS, Call, CallAttachment, CallMaterial, CallRule, RubricItem, Track
from applications.states import CallState
from core import audit, files, moves
from core.accounts import bureau_desk
from core.people import Actor, as_user

TITLE_LENGTH = Call._meta.get_field("title").max_length
ATTACHMENT_TYPES = ("pdf", "ofd", "docx", "xlsx", "jpg", "png")
Rows = Iterable[dict[str, Any]]


class CallConflict(Exception):
    """Somebody else changed this part of the call since the page was opened. Nothing was written."""

    def __init__(self) -> None:
        super().__init__("您打开页面之后，另一个人修改了这一部分。您填写的内容还在下面；再次保存，将以您的内容为准。")


def open_call(
    *,
    title: str,
    year: int,
    text: str,
    opens_at: datetime,
    closes_at: datetime,
    actor: Actor,
    at: datetime,
    tracks: Sequence[str] | None = None,
    policy_version: str = "2025-03",
    materials: Rows | None = None,
    rubric: Rows | None = None,
    rules: Rows | None = None,
    **days: Any,
) -> Call:
    """Write a call that is not published yet; the municipal desk is granted `run_call` on it.

    `materials`, `rubric` and `rules` default to the lists of applications/data for the kind of call. `days`: other
    fields of Call, such as direction or district_days (working days).
    """
    direction = days.get("direction", "")
    with transaction.atomic():
        call = Call.objects.create(
            title=title, year=year, text=text, opens_at=opens_at, closes_at=closes_at,
            tracks=_tracks(direction, tracks), policy_version=policy_version, created_by=as_user(actor),
            state_since=at, **days,
        )  # fmt: skip
        _write_materials(call, reference.default_materials(direction) if materials is None else materials)
        _write_rubric(call, reference.default_rubric(direction) if rubric is None else rubric)
        _write_rules(call, conditions.default_rows(direction) if rules is None else rules)
        assign_perm("applications.run_call", bureau_desk(), call)
        audit.record(call, "call.opened", actor=actor, at=at, label="起草申报通知", summary=title)
    return call


def save_call(
    call: Call,
    *,
    actor: Actor,
    at: datetime,
    values: dict[str, Any] | None = None,
    materials: Rows | None = None,
    rubric: Rows | None = None,
    rules: Rows | None = None,
    part: str = "",
    seen: str = "",
) -> Call:
    """Change a call that is not published; lists that are given replace those it has.

    `part` and `seen`: a part of facts.call_parts and its fingerprint when the page was opened.
    Raises Overtaken once the call is published or waits to be, CallConflict when somebody changed the part meanwhile.
    """
    with transaction.atomic():
        fresh = _unpublished(call)
        if part and seen and call_parts.fingerprint_of(fresh, part) != seen:
            raise CallConflict
        _set(fresh, values or {})
        for rows, write in ((materials, _write_materials), (rubric, _write_rubric), (rules, _write_rules)):
            if rows is not None:
                write(fresh, rows)
        label = f"修改申报通知：{call_parts.TITLES[part]}" if part else "修改申报通知"
        audit.record(fresh, "call.saved", actor=actor, at=at, label=label)
    return fresh


def attach(call: Call, *, title: str, upload: Any, actor: Actor, at: datetime) -> CallAttachment:
    """Put a paper beside the text of a call that is not published. Raises core.files.FileRefused, Overtaken."""
    require_unpublished(call)
    stored = files.store(upload, kind="call", by=actor, at=at, allowed=ATTACHMENT_TYPES)
    with transaction.atomic():
        fresh = _unpublished(call)
        made = CallAttachment.objects.create(
            call=fresh, title=title.strip() or stored.original_name[:80], file=stored, added_at=at,
            added_by=as_user(actor),
        )  # fmt: skip
        audit.record(fresh, "call.saved", actor=actor, at=at, label="添加通知附件", summary=made.title)
    return made


def detach(attachment: CallAttachment, *, actor: Actor, at: datetime) -> None:
    """Take a paper off a call that is not published. Raises Overtaken."""
    with transaction.atomic():
        fresh = _unpublished(attachment.call)
        fresh.attachments.filter(pk=attachment.pk).delete()
        audit.record(fresh, "call.saved", actor=actor, at=at, label="移除通知附件", summary=attachment.title)


def duplicate_call(call: Call, *, actor: Actor, at: datetime) -> Call:
    """A new, unpublished call with the text, papers, lists and terms of an earlier one; its window is set anew by hand.

    The window keeps its length and begins tomorrow, so that nothing opens by itself.
    """
    names = [name for name in call_parts.CALL_FIELDS if name not in ("title", "opens_at", "closes_at")]
    opens_at = at + timedelta(days=1)
    with transaction.atomic():
        made = open_call(
            **{name: getattr(call, name) for name in names}, title=f"{call.title}（副本）"[:TITLE_LENGTH],
            opens_at=opens_at, closes_at=opens_at + (call.closes_at - call.opens_at), actor=actor, at=at,
            materials=call_parts.rows_of(call, "materials"), rubric=call_parts.rows_of(call, "rubric"),
            rules=call_parts.rows_of(call, "rules"),
        )  # fmt: skip
        CallAttachment.objects.bulk_create(
            CallAttachment(call=made, title=one.title, file=one.file, added_at=at, added_by=as_user(actor))
            for one in call.attachments.select_related("file")
        )
    return made


def require_unpublished(call: Call) -> None:
    """Raise Overtaken once a call is published or waits to be; for the page before the deed."""
    if call.state == CallState.SCHEDULED:
        raise moves.Overtaken(
            "申报通知已定时发布，内容不能再改；要修改，请负责人先取消定时发布。", record=call, move="publish"
        )
    if call.state != CallState.DRAFT:
        raise moves.Overtaken("申报通知已经发布，内容不能再改；可以延长申报时间。", record=call, move="publish")


def _unpublished(call: Call) -> Call:
    """The call, locked, while it may be changed."""
    fresh = Call.objects.select_for_update(of=("self",)).get(pk=call.pk)
    require_unpublished(fresh)
    return fresh


def _set(call: Call, values: dict[str, Any]) -> None:
    for name in call_parts.CALL_FIELDS:
        if name in values:
            setattr(call, name, values[name])
    call.tracks = _tracks(call.direction, call.tracks)
    if call.is_local:
        call.tasks = []
    call.version += 1
    call.save()


def _tracks(direction: str, tracks: Sequence[str] | None) -> list[str]:
    """A call of a local direction has one track of its own; the others take 点, 线, 面 as the bureau says (第七条二)."""
    if direction:
        return [Track.LOCAL]
    return [track for track in (REFORM_TRACKS if tracks is None else tracks) if track != Track.LOCAL]


def _write_materials(call: Call, rows: Rows) -> None:
    """Replace the list; an entry keeps its row by its code, so that files already put to it stay."""
    kept = []
    for position, row in enumerate(rows, start=1):
        values = {"position": position} | {name: row[name] for name in call_parts.MATERIAL_FIELDS if name in row}
        kept.append(CallMaterial.objects.update_or_create(call=call, code=values.pop("code"), defaults=values)[0].pk)
    call.materials.exclude(pk__in=kept).delete()


def _write_rubric(call: Call, rows: Rows) -> None:
    call.rubric.all().delete()
    RubricItem.objects.bulk_create(
        RubricItem(call=call, position=place, **{name: row[name] for name in call_parts.RUBRIC_FIELDS if name in row})
        for place, row in enumerate(rows, start=1)
    )


def _write_rules(call: Call, rows: Rows) -> None:
    call.rules.all().delete()
    CallRule.objects.bulk_create(
        CallRule(call=call, position=place, **{name: row[name] for name in call_parts.RULE_FIELDS if name in row})
        for place, row in enumerate(rows, start=1)
    )
