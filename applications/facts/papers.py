"""What the papers of a submission say: 申报书 and 申报回执, with the digest and the address where they are verified."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from applications.facts import amounts, industries, reference
from applications.models import Category, Submission, Track
from core import documents
from core.codes import mask_phone

CODE_LENGTH = 12  # hex digits of a digest that stand beside the number where there is no QR to scan


def short_code(digest: str) -> str:
    """The code printed under the number; with the number it finds the paper."""
    return digest[:CODE_LENGTH].upper()


def verify_address(digest: str) -> str:
    """Where anybody may ask whether the portal issued a paper of this digest."""
    return f"{settings.SITE_URL.rstrip('/')}{reverse('verify')}?{urlencode({'digest': digest})}"


def paper_of(submission: Submission, kind: str) -> dict[str, Any]:
    """The context of a paper's template; amounts in 元."""
    project, address = submission.project, verify_address(submission.digest)
    return {
        "title": f"制造业新型技术改造项目{kind}",
        "document_number": project.number,
        "project": project,
        "submission": submission,
        "track": str(Track(submission.track).label),
        "industry": industries.label_of(submission.industry),
        "task": reference.task_name(submission.task),
        "phone": mask_phone(submission.contact_phone) if submission.contact_phone else "",
        "lines": [(line, str(Category(line.category).label)) for line in submission.lines.all()],
        "totals": amounts.totals_of(submission),
        "materials": list(submission.materials.select_related("requirement", "file")),
        "code": short_code(submission.digest),
        "verify_address": f"{settings.SITE_URL.rstrip('/')}{reverse('verify')}",
        "verify_qr": documents.qr(address),
    }
