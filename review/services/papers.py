"""The room's official documents as PDF: asked for in the deed's transaction, made by a job after commit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from applications.models import Call
from core import files, jobs
from core.models import BUREAU_ROLES, Role
from core.people import SYSTEM, has_role
from review.district_queries import opinions_of_letter
from review.models import (
    PanelConclusion,
    PanelMeeting,
    PublicNotice,
    RecommendationLetter,
    ReportEntry,
    ReviewReport,
    ScoreSheet,
)
from review.panel_queries import in_points, ranking, words_beside
from review.ranking_workbook import workbook_of
from review.states import SheetState

if TYPE_CHECKING:
    from core.models import Job, StoredFile
    from core.people import Actor

KIND, RANKING = "review.paper", "review.ranking"


@dataclass(frozen=True, slots=True)
class Paper:
    """One kind of document: the row it belongs to, its template, its title."""

    model: Any
    template: str
    title: str


PAPERS = {
    "letter": Paper(RecommendationLetter, "documents/recommendation.html", "推荐函"),
    "report": Paper(ReviewReport, "documents/review_report.html", "评审报告"),
    "notice": Paper(PublicNotice, "documents/public_notice.html", "公示"),
}


def ask_for(paper: str, pk: int, *, by: Actor, at: datetime) -> Job:
    """Have a document made after commit; asking again for the same row gives the same job."""
    return jobs.enqueue(
        KIND, by=by, facts={"paper": paper, "pk": pk}, key=f"{paper}:{pk}", title=PAPERS[paper].title, at=at
    )


def ask_for_ranking(call: Any, *, by: Actor, at: datetime) -> Job:
    """The ranking of a call as Excel, as it stands when the job runs."""
    return jobs.enqueue(RANKING, by=by, facts={"call": call.pk}, title=f"评审排名 {call.title}", at=at)


def write_ranking(running: jobs.Running) -> StoredFile:
    """The job: every scored project of a call the asker sees. Raises JobRefused when he no longer sees it."""
    call = Call.objects.visible_to(running.by).filter(pk=running.facts["call"]).first()
    if call is None or not has_role(running.by, *BUREAU_ROLES, Role.SUPERVISOR):
        raise jobs.JobRefused("您现在看不到这份排名。")
    rows = in_points(ranking(running.by, call), call.pass_mark)
    running.expect(1)
    content = workbook_of(call, rows)
    stored = files.store_bytes(
        content, name=f"评审排名 {call.title}.xlsx", kind=RANKING, by=running.by, at=timezone.now()
    )
    running.step()
    return stored


ISSUER = "沈阳市工业和信息化局"


def context_of(kind: str, row: Any) -> dict[str, Any]:
    """What a document's template is given: the row, its title, who issues it under which number."""
    return {"paper": row, "document_number": row.ground.number, **CONTEXTS[kind](row)}


def _report(row: Any) -> dict[str, Any]:
    """The report's entries by rank, what the panel was, and how each proposed amount came about."""
    entries = list(
        row.entries.select_related("project__enterprise", "project__district", "determination").order_by("rank", "pk")
    )
    beside = words_beside(entry.project_id for entry in entries)
    for entry in entries:
        entry.beside = beside[entry.project_id]
    panel = PanelMeeting.objects.filter(report=row).first()
    members = list(panel.members.select_related("user__organisation")) if panel else []
    groups = [
        {"label": kind.label, "entries": [entry for entry in entries if entry.conclusion == kind]}
        for kind in PanelConclusion
    ]
    proposed = [entry for entry in entries if entry.proposed is not None]
    return {
        "title": f"{row.call.title.replace('申报通知', '')}评审报告", "issuer": ISSUER, "red_head": ISSUER,
        "addressee": "沈阳市财政局", "entries": entries, "panel": panel, "members": members,
        "groups": [group for group in groups if group["entries"]], "proposed": proposed,
        "total": sum((entry.proposed for entry in proposed), Decimal(0)),
        "sheets": _sheets(row, entries),
        "attachments": ["评审结果汇总表", "专家评分", *(["建议金额说明"] if proposed else [])],
    }  # fmt: skip


def _sheets(report: ReviewReport, entries: Sequence[ReportEntry]) -> list[dict[str, Any]]:
    """The scores behind each entry, expert by expert, numbered and not named, with their reasons.

    Sheets in force when the report was issued: a project sent back by it has left its round behind since.
    """
    then = Q(assignment__retired_at=None) | Q(assignment__retired_at__gte=report.concluded_at)
    rows = ScoreSheet.objects.filter(
        then, assignment__project__in=[entry.project_id for entry in entries], state=SheetState.SUBMITTED,
        submitted_at__lte=report.concluded_at, assignment__declined_at=None,
    ).select_related("assignment").order_by("assignment")  # fmt: skip
    found: dict[int, list[ScoreSheet]] = defaultdict(list)
    for sheet in rows:
        found[sheet.assignment.project_id].append(sheet)
    return [{"entry": entry, "sheets": found[entry.project_id]} for entry in entries if found[entry.project_id]]


def _notice(row: Any) -> dict[str, Any]:
    entries = list(row.entries.all())
    total = sum((entry.amount for entry in entries if entry.amount is not None), Decimal(0))
    return {"title": row.title, "issuer": ISSUER, "red_head": ISSUER, "entries": entries, "total": total,
            "attachments": ["拟支持项目名单"]}  # fmt: skip


def _letter(letter: RecommendationLetter) -> dict[str, Any]:
    """A 推荐函: the opinion itself over one project, the list and all opinions over several."""
    opinions, issuer = list(opinions_of_letter(letter)), letter.district.bureau_name
    only = opinions[0] if len(opinions) == 1 else None
    title = f"关于推荐“{only.project.title}”项目的意见" if only else f"关于推荐 {len(opinions)} 个项目参加市级评审的函"
    return {
        "only": only, "opinions": opinions, "title": title, "issuer": issuer, "red_head": issuer, "addressee": ISSUER,
        "attachments": [] if only else ["推荐项目汇总表"],
        "investment": sum(one.submission.investment for one in opinions),
        "limit": sum(one.limit or 0 for one in opinions),
    }  # fmt: skip


CONTEXTS = {"letter": _letter, "report": _report, "notice": _notice}


def make(running: jobs.Running) -> StoredFile:
    """The job: render, keep, hang the file on its row. Safe to repeat: a row that has its file keeps it."""
    from core.documents import render_pdf

    paper = PAPERS[running.facts["paper"]]
    row = paper.model.objects.select_related("ground").get(pk=running.facts["pk"])
    if row.file_id:
        return row.file
    content = render_pdf(paper.template, context_of(running.facts["paper"], row), at=row.ground.issued_at)
    number = getattr(row, "number", "") or row.pk
    name = f"{paper.title} {number}.pdf".replace("/", "-").replace("\\", "-")
    row.file = files.store_bytes(content, name=name, kind=KIND, by=SYSTEM, at=timezone.now())
    row.save(update_fields=["file"])
    return row.file
