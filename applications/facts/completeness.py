"""What a filing still lacks: one list of findings, read by the task list and by submission alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from applications.checks import eligibility
from applications.facts import amounts, anonymity, defects, industries, keys, requirements, sealing
from applications.facts.reading import Reading
from applications.models import CallMaterial, CheckOutcome, Draft, DraftMaterial, Track
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


def findings(draft: Draft, *, at: datetime) -> list[Finding]:
    """Everything that is missing or wrong in a draft at a moment, in the order of the form.

    Blocking findings refuse the submission; the others are said to the person and no more.
    """
    return findings_of(Reading(draft, at))


def findings_of(reading: Reading) -> list[Finding]:
    """The same of a draft that is being read."""
    checks = (
        _enterprise, _group, _basics, _content, _lines, _funding, _policy, _indicators, _materials, _conditions, _answers,
    )  # fmt: skip
    whole = reading.with_lines()
    return [finding for check in checks for finding in check(whole)]


def blocking_of(reading: Reading) -> list[Finding]:
    """Those that refuse a submission."""
    return [finding for finding in findings_of(reading) if finding.blocking]


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
        case = Reading(draft, at, totals[draft.pk])
        checks = (_basics, _content, _lines_there, _funding, _indicators)
        found[draft.pk] = [one for check in checks for one in check(case) if one.blocking]
        due = requirements.due(entries[draft.project.call_id], owed[draft.pk])
        missing = [entry.name for entry in due if entry.pk not in given[draft.pk]]
        if missing:
            found[draft.pk].append(
                _finding(case, "materials", f"还缺 {len(missing)} 份必交材料：{'、'.join(missing)}。")
            )
    return found


def blocking(draft: Draft, *, at: datetime) -> list[Finding]:
    """The findings that refuse a submission."""
    return blocking_of(Reading(draft, at))


def _finding(case: Reading, section: str, message: str, *, blocking: bool = True) -> Finding:
    return Finding(section, message, link_of(section, case.draft.project_id), blocking)


def _enterprise(case: Reading) -> Iterator[Finding]:
    if case.above_scale is None:
        yield _finding(case, "enterprise", "企业档案还没有填写，请先填写“一企一档”。")
    entry = case.dishonesty
    if entry:
        until = f"至 {entry.to_on.year}年{entry.to_on.month}月{entry.to_on.day}日" if entry.to_on else ""
        yield _finding(case, "enterprise", f"本单位在失信记录期内{until}，不能申报（第十三条）。原因：{entry.reason}。")


def _group(case: Reading) -> Iterator[Finding]:
    project = case.draft.project
    if project.track not in (Track.LINE, Track.AREA):
        return
    if project.group_id is None:
        yield _finding(case, "group", f"“{project.get_track_display()}”类项目须属于一个协同组（第六条二）。")
    elif not _is_member(case):
        yield _finding(case, "group", "本企业还没有确认加入协同组，请先确认。")


def _is_member(case: Reading) -> bool:
    project = case.draft.project
    confirmed = project.group.memberships.filter(enterprise=project.enterprise_id, confirmed_at__isnull=False)
    return project.group.lead_id == project.enterprise_id or confirmed.exists()


OF_A_REFORM = ("title", "industry", "task", "site", "filing_number", "contact", "contact_phone")
OF_A_DIRECTION = ("title", "site", "contact", "contact_phone")  # no industry, no task, no 备案 where nothing is built


def _basics(case: Reading) -> Iterator[Finding]:
    draft = case.draft
    missing = _missing(draft, OF_A_DIRECTION if draft.project.call.is_local else OF_A_REFORM)
    if missing:
        yield _finding(case, "basics", f"还没有填写：{'、'.join(missing)}。")
    if draft.task and draft.project.call.tasks and draft.task not in draft.project.call.tasks:
        yield _finding(case, "basics", "所选的方案任务不在本批次受理之列，请看申报通知。")
    fault = industries.fault_of(draft.industry) if draft.industry else ""
    if fault:
        yield _finding(case, "basics", fault)
    elif (
        draft.industry
        and not draft.project.call.is_local
        and not industries.is_pilot(draft.industry, draft.project.call.policy_version)
    ):
        label = industries.label_of(draft.industry)
        yield _finding(
            case,
            "basics",
            f"{label}不在四个试点行业内，不能使用中央资金，按地方资金渠道办理（第五条、第七条三）。",
            blocking=False,
        )


def _content(case: Reading) -> Iterator[Finding]:
    draft = case.draft
    missing = _missing(draft, ("start_on", "end_on", "content", "benefit"))
    if missing:
        yield _finding(case, "content", f"还没有填写：{'、'.join(missing)}。")
    if draft.start_on and draft.end_on and draft.end_on < draft.start_on:
        yield _finding(case, "content", "竣工日期早于开工日期，请核对。")


def _missing(draft: Draft, names: tuple[str, ...]) -> list[str]:
    return [str(Draft._meta.get_field(name).verbose_name) for name in names if not getattr(draft, name)]


def _lines(case: Reading) -> Iterator[Finding]:
    yield from _lines_there(case)
    twice = keys.typed_twice(case.sheet.lines)
    if twice:
        yield _finding(case, "lines", f"同一笔投资填了两次：{'；'.join(twice[:5])}。请删除或合并（第十三条）。")
    if case.totals.looks_like_wan:
        yield _finding(case, "lines", amounts.wan_hint(case.totals), blocking=False)


def _lines_there(case: Reading) -> Iterator[Finding]:
    if not case.totals.count:
        yield _finding(case, "lines", "投资明细还没有填写。")
    elif case.totals.investment <= 0:
        yield _finding(case, "lines", "投资总额为零，请填写各行金额（元，不含税）。")


def _funding(case: Reading) -> Iterator[Finding]:
    draft, investment = case.draft, case.totals.investment
    funds = draft.own_funds + draft.bank_loan
    if not funds:
        yield _finding(case, "funding", "资金来源还没有填写。")
    elif funds < investment:
        yield _finding(case, "funding", f"资金来源合计 {yuan(funds)} 元，少于投资总额 {yuan(investment)} 元，请核对。")


def _policy(case: Reading) -> Iterator[Finding]:
    """What the rules of the call's policy version refuse is refused here with the rules' own words."""
    result = case.verdict
    if result is None:
        return
    if result.refused:
        clause = f"（{result.clause}）" if result.clause else ""
        yield _finding(case, "lines", f"{result.reason}{clause}。")
    version = versions.load(case.draft.project.call.policy_version)
    if not version.valid_from <= case.on <= version.valid_until:
        yield _finding(case, "basics", "本批次采用的政策不在有效期内（第十八条）。")


def _indicators(case: Reading) -> Iterator[Finding]:
    filled = [row for row in case.draft.indicators if row.get("name") and row.get("target") not in (None, "")]
    kinds = {row.get("kind") for row in filled}
    if len(filled) < LEAST_INDICATORS:
        yield _finding(case, "indicators", f"绩效目标至少填写 {LEAST_INDICATORS} 项，已填 {len(filled)} 项。")
    elif not {"产出", "效益"} <= kinds:
        yield _finding(case, "indicators", "绩效目标须同时有“产出”和“效益”两类指标。")


def _materials(case: Reading) -> Iterator[Finding]:
    if case.missing:
        yield _finding(case, "materials", f"还缺 {len(case.missing)} 份必交材料：{'、'.join(case.missing)}。")
    wrong = sealing.what_is_wrong(sealing.seals_of(case.draft, case.files, lines=case.lines))
    if wrong:
        demanded = any(entry.code == sealing.SEALED for entry in case.due)
        yield _finding(case, "materials", wrong, blocking=demanded)
    for said in anonymity.what_is_wrong(case.files):
        yield _finding(case, "materials", said)
    infected, waiting = unfit_materials(case.files)
    if infected:
        yield _finding(case, "materials", f"发现病毒：{'、'.join(infected)}。请在本机清除后替换，或移除这份文件。")
    if waiting:
        yield _finding(case, "materials", f"正在查毒：{'、'.join(waiting)}。查完才能提交，通常只要几分钟。")


def unfit_materials(files: list[DraftMaterial]) -> tuple[list[str], list[str]]:
    """Names of the draft's files in which a virus was found, and of those the scanner has not looked at yet."""
    infected = [row.file.original_name for row in files if row.file.is_infected]
    return infected, [row.file.original_name for row in files if row.file.is_waiting]


def _conditions(case: Reading) -> Iterator[Finding]:
    """The hard conditions of the call, by the same checks the district will see."""
    for found in eligibility.answers(case.sheet):
        if found.outcome == CheckOutcome.STOP:
            yield _finding(case, found.section, f"{found.label}：{found.found}{found.todo}（{found.clause}）")


def _answers(case: Reading) -> Iterator[Finding]:
    if case.draft.project.state != State.CORRECTION:
        return
    open_entries = [defect for defect in defects.defects_of(case.draft.project) if not defect.answer.strip()]
    if open_entries:
        numbers = "、".join(str(defect.number) for defect in open_entries)
        yield _finding(case, "defects", f"补正通知的第 {numbers} 条还没有答复。")


def verdict_of(draft: Draft, *, at: datetime, totals: amounts.Totals | None = None) -> rules.Determination | None:
    """The live determination of a draft (or for totals that are being typed) with figures enough for one, else None."""
    return Reading(draft, at, totals).verdict
