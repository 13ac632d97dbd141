"""What a filing still lacks: one list of findings, read by the task list and by submission alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from applications.checks import eligibility
from applications.checks.sheet import sheet_of
from applications.facts import amounts, defects, honesty, industries, keys, requirements, sealing, sections
from applications.models import CallMaterial, CheckOutcome, Draft, DraftMaterial, EnterpriseProfile, Track
from applications.states import State
from core.money import yuan
from policy import rules, versions

LEAST_INDICATORS = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to put right (blocking) or to look at again: which section, in which words, where to go."""

    section: str
    message: str
    link: str
    blocking: bool = True


@dataclass(frozen=True, slots=True)
class _Case:
    """What every check is given."""

    draft: Draft
    at: datetime
    totals: amounts.Totals

    @property
    def on(self) -> date:
        return amounts.day_of(self.at)

    def finding(self, section: str, message: str, *, blocking: bool = True) -> Finding:
        return Finding(section, message, link_of(section, self.draft.project_id), blocking)


LINKS = {
    "enterprise": "enterprise",
    "group": "groups",
    "basics": "filing-basics",
    "content": "filing-content",
    "funding": "filing-funding",
    "lines": "filing-lines",
    "indicators": "filing-indicators",
    "materials": "filing-materials",
    "defects": "filing-defects",
}


def link_of(section: str, project_id: int) -> str:
    """The page where a section is filled in."""
    name = LINKS[section]
    return reverse(name) if section in ("enterprise", "group") else reverse(name, args=[project_id])


def findings(draft: Draft, *, at: datetime, totals: amounts.Totals | None = None) -> list[Finding]:
    """Everything that is missing or wrong in a draft at a moment, in the order of the form.

    Blocking findings refuse the submission; the others are said to the person and no more. `totals`: where known.
    """
    case = _Case(draft, at, totals or amounts.totals_of(draft))
    checks = (
        _enterprise, _group, _basics, _content, _lines, _funding, _policy, _indicators, _materials, _conditions, _answers,
    )  # fmt: skip
    return [finding for check in checks for finding in check(case)]


def at_a_glance(drafts: Sequence[Draft], *, at: datetime) -> dict[int, list[Finding]]:
    """What each of several drafts still lacks, by the same checks and a fixed number of queries for all of them.

    What is wrong rather than missing (lines typed twice, the call's conditions, seals) is told on each one's own page.
    """
    totals = amounts.totals_of_many(drafts)
    owed = requirements.of_drafts(drafts, on=amounts.day_of(at), totals=totals)
    given, entries = defaultdict(set), defaultdict(list)
    for draft, requirement in DraftMaterial.objects.filter(draft__in=drafts).values_list("draft", "requirement"):
        given[draft].add(requirement)
    for entry in CallMaterial.objects.filter(call__in={draft.project.call_id for draft in drafts}):
        entries[entry.call_id].append(entry)
    found: dict[int, list[Finding]] = {}
    for draft in drafts:
        case = _Case(draft, at, totals[draft.pk])
        checks = (_basics, _content, _lines_there, _funding, _indicators)
        found[draft.pk] = [one for check in checks for one in check(case) if one.blocking]
        due = requirements.due(entries[draft.project.call_id], owed[draft.pk])
        missing = [entry.name for entry in due if entry.pk not in given[draft.pk]]
        if missing:
            found[draft.pk].append(case.finding("materials", f"还缺 {len(missing)} 份必交材料：{'、'.join(missing)}。"))
    return found


def blocking(draft: Draft, *, at: datetime) -> list[Finding]:
    """The findings that refuse a submission."""
    return [finding for finding in findings(draft, at=at) if finding.blocking]


def _enterprise(case: _Case) -> Iterator[Finding]:
    enterprise = case.draft.project.enterprise
    if not EnterpriseProfile.objects.filter(organisation=enterprise).exists():
        yield case.finding("enterprise", "企业档案还没有填写，请先填写“一企一档”。")
    entry = honesty.dishonesty_of(enterprise, case.on)
    if entry:
        until = f"至 {entry.to_on.year}年{entry.to_on.month}月{entry.to_on.day}日" if entry.to_on else ""
        yield case.finding("enterprise", f"本企业在失信记录期内{until}，不能申报（第十三条）。原因：{entry.reason}。")


