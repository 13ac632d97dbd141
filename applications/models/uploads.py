"""A large file on its way to a draft: what was promised, which parts have come, and until when they are kept."""

from __future__ import annotations

import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from applications.models.filings import Draft, DraftMaterial
from core.models import ScopedQuerySet


class OfDraftQuerySet(ScopedQuerySet):
    """Rows as visible as the draft they belong to: to its enterprise alone."""

    def _visible_to_person(self, user: Any) -> Self:
        return self.filter(draft__in=Draft.objects.visible_to(user))


class MaterialUpload(models.Model):
    """One file being sent in parts to one entry of the call's list; anybody of the enterprise may go on with it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draft = models.ForeignKey(Draft, models.CASCADE, related_name="uploads")
    requirement = models.ForeignKey("applications.CallMaterial", models.CASCADE, related_name="+")
    replaces = models.ForeignKey(DraftMaterial, models.CASCADE, null=True, blank=True, related_name="+")
    name = models.CharField("文件名", max_length=255)
    size = models.PositiveBigIntegerField("大小（字节）")
    mark = models.CharField("识别标记", max_length=80)  # SHA-256 of the whole, or what the browser knows of the file
    sha256 = models.CharField("内容指纹", max_length=64, blank=True)  # promised at the opening; asked for at the finish
    received = models.PositiveBigIntegerField("已收到（字节）", default=0)
    opened_at = models.DateTimeField("开始")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    expires_at = models.DateTimeField("保留至")

    objects = OfDraftQuerySet.as_manager()

    class Meta:
        verbose_name = "未传完的材料"
        ordering = ["opened_at"]
        indexes = [models.Index(name="uploads_by_expiry", fields=["expires_at"])]
        constraints = [
            models.CheckConstraint(
                name="an_upload_receives_no_more_than_its_size", condition=Q(received__lte=F("size"))
            )
        ]

    def __str__(self) -> str:
        return self.name


class UploadPart(models.Model):
    """One part that has come: where it begins, how long it is, and its name in private storage."""

    upload = models.ForeignKey(MaterialUpload, models.CASCADE, related_name="parts")
    offset = models.PositiveBigIntegerField("起点（字节）")
    size = models.PositiveIntegerField("大小（字节）")
    name = models.CharField("存放名", max_length=120)

    class OfUploadQuerySet(ScopedQuerySet):
        def _visible_to_person(self, user: Any) -> Self:
            return self.filter(upload__in=MaterialUpload.objects.visible_to(user))

    objects = OfUploadQuerySet.as_manager()

    class Meta:
        verbose_name = "材料分段"
        ordering = ["offset"]
        constraints = [models.UniqueConstraint(name="one_part_at_an_offset", fields=["upload", "offset"])]

    def __str__(self) -> str:
        return f"{self.upload_id}:{self.offset}"


class MaterialVersion(models.Model):
    """A file that stood in a draft's material before another took its place; as readable as the draft."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="material_versions")
    material = models.ForeignKey(DraftMaterial, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField("第几版")
    file = models.ForeignKey("core.StoredFile", models.PROTECT, related_name="+")
    added_at = models.DateTimeField("上传时间")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField("替换时间")
    replaced_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = OfDraftQuerySet.as_manager()

    class Meta:
        verbose_name = "材料旧版"
        ordering = ["material", "-number"]
        constraints = [
            models.UniqueConstraint(name="versions_of_a_material_are_counted", fields=["material", "number"])
        ]

    def __str__(self) -> str:
        return f"{self.material_id}:{self.number}"
