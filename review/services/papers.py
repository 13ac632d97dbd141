"""The room's official documents as PDF: asked for in the deed's transaction, made by a job after commit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from core import files, jobs
from core.people import SYSTEM
from review.models import Opinion, PublicNotice, ReviewReport

if TYPE_CHECKING:
    from core.models import Job, StoredFile
    from core.people import Actor

KIND = "review.paper"


@dataclass(frozen=True, slots=True)
class Paper:
    """One kind of document: the row it belongs to, its template, its title."""

    model: Any
    template: str
    title: str


PAPERS = {
    "opinion": Paper(Opinion, "documents/recommendation.html", "推荐意见"),
    "report": Paper(ReviewReport, "documents/review_report.html", "评审报告"),
    "notice": Paper(PublicNotice, "documents/public_notice.html", "公示"),
}


def ask_for(paper: str, pk: int, *, by: Actor, at: datetime) -> Job:
    """Have a document made after commit; asking again for the same row gives the same job."""
    return jobs.enqueue(
        KIND, by=by, facts={"paper": paper, "pk": pk}, key=f"{paper}:{pk}", title=PAPERS[paper].title, at=at
    )


ISSUER = "沈阳市工业和信息化局"


def context_of(kind: str, row: Any) -> dict[str, Any]:
    """What a document's template is given: the row, its title, who issues it under which number."""
    number = row.ground.number
    if kind == "opinion":
        issuer = row.project.district.bureau_name
        return {"paper": row, "title": f"关于推荐“{row.project.title}”项目的意见", "issuer": issuer,
                "red_head": issuer, "document_number": number, "addressee": ISSUER}  # fmt: skip
    title = row.title if kind == "notice" else f"{row.call.title.removesuffix('申报通知')}评审报告"
    entries = row.entries.all() if kind == "notice" else row.entries.select_related("project__enterprise")
    return {"paper": row, "title": title, "issuer": ISSUER, "red_head": ISSUER, "document_number": number,
            "entries": list(entries)}  # fmt: skip


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