def _group(case: _Case) -> Iterator[Finding]:
    project = case.draft.project
    if project.track not in (Track.LINE, Track.AREA):
        return
    if project.group_id is None:
        yield case.finding("group", f"“{project.get_track_display()}”类项目须属于一个协同组（第六条二）。")
    elif not _is_member(case):
        yield case.finding("group", "本企业还没有确认加入协同组，请先确认。")


def _is_member(case: _Case) -> bool:
    project = case.draft.project
    confirmed = project.group.memberships.filter(enterprise=project.enterprise_id, confirmed_at__isnull=False)
    return project.group.lead_id == project.enterprise_id or confirmed.exists()


OF_A_REFORM = ("title", "industry", "task", "site", "filing_number", "contact", "contact_phone")
OF_A_DIRECTION = ("title", "site", "contact", "contact_phone")  # no industry, no task, no 备案 where nothing is built


def _basics(case: _Case) -> Iterator[Finding]:
    draft = case.draft
    missing = _missing(draft, OF_A_DIRECTION if draft.project.call.is_local else OF_A_REFORM)
    if missing:
        yield case.finding("basics", f"还没有填写：{'、'.join(missing)}。")
    if draft.task and draft.project.call.tasks and draft.task not in draft.project.call.tasks:
        yield case.finding("basics", "所选的方案任务不在本批次受理之列，请看申报通知。")
    fault = industries.fault_of(draft.industry) if draft.industry else ""
    if fault:
        yield case.finding("basics", fault)
    elif (
        draft.industry
        and not draft.project.call.is_local
        and not industries.is_pilot(draft.industry, draft.project.call.policy_version)
    ):
        label = industries.label_of(draft.industry)
        yield case.finding(
            "basics",
            f"{label}不在四个试点行业内，不能使用中央资金，按地方资金渠道办理（第五条、第七条三）。",
            blocking=False,
        )


def _content(case: _Case) -> Iterator[Finding]:
    draft = case.draft
    missing = _missing(draft, ("start_on", "end_on", "content", "benefit"))
    if missing:
        yield case.finding("content", f"还没有填写：{'、'.join(missing)}。")
    if draft.start_on and draft.end_on and draft.end_on < draft.start_on:
        yield case.finding("content", "竣工日期早于开工日期，请核对。")


def _missing(draft: Draft, names: tuple[str, ...]) -> list[str]:
    return [str(Draft._meta.get_field(name).verbose_name) for name in names if not getattr(draft, name)]


def _lines(case: _Case) -> Iterator[Finding]:
    yield from _lines_there(case)
    twice = keys.typed_twice(sections.lines_of(case.draft))
    if twice:
        yield case.finding("lines", f"同一笔投资填了两次：{'；'.join(twice[:5])}。请删除或合并（第十三条）。")
    if case.totals.looks_like_wan:
        yield case.finding("lines", amounts.wan_hint(case.totals), blocking=False)


def _lines_there(case: _Case) -> Iterator[Finding]:
    if not case.totals.count:
        yield case.finding("lines", "投资明细还没有填写。")
    elif case.totals.investment <= 0:
        yield case.finding("lines", "投资总额为零，请填写各行金额（元，不含税）。")


def _funding(case: _Case) -> Iterator[Finding]:
    draft, investment = case.draft, case.totals.investment
    funds = draft.own_funds + draft.bank_loan
    if not funds:
        yield case.finding("funding", "资金来源还没有填写。")
    elif funds < investment:
        yield case.finding("funding", f"资金来源合计 {yuan(funds)} 元，少于投资总额 {yuan(investment)} 元，请核对。")


def _policy(case: _Case) -> Iterator[Finding]:
    """What the rules of the call's policy version refuse is refused here with the rules' own words."""
    if not _can_be_determined(case.draft, case.totals):
        return
    result = amounts.live_determination(case.draft, on=case.on, totals=case.totals)
    if result.refused:
        clause = f"（{result.clause}）" if result.clause else ""
        yield case.finding("lines", f"{result.reason}{clause}。")
    version = versions.load(case.draft.project.call.policy_version)
    if not version.valid_from <= case.on <= version.valid_until:
        yield case.finding("basics", "本批次采用的政策不在有效期内（第十八条）。")


