"""A 匿名稿 is read when it arrives: what tells who filed is shown to the enterprise, and must go before it submits."""

from __future__ import annotations

from datetime import datetime

from applications.facts import anonymity
from applications.models import DraftMaterial
from core import jobs, previews
from core.people import SYSTEM


def ask_for_reading(material: DraftMaterial, *, at: datetime) -> None:
    """Have a job read a PDF that experts of a blind call will see; asks nothing for any other file."""
    if not anonymity.is_blind_copy(material):
        return
    is_read = material.file.content_type == previews.PDF
    DraftMaterial.objects.filter(pk=material.pk).update(blind_signs=None if is_read else [])
    if is_read:
        facts = {"material": material.pk, "file": material.file_id}
        jobs.enqueue("material.blind", by=SYSTEM, facts=facts, key=f"{material.pk}-{material.file_id}", at=at)


def read_blind_copy(material: DraftMaterial) -> list[str]:
    """Look for names of the applicant in a 匿名稿 and keep where they stand. A PDF that cannot be read tells nothing."""
    try:
        properties, text = previews.words_in(material.file)
        signs = anonymity.signs_in(properties, text, anonymity.names_of(material.draft))
    except previews.CannotDraw:
        signs = []
    DraftMaterial.objects.filter(pk=material.pk, file=material.file_id).update(blind_signs=signs)
    return signs
