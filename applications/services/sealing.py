"""The sealed 申报书: printed from the draft with a QR code, and its scan tied to the state of the draft it was printed from."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction

from applications.facts import sealing
from applications.models import DraftMaterial, Project, SealReading, SealSheet
from applications.services.drafts import DraftRefused, open_draft
from core import barcodes, jobs
from core.models import Job
from core.people import SYSTEM, Actor, as_user


def print_sheet(project: Project, *, actor: Actor, at: datetime, back: str = "") -> Job:
    """The job that prints the 申报书 as the draft stands now, to be sealed. Raises NotYours, Overtaken."""
    with transaction.atomic():
        draft = open_draft(project, actor)
        sheet, _ = SealSheet.objects.get_or_create(
            draft=draft, content=sealing.content_of_draft(draft),
            defaults={"printed_at": at, "printed_by": as_user(actor)},
        )  # fmt: skip
        return jobs.enqueue(
            "filing.seal_sheet", by=actor, facts={"sheet": sheet.pk, "back": back},
            key=f"sheet-{sheet.pk}-person-{as_user(actor).pk}", title=f"申报书（盖章稿）：{draft.title}", at=at,
        )  # fmt: skip


def ask_for_reading(material: DraftMaterial, *, at: datetime) -> None:
    """Have a job look for the QR code on a scan that was put to the entry of the sealed 申报书."""
    DraftMaterial.objects.filter(pk=material.pk).update(sheet=None, seal_reading=SealReading.WAITING)
    facts = {"material": material.pk, "file": material.file_id}
    jobs.enqueue("material.seal", by=SYSTEM, facts=facts, key=f"{material.pk}-{material.file_id}", at=at)


def read_seal(material: DraftMaterial) -> str:
    """Look for our QR code on the pages of a scan, and tie the scan to the sheet it names. Returns the SealReading."""
    digests = sealing.digests_in(barcodes.texts_in(material.file))
    sheet = SealSheet.objects.filter(draft=material.draft_id, content__in=digests).first()
    reading = SealReading.QR if sheet else SealReading.UNREAD
    waiting = DraftMaterial.objects.filter(
        pk=material.pk, file=material.file_id, seal_reading=SealReading.WAITING
    )  # neither replaced nor told by hand meanwhile
    waiting.update(sheet=sheet, seal_reading=reading)
    return reading


def tell_seal(material: DraftMaterial, *, code: str, actor: Actor, at: datetime) -> SealSheet:
    """Tie a scan to a sheet by the code under its QR code. Raises DraftRefused for a code of no sheet of this draft."""
    typed = re.sub(r"[\s\-]", "", code).lower()
    with transaction.atomic():
        draft = open_draft(material.draft.project, actor)
        sheets = draft.sheets.filter(content__startswith=typed) if re.fullmatch(r"[0-9a-f]{12}", typed) else None
        sheet = sheets.first() if sheets else None
        if sheet is None:
            raise DraftRefused("没有这个编码的申报书。请核对二维码下的 12 位编码（0–9、A–F）。")
        draft.materials.filter(pk=material.pk).update(sheet=sheet, seal_reading=SealReading.TYPED)
    return sheet
