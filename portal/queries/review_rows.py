"""What a person may see of a project's review: opinions, defect lists, the report's mean, scores, public notices."""

from __future__ import annotations

from typing import Any

from applications.models import Project
from portal.addresses import address_of
from review.models import DefectList, NoticeEntry, Opinion, ReportEntry, ScoreSheet


def opinions_of(project: Project, user: Any) -> list[Opinion]:
    """The district's countersigned opinions, newest first; those being written are the desk's own."""
    rows = Opinion.objects.visible_to(user).filter(project=project, ground__isnull=False)
    return list(rows.select_related("written_by", "countersigned_by"))


def defect_lists_of(project: Project, user: Any) -> list[DefectList]:
    """Each return with its defects, newest first."""
    return list(DefectList.objects.visible_to(user).filter(project=project).prefetch_related("defects"))


def results_of(project: Project, user: Any) -> list[ReportEntry]:
    """What the review reports concluded of it."""
    rows = ReportEntry.objects.visible_to(user).filter(project=project)
    return list(rows.select_related("report").order_by("-pk"))


def scores_of(project: Project, user: Any) -> list[ScoreSheet]:
    """The experts' sheets, once all of them are in."""
    rows = ScoreSheet.objects.visible_to(user).filter(assignment__project=project, assignment__retired_at=None)
    return list(rows.select_related("assignment__expert__user").order_by("pk"))


def notices_of(project: Project, user: Any) -> list[tuple[NoticeEntry, str]]:
    """The public notices that showed it, each with its address."""
    rows = NoticeEntry.objects.visible_to(user).filter(project=project).select_related("notice").order_by("-pk")
    return [(entry, address_of("notice", entry.notice_id)) for entry in rows]
