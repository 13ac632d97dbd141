"""A 匿名稿 is read when it arrives, and again when a name to look for has changed: what tells who filed must go first."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from applications.facts import anonymity
from applications.models import Draft, DraftMaterial
from applications.states import State
from core import jobs, previews
from core.models import Job
from core.people import SYSTEM


def ask_for_reading(material: DraftMaterial, *, at: datetime) -> None:
    """Have a job read a PDF that experts of a blind call will see; asks nothing for any other file."""
    if not anonymity.is_blind_copy(material):
        return
    is_read, key = anonymity.is_read(material), anonymity.reading_key(material)
    DraftMaterial.objects.filter(pk=material.pk).update(blind_signs=None if is_read else [])
    if is_read:
        Job.objects.filter(kind=anonymity.READING, key=key).delete()  # an earlier reading looked for other names
        facts = {"material": material.pk, "file": material.file_id}
        jobs.enqueue(anonymity.READING, by=SYSTEM, facts=facts, key=key, at=at)


def read_again(drafts: QuerySet[Draft], *, at: datetime) -> None:
    """Have the blind copies of these drafts read again, for a name that is looked for in them is another now."""
    copies = DraftMaterial.objects.filter(
        draft__in=drafts, draft__project__state__in=(State.DRAFT, State.CORRECTION),
        draft__project__call__blind_review=True, requirement__blind=True,
    )  # fmt: skip
    for material in copies.select_related("requirement", "file", "draft__project__call"):
        if material.file.is_fit_for_others:  # any other is read when the scanner has let it pass
            ask_for_reading(material, at=at)


def read_blind_copy(material: DraftMaterial) -> list[str]:
    """Look for names of the applicant in a 匿名稿 and keep where they stand. A PDF that cannot be read tells nothing."""
    try:
        properties, text = previews.words_in(material.file)
    except previews.CannotDraw:
        properties = text = ""
    draft = Draft.objects.select_related("project__enterprise__profile").get(pk=material.draft_id)  # as they are by now
    signs = anonymity.signs_in(properties, text, anonymity.names_of(draft))
    DraftMaterial.objects.filter(pk=material.pk, file=material.file_id).update(blind_signs=signs)
    return signs
