"""The district's checklist of one submission: every entry of the material list, every rule that is not met by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from applications.facts.requirements import Case, begun_in
from applications.models import CallMaterial, CheckOutcome, CheckResult, Project, SubmissionLine, SubmissionMaterial
from applications.queries.checks import results_of
from review.models import MaterialCheck, RuleCheck, Verdict


@dataclass
class Checklist:
    """What is to be judged of one submission, and what was."""

    materials: list[CallMaterial] = field(default_factory=list)
    material_checks: dict[int, MaterialCheck] = field(default_factory=dict)
    results: list[CheckResult] = field(default_factory=list)
    rule_checks: dict[str, RuleCheck] = field(default_factory=dict)

    @property
    def rules(self) -> list[CheckResult]:
        """Rules a person judges: what the system found in order needs nobody."""
        return [result for result in self.results if result.outcome != CheckOutcome.OK]

    def judgement_of(self, result: CheckResult) -> RuleCheck | None:
        """What was judged of a rule, if it was judged over the same finding."""
        check = self.rule_checks.get(result.rule)
        return check if check and check.found == result.found else None

    @property
    def unjudged(self) -> list[str]:
        """Names of entries nobody has judged; a stop that a lead let pass is judged."""
        materials = [entry.name for entry in self.materials if entry.pk not in self.material_checks]
        rules = [row.label for row in self.rules if not row.waived and self.judgement_of(row) is None]
        return [*materials, *rules]

    @property
    def doubts(self) -> list[tuple[str, str, str]]:
        """What is questioned, for the one-time notice: about what, what is wrong, what to do."""
        materials = {entry.pk: entry.name for entry in self.materials}
        found = [
            (materials.get(key, check.requirement.name), check.note, "")
            for key, check in self.material_checks.items() if check.verdict == Verdict.QUESTIONED
        ]  # fmt: skip
        for result in self.rules:
            check = self.judgement_of(result)
            if check and check.verdict == Verdict.QUESTIONED:
                found.append((result.label, check.note, result.todo))
        return found

    @property
    def open_stops(self) -> list[str]:
        return [row.label for row in self.results if row.outcome == CheckOutcome.STOP and not row.waived]

    @property
    def size(self) -> int:
        return len(self.materials) + len(self.rules)

    @property
    def judged(self) -> int:
        return self.size - len(self.unjudged)

    def what_stops_an_opinion(self) -> str:
        """The sentence that says what is still to be judged; "" when every entry is (第九条二)."""
        missing = self.unjudged
        if not missing:
            return ""
        shown = "、".join(missing[:6]) + ("等" if len(missing) > 6 else "")
        return f"还有 {len(missing)} 项没有核验：{shown}。"

    def what_stops_a_recommendation(self) -> str:
        """The sentence that says what keeps a project from being recommended; "" when nothing does (第九条二)."""
        missing = [entry.name for entry in self.materials if entry.pk not in self.material_checks]
        if missing:
            return f"还有 {len(missing)} 项材料没有核验：{'、'.join(missing)}。"
        if self.doubts:
            return "存疑没有消除，不能推荐。请退回补正，或改判为核实、不适用。"
        if self.open_stops:
            stops = "、".join(self.open_stops)
            return f"系统核对有 {len(self.open_stops)} 项不通过（{stops}）。请退回补正，或由负责人写明理由后放行。"
        return ""


def checklist_of(project: Project) -> Checklist:
    return checklists_of([project])[project.pk]


def checklists_of(projects: Sequence[Project]) -> dict[int, Checklist]:
    """The checklist of each project's current submission, by the project's key; six queries for any number."""
    filed = {one.current_submission_id: one.pk for one in projects}
    lists = {one.pk: Checklist(materials=[]) for one in projects}
    uploaded: dict[int, set[int]] = {one.pk: set() for one in projects}
    rows = SubmissionMaterial.objects.filter(submission__in=filed)
    for submission, requirement in rows.values_list("submission", "requirement"):
        uploaded[filed[submission]].add(requirement)
    entries = list(CallMaterial.objects.filter(call__in={one.call_id for one in projects}))
    cases = _cases(projects)
    for one in projects:
        lists[one.pk].materials = _needed(entries, one, cases[one.pk], uploaded[one.pk])
    for check in MaterialCheck.objects.filter(submission__in=filed).select_related("requirement"):
        lists[filed[check.submission_id]].material_checks[check.requirement_id] = check
    for result in results_of(filed):
        lists[filed[result.submission_id]].results.append(result)
    for check in RuleCheck.objects.filter(submission__in=filed).select_related("file", "material"):
        lists[filed[check.submission_id]].rule_checks[check.rule] = check
    return lists


def _cases(projects: Sequence[Project]) -> dict[int, Case]:
    """What the conditions of the material list ask about each project's current submission."""
    lines = SubmissionLine.objects.filter(submission__in=[one.current_submission_id for one in projects])
    begun = set(begun_in(lines).values_list("submission", flat=True))
    return {
        one.pk: Case(
            track=filed.track, chain_leader=filed.chain_leader, begun=filed.pk in begun, investment=filed.investment
        )
        for one in projects for filed in [one.current_submission]
    }  # fmt: skip


def _needed(entries: Iterable[CallMaterial], project: Project, case: Case, uploaded: set[int]) -> list[CallMaterial]:
    """What the filing owes (on paper the confidential ones), or filed beyond need; each says whether it is owed."""
    mine = [copy(entry) for entry in entries if entry.call_id == project.call_id]
    for entry in mine:
        entry.is_owed = entry.is_needed_for(**case)
    return [entry for entry in mine if entry.pk in uploaded or entry.is_owed]


def with_files(entries: Iterable[CallMaterial], files: Iterable[Any]) -> dict[int, list[Any]]:
    """The files of a submission by the entry they were put to."""
    found: dict[int, list[Any]] = {entry.pk: [] for entry in entries}
    for file in files:
        found.setdefault(file.requirement_id, []).append(file)
    return found
