"""The evidence side of a split view: the files of a submission as tabs, one of them shown."""

from __future__ import annotations

from typing import Any

from applications.facts.sealing import content_of_submission
from applications.queries.filings import earlier_versions
from core import previews
from core.files import SHOWN_IN_BROWSER


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
