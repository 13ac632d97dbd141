"""The evidence side of a split view: the files of a submission as tabs, one of them shown."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from applications.facts.sealing import content_of_submission
from applications.queries.filings import earlier_versions
from core import previews
from core.files import SHOWN_IN_BROWSER


def blind_viewer_context(request: Any, assignment: Any) -> dict[str, Any]:
    """For an expert of a blind call: 匿名稿 alone, under neutral names, at addresses of his assignment; no versions, no seals."""
    mine = assignment.project.current_submission.materials.filter(requirement__blind=True)
    files = [one for one in mine.select_related("file", "requirement") if one.file.is_fit_for_others]
    asked = request.GET.get("material")
    shown = next((file for file in files if str(file.pk) == asked), files[0] if files else None)
    for file in files:
        file.tab_label = f"{file.requirement.position} {file.requirement.name}"
        file.tab_url = f"?material={file.pk}"
        file.is_shown = file is shown
        file.shown_name = blind_name(file)
        file.url = reverse("expert-material", args=[assignment.pk, file.pk])
    return {"files": files, "shown": shown, "shown_types": SHOWN_IN_BROWSER}


def blind_name(material: Any) -> str:
    """What a 匿名稿 is called for its readers, whatever its owner called it."""
    suffix = material.file.original_name.rpartition(".")[2].lower()
    return f"材料{material.requirement.position}.{suffix if suffix.isalnum() and len(suffix) <= 5 else 'bin'}"


def viewer_context(request: Any, submission: Any) -> dict[str, Any]:
    """Files with the label and address of their tab, and the one that ?material= asks for (the first by default)."""
    files = list(submission.materials.select_related("file", "requirement", "sheet"))
    asked = request.GET.get("material")
    shown = next((file for file in files if str(file.pk) == asked), files[0] if files else None)
    for file in files:
        file.tab_label = f"{file.requirement.position} {file.requirement.name}"
        file.tab_url = f"?material={file.pk}"
        file.is_shown = file is shown
    return {
        "files": files,
        "shown": shown,
        "shown_types": SHOWN_IN_BROWSER,
        "preview": previews.previews_of([shown.file]).get(shown.file.sha256) if shown else None,
        "sealed": bool(shown and shown.sheet) and content_of_submission(submission) == shown.sheet.content,
        "earlier": earlier_versions(shown) if shown else [],
    }
