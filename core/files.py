"""Private files: what may be stored, where it lies, and how it is handed out. Who may read is the caller's question.

Content lies under its SHA-256; the same content twice is one object and two rows. Nothing half written is ever visible
under its name: a temporary file is renamed when it is whole.
"""

from __future__ import annotations

import hashlib
import io
import os
import sys
import tempfile
import unicodedata
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.http import FileResponse

from core import filetypes, people, virusscan
from core.filetypes import FileRefused
from core.models.files import ScanState, StoredFile

if TYPE_CHECKING:
    from core.people import Actor

__all__ = ["FileRefused", "file_response", "open_stored", "store", "store_bytes"]

CHUNK = 256 * 1024
LONGEST_NAME = 200
SHOWN_IN_BROWSER = frozenset({"application/pdf", "image/jpeg", "image/png"})
ALONE = "default-src 'none'; sandbox; frame-ancestors 'self'"
# Chromium shows no PDF under `sandbox`; its viewer runs outside our origin, so nothing in the file can act for us.
PDF_ALONE = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"


def store(
    upload: Any,
    *,
    kind: str,
    by: Actor,
    at: datetime,
    allowed: Collection[str] = filetypes.ALL,
    limit: int = 0,
    scan_later: bool = False,
    promised: str = "",
) -> StoredFile:
    """Check, scan and keep one upload (a Django UploadedFile) and return its row.

    `kind` says what the file is for; `allowed` names accepted types by extension ("pdf", "ofd", …). The type is read
    from the content, and the kept name gets the extension of that type. `limit` in bytes, by default the portal's.
    `scan_later`: where uploads are scanned, the row waits for a job of the caller's to ask the scanner. `promised`:
    the SHA-256 the content must have. Raises FileRefused with a text for the person.
    """
    name = clean_name(upload.name or "")
    source = _rewound(upload)
    sha256, size = _fingerprint(source, limit=limit or settings.UPLOAD_LIMIT_BYTES)
    if promised not in ("", sha256):
        raise FileRefused("收到的内容与您选择的文件不一致，可能上传期间文件被修改；请重新选择文件上传。")
    found = filetypes.recognise(source, size=size, allowed=allowed)
    source.seek(0)
    scanned = ScanState.WAITING if scan_later and virusscan.is_on() else virusscan.scan(source)
    _put(source, sha256, size)
    return _row(sha256, size, found, name, kind, by, at, scanned)


def store_bytes(content: bytes, *, name: str, kind: str, by: Actor, at: datetime) -> StoredFile:
    """Keep a document the portal made itself (no size limit, no scan) and return its row."""
    source = io.BytesIO(content)
    found = filetypes.recognise(source, size=len(content), allowed=filetypes.ALL)
    sha256 = hashlib.sha256(content).hexdigest()
    _put(source, sha256, len(content))
    return _row(sha256, len(content), found, clean_name(name), kind, by, at, ScanState.GENERATED)


def store_archive(source: IO[bytes], *, name: str, kind: str, by: Actor, at: datetime) -> StoredFile:
    """Keep a zip the portal packed itself, read from `source` piece by piece, and return its row."""
    sha256, size = _fingerprint(_rewound(source), limit=sys.maxsize)
    _put(source, sha256, size)
    return _row(sha256, size, filetypes.Found("zip"), clean_name(name), kind, by, at, ScanState.GENERATED)


def open_stored(stored: StoredFile) -> IO[bytes]:
    """The content, opened for reading. Raises FileNotFoundError when private storage lost it."""
    return _storage().open(stored.storage_name, "rb")


def read_stored(stored: StoredFile) -> bytes:
    """The whole content, checked against its fingerprint. Raises ValueError when it was changed."""
    with open_stored(stored) as file:
        content = file.read()
    if hashlib.sha256(content).hexdigest() != stored.sha256:
        raise ValueError(f"文件“{stored.original_name}”的内容与登记的指纹不符。")
    return content


def file_response(stored: StoredFile, *, as_attachment: bool = True, name: str = "") -> FileResponse:
    """Hand out one file; the caller has asked whether this person may have it. `name`: another one than it was kept under.

    Only PDF and pictures are shown in the browser; everything else is always a download.
    """
    attachment = as_attachment or stored.content_type not in SHOWN_IN_BROWSER
    response = FileResponse(
        open_stored(stored),
        as_attachment=attachment,
        filename=name or stored.original_name,
        content_type=stored.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = (
        PDF_ALONE if stored.content_type == "application/pdf" and not attachment else ALONE
    )
    response["Cache-Control"] = "private, no-store"
    response["Content-Length"] = str(stored.size)
    return response


def clean_name(name: str) -> str:
    """The name as it is kept: NFC, at most 200 characters. Raises FileRefused for paths and invisible characters."""
    name = unicodedata.normalize("NFC", name).strip()
    if not name or name.strip(".") == "":
        raise FileRefused("文件没有名称，请给文件起名后重新上传。")
    if "/" in name or "\\" in name:
        raise FileRefused("文件名中含有路径符号（/ 或 \\），请改名后重新上传。")
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp") for sign in name):
        raise FileRefused("文件名中含有不可见字符，请改名后重新上传。")
    stem, dot, extension = name.rpartition(".")
    if len(name) > LONGEST_NAME and dot and len(extension) <= 10:
        return stem[: LONGEST_NAME - len(extension) - 1] + dot + extension
    return name[:LONGEST_NAME]


def _rewound(upload: Any) -> IO[bytes]:
    source: IO[bytes] = getattr(upload, "file", upload)
    source.seek(0)
    return source


def _fingerprint(source: IO[bytes], *, limit: int) -> tuple[str, int]:
    """SHA-256 and true size. Stops reading and refuses at the limit, whatever size was declared."""
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(CHUNK):
        size += len(chunk)
        refuse_size(size, limit=limit)
        digest.update(chunk)
    refuse_size(size, limit=limit)
    return digest.hexdigest(), size


def refuse_size(size: int, *, limit: int) -> None:
    """Raise FileRefused for an empty file and for one of more than `limit` bytes."""
    if size > limit:
        raise FileRefused(f"文件超过 {megabytes(limit)}，请压缩图片、降低扫描分辨率或拆分后重新上传。")
    if size <= 0:
        raise FileRefused("文件是空的，请检查文件能否打开后重新上传。")


def megabytes(size: int) -> str:
    """A size in bytes for people: 20 MB, 120 KB."""
    return f"{size / (1024 * 1024):.4g} MB" if size >= 1024 * 1024 else f"{size / 1024:.4g} KB"


def _storage() -> Storage:
    return storages["private"]


def _put(source: IO[bytes], sha256: str, size: int) -> None:
    """Write the content under its fingerprint unless it is there, whole."""
    storage = _storage()
    name = StoredFile(sha256=sha256).storage_name
    source.seek(0)
    if storage.exists(name) and storage.size(name) == size:
        return
    if not isinstance(storage, FileSystemStorage):  # an object store: its own write is all or nothing
        storage.save(name, File(source, name=name))
        return
    _write_whole(Path(storage.path(name)), source)


def _write_whole(target: Path, source: IO[bytes]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as file:
            while chunk := source.read(CHUNK):
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _row(
    sha256: str, size: int, found: filetypes.Found, name: str, kind: str, by: Actor, at: datetime, scanned: str
) -> StoredFile:
    return StoredFile.objects.create(
        sha256=sha256,
        size=size,
        content_type=found.content_type,
        original_name=found.named(name),
        kind=kind,
        uploaded_by=people.as_user(by),
        uploaded_at=at,
        scan_state=scanned,
        warning=found.warning,
    )
