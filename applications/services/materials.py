"""The materials of a draft: put, replaced by a newer version, removed; looked at by the scanner and drawn as pages after."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from applications.facts.sealing import SEALED
from applications.models import CallMaterial, Draft, DraftMaterial, MaterialVersion, Project
from applications.services import anonymity
from applications.services.drafts import DraftRefused, open_draft, touch
from applications.services.invoices import read_invoice
from applications.services.scanning import ask_for_scan
from applications.services.sealing import ask_for_reading
from core import files, previews
from core.models import StoredFile
from core.people import Actor, as_user

MATERIAL_TYPES = ("pdf", "ofd", "jpg", "png", "xlsx", "xml")


def add_material(
    project: Project,
    requirement: CallMaterial,
    *,
    upload: Any,
    actor: Actor,
    at: datetime,
    replaces: DraftMaterial | None = None,
) -> DraftMaterial:
    """Put one uploaded file to an entry of the call's list, in place of another where `replaces` is given.

    Raises core.files.FileRefused for a file of the wrong kind or size, DraftRefused as `refuse_entry` does.
    """
    refuse_entry(project, requirement)
    draft = open_draft(project, actor, lock=False)
    refuse_beyond_total(draft, upload.size, replaces)
    stored = files.store(
        upload, kind=f"material:{requirement.code}", by=actor, at=at, allowed=MATERIAL_TYPES,
        limit=settings.MATERIAL_LIMIT_BYTES, scan_later=True,
    )  # fmt: skip
    return attach_material(project, requirement, file=stored, actor=actor, at=at, replaces=replaces)


def refuse_entry(project: Project, requirement: CallMaterial) -> None:
    """Raise DraftRefused for an entry of another call, and for one that is handed over on paper alone."""
    if requirement.call_id != project.call_id:
        raise DraftRefused("这份材料不在本批次的清单里。")
    if requirement.confidential:
        raise DraftRefused("涉密材料不能上传，请按申报通知线下报送。")


def attach_material(
    project: Project,
    requirement: CallMaterial,
    *,
    file: StoredFile,
    actor: Actor,
    at: datetime,
    replaces: DraftMaterial | None = None,
) -> DraftMaterial:
    """The same with a file that is stored already; the version it replaces stays with the draft."""
    with transaction.atomic():
        draft = open_draft(project, actor)
        old = draft.materials.filter(pk=replaces.pk, requirement=requirement).first() if replaces else None
        if old is not None:
            material = _next_version(old, file, actor, at)
        else:
            material = DraftMaterial.objects.create(
                draft=draft, requirement=requirement, file=file, added_at=at, added_by=as_user(actor)
            )
        touch(draft, actor, at, "materials")
        _after_arrival(material, at)
    return material


def _next_version(material: DraftMaterial, file: StoredFile, actor: Actor, at: datetime) -> DraftMaterial:
    MaterialVersion.objects.create(
        draft=material.draft, material=material, number=material.version, file=material.file,
        added_at=material.added_at, added_by=material.added_by, replaced_at=at, replaced_by=as_user(actor),
    )  # fmt: skip
    material.file, material.version = file, material.version + 1
    material.blind_signs = []  # they were those of the file before
    material.added_at, material.added_by = at, as_user(actor)
    material.save()
    return material


def _after_arrival(material: DraftMaterial, at: datetime) -> None:
    """The scanner looks first; pages are drawn, and a seal is looked for, of what it let pass. An invoice is read."""
    read_invoice(material.file)
    if material.file.is_waiting:
        ask_for_scan(material.file, at=at)
        return
    previews.ask_for(material.file, at=at)
    if material.requirement.code == SEALED:
        ask_for_reading(material, at=at)
    anonymity.ask_for_reading(material, at=at)


def remove_material(material: DraftMaterial, *, actor: Actor, at: datetime) -> None:
    """Take a file and its older versions off the draft. What was submitted earlier keeps it."""
    with transaction.atomic():
        draft = open_draft(material.draft.project, actor)
        draft.materials.filter(pk=material.pk).delete()
        touch(draft, actor, at, "materials")


def bytes_used(draft: Draft, *, without: DraftMaterial | None = None) -> int:
    """How many bytes the draft's materials hold; replaced versions do not count."""
    rows = draft.materials.exclude(pk=without.pk) if without else draft.materials
    return rows.aggregate(sum=Sum("file__size"))["sum"] or 0


def refuse_beyond_total(draft: Draft, size: int, replaces: DraftMaterial | None) -> None:
    """Raise FileRefused where this file would pass the limit of all materials of a draft together."""
    most, used = settings.MATERIALS_LIMIT_BYTES, bytes_used(draft, without=replaces)
    if used + size > most:
        raise files.FileRefused(
            f"全部材料合计不能超过 {files.megabytes(most)}，已用 {files.megabytes(used)}；"
            "请先移除不需要的文件，或压缩后重新上传。"
        )
