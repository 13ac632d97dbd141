"""A call's window at a moment: its clock, the word for it, and what is said on its last day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from applications.models import Call
from applications.states import CallState, State
from core import calendar

LAST_DAY = timedelta(days=1)


def clock_of(call: Call, at: datetime) -> calendar.Clock | None:
    """The window's clock while it takes filings, else None."""
    if not call.accepts_at(at):
        return None
    opened, closes = calendar.today(call.opens_at), calendar.today(call.closes_at)
    return calendar.clock(opened, closes, on=calendar.today(at))


@dataclass(frozen=True, slots=True)
class Deadline:
    """What somebody who fills in a filing is told of its last day. `until`: seconds since 1970, for a running clock."""

    title: str
    text: str
    tone: str
    until: int | None = None


def deadline_of(project: Any, at: datetime) -> Deadline | None:
    """The last day before the closing, the grace after it, and what is over; None while there is time."""
    if project.state == State.CORRECTION and project.due_on:
        ends = datetime.combine(project.due_on + timedelta(days=1), time(), tzinfo=timezone.get_default_timezone())
        return _left("补正", ends, at) if at < ends else None
    if project.state != State.DRAFT:
        return None
    call = project.call
    if at < call.closes_at:
        return _left("申报", call.closes_at, at)
    save = project.draft
    saved = f"已填写的内容都已保存（最后一次 {said(save.updated_at)}，{save.updated_by}）"
    if call.files_at(at):
        return Deadline(
            "申报已经截止，这份草稿还可以提交",
            f"申报于 {said(call.closes_at)} 截止。{saved}，在 {said(call.files_until)} 前可以继续修改并提交；"
            "到时没有提交的，转为“未提交”。",
            "warn",
            int(call.files_until.timestamp()),
        )
    return Deadline(
        "申报已经截止，没有提交", f"申报于 {said(call.closes_at)} 截止。{saved}，不能再提交，可以导出。", "stop"
    )


def _left(what: str, ends: datetime, at: datetime) -> Deadline | None:
    left = ends - at
    if left > LAST_DAY:
        return None
    hours, minutes = divmod(int(left.total_seconds()) // 60, 60)
    words = f"{hours} 小时 {minutes} 分" if hours else f"{minutes} 分"
    return Deadline(f"离{what}截止还有 {words}", f"{said(ends)} 截止，请在此之前提交。", "warn", int(ends.timestamp()))


def said(at: datetime) -> str:
    """2026年3月5日 14:32."""
    here = timezone.localtime(at)
    return f"{here.year}年{here.month}月{here.day}日 {here:%H:%M}"


def status_of(call: Call, at: datetime) -> tuple[str, str]:
    """Word and tone of the call's tag: 拟稿, 待发布, 未开始, 受理中, 已截止."""
    if call.state == CallState.SCHEDULED:
        return "待发布", "now"
    if call.published_at is None:
        return "拟稿", ""
    if call.accepts_at(at):
        return "受理中", "ok"
    return ("未开始", "now") if call.opens_at > at else ("已截止", "off")
