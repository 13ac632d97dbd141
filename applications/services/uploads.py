"""Large materials in parts: opened, sent piece by piece, taken up again by anybody of the enterprise, and finished."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.base import File
from django.db import transaction

from applications.models import CallMaterial, DraftMaterial, MaterialUpload, Project, UploadPart
from applications.services.drafts import DraftRefused, open_draft
from applications.services.materials import MATERIAL_TYPES, attach_material, refuse_beyond_total, refuse_entry
from core import files, parts
from core.files import FileRefused
from core.people import Actor, as_user

KEPT = timedelta(days=7)  # since the last part
MOST_OPEN = 20  # unfinished uploads of one draft


class OutOfStep(Exception):
    """The part does not begin where the content received so far ends; `received` says where that is (bytes)."""

    def __init__(self, received: int) -> None:
        super().__init__("分段的位置与已收到的内容不相接。")
        self.received = received


def open_upload(
    project: Project,
    requirement: CallMaterial,
    *,
    name: str,
    size: int,
    mark: str,
    actor: Actor,
    at: datetime,
    sha256: str = "",
    replaces: DraftMaterial | None = None,
) -> MaterialUpload:
    """Begin to send a file of `size` bytes, or go on with the same file where its sending stopped.

    `mark` tells the same file again: its SHA-256, or whatever the browser knows of it. Raises FileRefused for a name
    or size that will not do, DraftRefused for an entry that takes no file, NotYours and Overtaken as any change.
    """
    refuse_entry(project, requirement)
    with transaction.atomic():
        draft = open_draft(project, actor)
        files.refuse_size(size, limit=settings.MATERIAL_LIMIT_BYTES)
        refuse_beyond_total(draft, size, replaces)
        known = draft.uploads.filter(
            requirement=requirement, replaces=replaces, size=size, mark=mark, expires_at__gt=at
        ).first()
        if known is not None:
            return known
        if draft.uploads.count() >= MOST_OPEN:
            raise FileRefused(f"没有传完的文件已有 {MOST_OPEN} 份，请先传完或取消其中的一些。")
        return MaterialUpload.objects.create(
            draft=draft, requirement=requirement, replaces=replaces, name=files.clean_name(name), size=size, mark=mark,
            sha256=sha256, opened_at=at, opened_by=as_user(actor), expires_at=at + KEPT,
        )  # fmt: skip


def put_part(upload: MaterialUpload, *, offset: int, content: bytes, actor: Actor, at: datetime) -> MaterialUpload:
    """Keep one part that begins at `offset` bytes and return where the upload stands now.

    A part that has come already changes nothing. Raises OutOfStep for a gap, FileRefused for more than was promised.
    """
    open_draft(upload.draft.project, actor, lock=False)
    if offset + len(content) > upload.size or not content or len(content) > parts.MOST_PART_BYTES:
        raise FileRefused("收到的内容与文件大小不符，请重新选择文件上传。")
    if offset + len(content) <= upload.received:
        return upload
    if offset != upload.received:
        raise OutOfStep(upload.received)
    name = parts.keep(str(upload.pk), offset, content)  # outside the transaction: a slow store holds no lock
    with transaction.atomic():
        came = MaterialUpload.objects.filter(pk=upload.pk, received=offset).update(
            received=offset + len(content), expires_at=at + KEPT
        )
        if came:
            UploadPart.objects.create(upload=upload, offset=offset, size=len(content), name=name)
    if not came:  # another window sent the same part meanwhile
        parts.drop([name])
    return MaterialUpload.objects.select_related("draft__project", "requirement").get(pk=upload.pk)


def finish_upload(upload: MaterialUpload, *, actor: Actor, at: datetime) -> DraftMaterial:
    """Join the parts, check the whole as any other file, and put it to the draft; the parts are gone afterwards.

    Raises OutOfStep while parts are missing, FileRefused for a file that is not what was promised or not accepted.
    """
    project = upload.draft.project
    draft = open_draft(project, actor, lock=False)
    if upload.received != upload.size:
        raise OutOfStep(upload.received)
    refuse_beyond_total(draft, upload.size, upload.replaces)
    try:
        stored = _whole(upload, actor, at)
    except FileRefused:
        cancel_upload(upload, actor=actor)
        raise
    names = list(upload.parts.values_list("name", flat=True))
    with transaction.atomic():
        gone, _ = MaterialUpload.objects.filter(pk=upload.pk).delete()
        if not gone:
            raise DraftRefused("这份文件刚刚已由另一个窗口传完，请刷新页面。")
        material = attach_material(
            project, upload.requirement, file=stored, actor=actor, at=at, replaces=upload.replaces
        )
    parts.drop(names)
    return material


def _whole(upload: MaterialUpload, actor: Actor, at: datetime) -> files.StoredFile:
    names = upload.parts.order_by("offset").values_list("name", flat=True)
    try:
        with parts.joined(names) as whole:
            stored = files.store(
                File(whole, name=upload.name), kind=f"material:{upload.requirement.code}", by=actor, at=at,
                allowed=MATERIAL_TYPES, limit=settings.MATERIAL_LIMIT_BYTES, scan_later=True, promised=upload.sha256,
            )  # fmt: skip
    except FileNotFoundError:
        raise FileRefused("已收到的部分不完整，请重新选择文件上传。") from None
    return stored


def cancel_upload(upload: MaterialUpload, *, actor: Actor) -> None:
    """Throw away what has come of a file."""
    open_draft(upload.draft.project, actor, lock=False)
    _drop(upload)


def drop_expired_uploads(at: datetime) -> int:
    """Throw away what nobody went on with for a week. Returns how many."""
    left = list(MaterialUpload.objects.filter(expires_at__lte=at).order_by("expires_at")[:200])
    for upload in left:
        _drop(upload)
    return len(left)


def _drop(upload: MaterialUpload) -> None:
    names = list(upload.parts.values_list("name", flat=True))
    upload.delete()
    parts.drop(names)
