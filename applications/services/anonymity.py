"""A 匿名稿 is read when it arrives, and again when a name to look for has changed: what tells who filed must go first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from applications.facts import anonymity
from applications.models import Draft, DraftMaterial, Project
from applications.states import BEFORE_AWARD
from core import jobs, previews
from core.models import Job, Organisation
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


def read_again(drafts: Iterable[int], *, at: datetime) -> None:
    """Have the blind copies of these drafts (keys) read again, for a name that is looked for in them is another now."""
    for material in DraftMaterial.objects.filter(draft__in=list(drafts), requirement__blind=True):
        if material.file.is_fit_for_others:  # any other is read when the scanner has let it pass
            ask_for_reading(material, at=at)


def read_all_again(enterprise: Organisation, *, at: datetime) -> None:
    """The same for every draft of an enterprise that may still be submitted: those under review may come back.

    Asked in small steps: most enterprises have no draft, and one question over all these tables may be planned badly.
    """
    own = list(Project.objects.filter(enterprise=enterprise, state__in=BEFORE_AWARD).values_list("pk", flat=True))
    if own:
        read_again(Draft.objects.filter(project__in=own).values_list("pk", flat=True), at=at)


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