def _indicators(case: _Case) -> Iterator[Finding]:
    filled = [row for row in case.draft.indicators if row.get("name") and row.get("target") not in (None, "")]
    kinds = {row.get("kind") for row in filled}
    if len(filled) < LEAST_INDICATORS:
        yield case.finding("indicators", f"绩效目标至少填写 {LEAST_INDICATORS} 项，已填 {len(filled)} 项。")
    elif not {"产出", "效益"} <= kinds:
        yield case.finding("indicators", "绩效目标须同时有“产出”和“效益”两类指标。")


def _materials(case: _Case) -> Iterator[Finding]:
    missing = missing_materials(case.draft, at=case.at, totals=case.totals)
    if missing:
        yield case.finding("materials", f"还缺 {len(missing)} 份必交材料：{'、'.join(missing)}。")
    files = sealing.files_of(case.draft)
    wrong = sealing.what_is_wrong(sealing.seals_of(case.draft, files))
    if wrong:
        due = due_materials(case.draft, at=case.at, totals=case.totals)
        demanded = any(entry.code == sealing.SEALED for entry in due)
        yield case.finding("materials", wrong, blocking=demanded)
    infected, waiting = unfit_materials(files)
    if infected:
        yield case.finding("materials", f"发现病毒：{'、'.join(infected)}。请在本机清除后替换，或移除这份文件。")
    if waiting:
        yield case.finding("materials", f"正在查毒：{'、'.join(waiting)}。查完才能提交，通常只要几分钟。")


def unfit_materials(files: list[DraftMaterial]) -> tuple[list[str], list[str]]:
    """Names of the draft's files in which a virus was found, and of those the scanner has not looked at yet."""
    infected = [row.file.original_name for row in files if row.file.is_infected]
    return infected, [row.file.original_name for row in files if row.file.is_waiting]


def missing_materials(draft: Draft, *, at: datetime, totals: amounts.Totals) -> list[str]:
    """Names of the materials the call demands of this filing and the draft does not have."""
    return missing_of(draft, due_materials(draft, at=at, totals=totals))


def missing_of(draft: Draft, due: list[CallMaterial]) -> list[str]:
    """The names of those of these entries to which the draft has no file."""
    given = set(draft.materials.values_list("requirement", flat=True))
    return [row.name for row in due if row.pk not in given]


def due_materials(draft: Draft, *, at: datetime, totals: amounts.Totals) -> list[CallMaterial]:
    """The materials this filing must upload, by track, role, progress and amount."""
    case = requirements.of_draft(draft, on=amounts.day_of(at), totals=totals)
    return requirements.due(draft.project.call.materials.all(), case)


def _conditions(case: _Case) -> Iterator[Finding]:
    """The hard conditions of the call, by the same checks the district will see."""
    for found in eligibility.answers(sheet_of(case.draft, case.on, keyed=False)):
        if found.outcome == CheckOutcome.STOP:
            yield case.finding(found.section, f"{found.label}：{found.found}{found.todo}（{found.clause}）")


def _answers(case: _Case) -> Iterator[Finding]:
    if case.draft.project.state != State.CORRECTION:
        return
    open_entries = [defect for defect in defects.defects_of(case.draft.project) if not defect.answer.strip()]
    if open_entries:
        numbers = "、".join(str(defect.number) for defect in open_entries)
        yield case.finding("defects", f"补正通知的第 {numbers} 条还没有答复。")


def verdict_of(draft: Draft, *, at: datetime, totals: amounts.Totals | None = None) -> rules.Determination | None:
    """The live determination of a draft (or for totals that are being typed) with figures enough for one, else None."""
    totals = totals or amounts.totals_of(draft)
    if not _can_be_determined(draft, totals):
        return None
    return amounts.live_determination(draft, on=amounts.day_of(at), totals=totals)


def _can_be_determined(draft: Draft, totals: amounts.Totals) -> bool:
    if totals.investment <= 0:
        return False
    known = bool(draft.industry) and not industries.fault_of(draft.industry)
    return known or (draft.project.call.is_local and not draft.industry)
