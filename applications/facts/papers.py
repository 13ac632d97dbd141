"""What the papers of a submission say: 申报书 and 申报回执, with the digest and the address where they are verified."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from applications.facts import amounts, industries, reference, sealing, sections
from applications.models import Category, ChainLeaderCertificate, Draft, InvestmentLine, SealSheet, Submission, Track
from core import documents
from core.calendar import today
from core.codes import mask_phone
from core.money import yuan
from core.templatetags.text_tags import cn_date

CODE_LENGTH = 12  # hex digits of a digest that stand beside the number where there is no QR to scan


def short_code(digest: str) -> str:
    """The code printed under the number; with the number it finds the paper."""
    return digest[:CODE_LENGTH].upper()


def verify_address(digest: str) -> str:
    """Where anybody may ask whether the portal issued a paper of this digest."""
    return f"{settings.SITE_URL.rstrip('/')}{reverse('verify')}?{urlencode({'digest': digest})}"


def paper_of(submission: Submission, kind: str) -> dict[str, Any]:
    """The context of a paper's template; amounts in 元."""
    return _paper(submission, submission, submission.materials, submission.digest) | {
        "title": f"制造业新型技术改造项目{kind}",
        "document_number": submission.project.number,
    }


def sheet_of(draft: Draft, sheet: SealSheet, declaration: str) -> dict[str, Any]:
    """The same for a draft that is printed to be sealed: it says so, and its digest leaves out the materials."""
    project, totals = draft.project, amounts.totals_of(draft)
    filing = Submission(
        project=project, track=project.track, submitted_at=sheet.printed_at, submitted_by=sheet.printed_by,
        enterprise_name=project.enterprise.name, uscc=project.enterprise.uscc, investment=totals.investment,
        land_and_building=totals.land_and_building, declaration=declaration, digest=sheet.content,
        chain_leader=ChainLeaderCertificate.covers(project.enterprise_id, today(sheet.printed_at)),
        **{name: getattr(draft, name) for name in sections.FILING_FIELDS},
    )  # fmt: skip
    others = draft.materials.exclude(requirement__code=sealing.SEALED)
    return _paper(filing, draft, others, sheet.content) | {
        "title": "制造业新型技术改造项目申报书",
        "document_number": project.number or "（盖章稿，首次提交时编号）",
        "sheet": sheet,
        "code": sealing.code_of(sheet),
    }


def _paper(filing: Submission, kept: Draft | Submission, materials: Any, digest: str) -> dict[str, Any]:
    """What both say; `kept` is the row its lines hang on."""
    return {
        "project": filing.project,
        "submission": filing,
        "track": str(Track(filing.track).label),
        "industry": industries.label_of(filing.industry),
        "task": reference.task_name(filing.task),
        "phone": mask_phone(filing.contact_phone) if filing.contact_phone else "",
        "lines": [(line, str(Category(line.category).label), bought_by(line)) for line in kept.lines.all()],
        "totals": amounts.totals_of(kept),
        "materials": list(materials.select_related("requirement", "file")),
        "code": short_code(digest),
        "verify_address": f"{settings.SITE_URL.rstrip('/')}{reverse('verify')}",
        "verify_qr": documents.qr(verify_address(digest)),
    }


def bought_by(line: InvestmentLine) -> str:
    """By which contract, invoice and payment a line was bought, in one cell: 合同 HT-17，2026年1月15日；发票 …；付给 …."""
    parts = (
        ("合同", (line.contract_number, line.contracted_on, _sum(line.contract_amount))),
        ("发票", (line.invoice_number, line.invoiced_on)),
        ("付给", (line.payee, line.paid_on, _sum(line.paid))),
    )
    told = [(word, "，".join(_told(one) for one in said if one)) for word, said in parts]
    return "；".join(f"{word} {said}" for word, said in told if said)


def _told(said: str | date) -> str:
    return cn_date(said) if isinstance(said, date) else said


def _sum(amount: Decimal | None) -> str:
    return "" if amount is None else f"{yuan(amount)} 元"
