"""What a sealed 申报书 stands for: the content of a draft when it was printed, and whether that is still what stands."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from applications.facts import sections
from applications.models import Draft, DraftMaterial, SealReading, SealSheet, Submission
from core.encryption import keyed_hash

SEALED = "application-form"  # the code of 材料 1 in a call's list: 申报书（盖章扫描件）
CODE_LENGTH = 12
HASHED = ("contact_phone",)
DIGEST = re.compile(r"digest=([0-9a-f]{64})")


def content_of_draft(draft: Draft, lines: list[dict[str, Any]] | None = None) -> str:
    """SHA-256 over everything the 申报书 says of a draft: fields and lines (given where read already), not the materials."""
    project = draft.project
    of = (project.enterprise.name, project.enterprise.uscc, project.track)
    return _content(draft, sections.lines_of(draft) if lines is None else lines, of)


def content_of_submission(submission: Submission) -> str:
    """The same over what was handed in; equal to the draft's where nothing was changed between."""
    lines = list(submission.lines.order_by("position").values(*sections.LINE_FIELDS))
    return _content(submission, lines, (submission.enterprise_name, submission.uscc, submission.track))


def _content(filing: Any, lines: list[dict[str, Any]], of: tuple[str, ...]) -> str:
    fields = {name: getattr(filing, name) for name in sections.FILING_FIELDS}
    fields |= {name: keyed_hash(fields[name]) for name in HASHED}
    said = {"fields": fields, "lines": sections.as_told(lines), "of": of}
    text = json.dumps(said, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def code_of(sheet: SealSheet) -> str:
    """The code printed under the QR code, to be typed where the scan cannot be read."""
    return sheet.content[:CODE_LENGTH].upper()


def digests_in(texts: list[str]) -> list[str]:
    """The digests that QR codes of ours name, in order."""
    return [found[1] for text in texts if (found := DIGEST.search(text))]


@dataclass(frozen=True, slots=True)
class Seal:
    """One scan of a sealed 申报书: the draft's file, and how it stands to the draft now."""

    material: DraftMaterial
    current: bool
    printed_at: datetime | None

    @property
    def is_waiting(self) -> bool:
        return self.material.seal_reading == SealReading.WAITING

    @property
    def is_unread(self) -> bool:
        return self.material.sheet_id is None and not self.is_waiting


def files_of(draft: Draft) -> list[DraftMaterial]:
    """The draft's materials with what is asked of each: its entry, its file, its sheet; one query."""
    return list(draft.materials.select_related("requirement", "file", "sheet", "added_by"))


def seals_of(draft: Draft, files: list[DraftMaterial], lines: list[dict[str, Any]] | None = None) -> list[Seal]:
    """The scans of its sealed 申报书 among a draft's files. The draft's content is asked for only where there is one."""
    rows = [row for row in files if row.requirement.code == SEALED]
    content = content_of_draft(draft, lines) if any(row.sheet_id for row in rows) else ""
    return [
        Seal(row, bool(row.sheet) and row.sheet.content == content, row.sheet.printed_at if row.sheet else None)
        for row in rows
    ]


def what_is_wrong(seals: list[Seal]) -> str:
    """Why none of these scans seals what stands now, as a sentence for the person; "" where one does, or none is there."""
    if not seals or any(seal.current for seal in seals):
        return ""
    if any(seal.is_waiting for seal in seals):
        return "申报书盖章扫描件正在读取二维码，通常只要几秒钟，请稍后刷新。"
    printed = [seal.printed_at for seal in seals if seal.printed_at]
    if printed:
        return "申报书打印之后内容又有修改，盖章扫描件与现在的内容不符。请重新生成、打印、盖章并替换扫描件。"
    return "申报书盖章扫描件上没有读到二维码，请在“申报材料”中输入二维码下的 12 位编码，或重新扫描。"
