"""A group side by side: each member, its answer, its projects, and what its own draft still lacks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from applications.facts import completeness, sections
from applications.models import Draft, Project, ProjectGroup


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One enterprise of a group as the page shows it."""

    enterprise: Any
    role: str
    answer: str
    tone: str
    projects: list[Any]


def member_rows(group: ProjectGroup, *, at: datetime, reader: Any) -> list[MemberRow]:
    """The lead and the invited enterprises. What a draft lacks is told in a number, its text to its own people only."""
    filed: dict[int, list[Any]] = {}
    projects = list(group.projects.select_related("draft", "call", "enterprise").order_by("pk"))
    drafts = [_draft_of(project) for project in projects if sections.may_be_edited(project)]
    lacks = completeness.at_a_glance(drafts, at=at)
    for project in projects:
        missing = lacks.get(project.draft.pk, [])
        filed.setdefault(project.enterprise_id, []).append(_project(project, missing, reader))
    rows = [MemberRow(group.lead, "牵头", "牵头企业", "ok", filed.get(group.lead_id, []))]
    for member in group.memberships.select_related("enterprise__district").order_by("pk"):
        answer, tone = _answer(member)
        rows.append(MemberRow(member.enterprise, "成员", answer, tone, filed.get(member.enterprise_id, [])))
    return rows


def _answer(member: Any) -> tuple[str, str]:
    if member.confirmed_at:
        return "已确认", "ok"
    return ("未加入", "off") if member.refused_at else ("等待确认", "now")


def _draft_of(project: Project) -> Draft:
    draft = project.draft
    draft.project = project  # what was fetched with it is not asked for again
    return draft


def _project(project: Project, lacks: list[completeness.Finding], reader: Any) -> dict[str, Any]:
    own = project.enterprise_id == reader.organisation_id
    return {
        "pk": project.pk,
        "title": project.title,
        "number": project.number,
        "state": project.get_state_display(),
        "missing": len(lacks),
        "lacks": [finding.message for finding in lacks] if own else [],
        "own": own,
    }
