"""The filing as a list of sections: what each holds, whether it is done, what it lacks."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from applications.facts import amounts, completeness, industries, sections
from applications.facts.reading import Reading
from applications.models import Draft, Track
from applications.states import State
from core import calendar
from core.money import percent, wan


@dataclass(frozen=True, slots=True)
class Section:
    """One row of the task list; `tone` and `word` make its tag."""

    key: str
    title: str
    url: str
    note: str
    word: str
    tone: str

    @property
    def done(self) -> bool:
        return self.tone in ("ok", "warn")

    @property
    def tag(self) -> tuple[str, str]:
        return self.word, self.tone


@dataclass(frozen=True, slots=True)
class Chapter:
    """Sections under one heading."""

    title: str
    sections: list[Section] = field(default_factory=list)

    @property
    def progress(self) -> str:
        done = sum(section.done for section in self.sections)
        return f"{done} / {len(self.sections)} 节完成"


@dataclass(frozen=True, slots=True)
class TaskList:
    """Everything the page of a filing shows."""

    chapters: list[Chapter]
    findings: list[completeness.Finding]
    reading: Reading

    @property
    def totals(self) -> amounts.Totals:
        return self.reading.totals

    @property
    def all_sections(self) -> list[Section]:
        return [section for chapter in self.chapters for section in chapter.sections]

    @property
    def done(self) -> int:
        return sum(section.done for section in self.all_sections)

    @property
    def count(self) -> int:
        return len(self.all_sections)

    @property
    def blocking(self) -> list[completeness.Finding]:
        return [finding for finding in self.findings if finding.blocking]

    @property
    def warnings(self) -> list[completeness.Finding]:
        return [finding for finding in self.findings if not finding.blocking]

    @property
    def is_complete(self) -> bool:
        return not self.blocking


def task_list(draft: Draft, *, at: datetime) -> TaskList:
    """The sections of a draft at a moment, judged by the findings that submission uses."""
    reading = Reading(draft, at)
    found = completeness.findings_of(reading)
    by_section: dict[str, list[completeness.Finding]] = defaultdict(list)
    for finding in found:
        by_section[finding.section].append(finding)

    def row(key: str, title: str, note: str, *, begun: bool) -> Section:
        word, tone = _status(by_section[key], begun=begun)
        return Section(key, title, completeness.link_of(key, draft.project_id), note, word, tone)

    return TaskList(_chapters(reading, row), found, reading)


def _chapters(reading: Reading, row: Any) -> list[Chapter]:
    draft, totals = reading.draft, reading.totals
    project = draft.project
    first = [row("enterprise", "企业基本信息", "取自一企一档，核对即可", begun=True)]
    if project.track in (Track.LINE, Track.AREA):
        first.append(row("group", "协同组", str(project.group or "还没有选择协同组"), begun=bool(project.group_id)))
    first += [
        row("basics", "项目基本信息", _basics_note(draft), begun=bool(draft.filing_number or draft.task)),
        row("content", "建设内容与进度", _content_note(draft), begun=bool(draft.content or draft.start_on)),
    ]
    second = [
        row("lines", "投资明细", _lines_note(totals), begun=bool(totals.count)),
        row("funding", "资金来源", _funding_note(draft), begun=bool(draft.own_funds or draft.bank_loan)),
        row("indicators", "绩效目标", _indicators_note(draft), begun=bool(draft.indicators)),
    ]
    third = [row("materials", "申报材料", materials_note(reading), begun=bool(reading.files))]
    chapters = [Chapter("一、企业与项目", first), Chapter("二、投资与成效", second), Chapter("三、材料", third)]
    if project.state == State.CORRECTION:
        answers = row("defects", "逐条答复补正通知", "每一条都要答复，并改正对应的内容或材料", begun=True)
        chapters.insert(0, Chapter("补正", [answers]))
    return chapters


def _status(found: list[completeness.Finding], *, begun: bool) -> tuple[str, str]:
    blocking = [finding for finding in found if finding.blocking]
    if blocking:
        return ("填写中", "now") if begun else ("未开始", "")
    return (f"{len(found)} 项提醒", "warn") if found else ("已完成", "ok")


def _basics_note(draft: Draft) -> str:
    parts = [draft.filing_number, industries.label_of(draft.industry), draft.project.district.name]
    return " · ".join(part for part in parts if part)


def _content_note(draft: Draft) -> str:
    if not (draft.start_on and draft.end_on):
        return "起止时间、建设内容、预期成效"
    start, end = draft.start_on, draft.end_on
    return f"{start.year}年{start.month}月 – {end.year}年{end.month}月"


def _lines_note(totals: amounts.Totals) -> str:
    if not totals.count:
        return "设备、软件、服务、安装、土地、厂房基建，逐行填写"
    share = f"，国产占比 {percent(totals.domestic_share)}" if totals.domestic_share is not None else ""
    return f"{totals.count} 行，合计 {wan(totals.investment)} 万元{share}"


def _funding_note(draft: Draft) -> str:
    if not (draft.own_funds or draft.bank_loan):
        return "自有资金、银行贷款、已获其他财政支持"
    return f"自有 {wan(draft.own_funds)} 万元，银行贷款 {wan(draft.bank_loan)} 万元"


def _indicators_note(draft: Draft) -> str:
    filled = sum(1 for row in draft.indicators if row.get("target") not in (None, ""))
    return f"{len(draft.indicators)} 项指标，已填 {filled} 项" if draft.indicators else "产出、效益、满意度"


def materials_note(reading: Reading) -> str:
    """必交 6 份，已传 4 份；缺：…."""
    due, missing = reading.due, reading.missing
    lacking = f"；缺：{'、'.join(missing)}" if missing else ""
    return f"必交 {len(due)} 份，已传 {len(due) - len(missing)} 份{lacking}"


def clock_of_filing(project: Any, *, at: datetime) -> calendar.Clock | None:
    """The clock of whoever fills the form: to the closing of the call, or to the end of the correction."""
    now = calendar.today(at)
    if project.state == State.CORRECTION and project.due_on:
        return calendar.clock(calendar.today(project.state_since), project.due_on, on=now)
    if sections.may_be_edited(project):
        call = project.call
        return calendar.clock(calendar.today(call.opens_at), calendar.today(call.closes_at), on=now)
    return None
