"""Papers the portal has issued, found by what is printed on them; for a public page, so kind, number and date only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from applications.facts.papers import CODE_LENGTH
from applications.models import SealSheet, Submission
from core.models import Ground, GroundKind, StoredFile
from core.models.files import ScanState

DIGEST = re.compile(r"[0-9a-f]{64}")
# Which papers of ours may be asked about by the fingerprint of their file; the others go to nobody outside.
FILE_KINDS = {
    "filing": "申报书", "filing_receipt": "申报回执", "filing_package": "完整申报材料", "agreement": "任务书",
    "payment_notice": "拨付通知", "review_report": "评审报告",
}  # fmt: skip
GROUND_KINDS = (
    GroundKind.DECLARATION, GroundKind.DEFECT_LIST, GroundKind.OPINION, GroundKind.DECISION, GroundKind.REVIEW_REPORT,
    GroundKind.NOTICE, GroundKind.AGREEMENT, GroundKind.ACCEPTANCE_REPORT, GroundKind.SETTLEMENT,
    GroundKind.RECOVERY_NOTICE, GroundKind.CALL_NOTICE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Issued:
    """What the public is told of a paper."""

    kind: str
    number: str
    at: datetime


def issued_with_digest(digest: str) -> Issued | None:
    """The paper of this SHA-256: of a submission's content, of a ground, or of a file we made."""
    digest = digest.strip().lower()
    if not DIGEST.fullmatch(digest):
        return None
    filed = Submission.objects.filter(digest=digest).select_related("project").first()
    if filed is not None:
        return _of_submission(filed)
    sheet = SealSheet.objects.filter(content=digest).order_by("printed_at").first()
    if sheet is not None:
        return Issued("申报书（盖章稿，按申报草稿生成，不是已提交的申报）", "", sheet.printed_at)
    ground = Ground.objects.filter(digest=digest, kind__in=GROUND_KINDS).first()
    if ground is not None:
        return Issued(str(GroundKind(ground.kind).label), ground.number, ground.issued_at)
    made = StoredFile.objects.filter(sha256=digest, scan_state=ScanState.GENERATED, kind__in=FILE_KINDS)
    first = made.order_by("uploaded_at").first()
    return Issued(FILE_KINDS[first.kind], "", first.uploaded_at) if first else None


def issued_with_number(number: str, code: str) -> Issued | None:
    """The submission of this project number whose digest begins with the short code printed beside it."""
    code = code.strip().lower()
    if not re.fullmatch(rf"[0-9a-f]{{{CODE_LENGTH}}}", code):
        return None
    rows = Submission.objects.filter(project__number=number.strip().upper(), digest__startswith=code)
    filed = rows.select_related("project").first()
    return _of_submission(filed) if filed else None


def _of_submission(filed: Submission) -> Issued:
    return Issued(f"申报书和申报回执（第 {filed.sequence} 次提交）", filed.project.number or "", filed.submitted_at)
