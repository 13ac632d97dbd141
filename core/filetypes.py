"""What a file is, read from its content: PDF, OFD, JPG, PNG, XLSX, XML, and nothing else."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from typing import IO

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "ofd": "application/ofd",
    "jpg": "image/jpeg",
    "png": "image/png",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
}
ALL = tuple(CONTENT_TYPES)
PAPERS = ("pdf", "ofd", "jpg", "png")  # what a signed or sealed paper comes as
ARCHIVE = {"zip": "application/zip"}  # made by the portal alone, never taken from anybody
SAME_TYPE = {"jpeg": "jpg", "jpe": "jpg"}
MOST_ENTRIES = 5_000
MOST_UNPACKED = 300 * 1024 * 1024
HIGHEST_RATIO = 200
HEAD = 4096


class FileRefused(Exception):
    """The file cannot be accepted; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Found:
    """The recognised type, by its usual extension, and a warning for the person if there is one."""

    extension: str
    warning: str = ""

    @property
    def content_type(self) -> str:
        return {**CONTENT_TYPES, **ARCHIVE}[self.extension]

    def named(self, name: str) -> str:
        """The name with the extension of the content; one that says the same already stays as typed."""
        stem, dot, extension = name.rpartition(".")
        typed = extension.lower()
        if dot and SAME_TYPE.get(typed, typed) == self.extension:
            return name
        has_extension = dot and stem and re.fullmatch(r"[A-Za-z][A-Za-z0-9]{1,4}", extension)
        return f"{stem if has_extension else name}.{self.extension}"


def recognise(source: IO[bytes], *, size: int, allowed: Collection[str]) -> Found:
    """Read what the file is. Raises FileRefused for other types, macros, archives that unpack without measure."""
    source.seek(0)
    head = source.read(HEAD)
    found = _recognise(source, head, size)
    if found.extension not in allowed:
        raise FileRefused(f"这里不能上传 {found.extension.upper()} 文件，请上传 {listed(allowed)}。")
    return found


def listed(allowed: Collection[str]) -> str:
    """PDF、OFD 或 JPG."""
    names = [name.upper() for name in ALL if name in allowed]
    return "、".join(names[:-1]) + (" 或 " if len(names) > 1 else "") + names[-1]


def _recognise(source: IO[bytes], head: bytes, size: int) -> Found:
    if head.startswith(b"%PDF-"):
        return _pdf(source, size)
    if head.startswith(b"\xff\xd8\xff"):
        return Found("jpg")
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Found("png")
    if head.startswith(b"PK\x03\x04"):
        return _package(source)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileRefused("这是旧版 Office 文件（.xls、.doc），请另存为 .xlsx 或 PDF 后重新上传。")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml"):
        return _xml(source)
    raise FileRefused(f"无法识别这个文件的类型，请上传 {listed(ALL)}；文件类型按内容判断，改扩展名不起作用。")


def _pdf(source: IO[bytes], size: int) -> Found:
    source.seek(0)
    content = source.read()
    if b"%%EOF" not in content[-HEAD:]:
        raise FileRefused("PDF 文件不完整，可能没有下载或扫描完成，请重新生成后上传。")
    if b"/Encrypt" in content:
        return Found("pdf", warning="这份 PDF 设有加密，审核人可能打不开；建议取消密码后重新上传。")
    return Found("pdf")


def _xml(source: IO[bytes]) -> Found:
    source.seek(0)
    content = source.read()
    if re.search(rb"<!\s*(DOCTYPE|ENTITY)", content, re.IGNORECASE):
        raise FileRefused("XML 文件含有外部定义（DOCTYPE），不能上传；请从开票平台重新下载原始文件。")
    root = re.search(rb"<([A-Za-z_][\w.\-]*:)?([A-Za-z_][\w.\-]*)", content)
    if root is None or root[2].lower() in (b"html", b"svg", b"stylesheet", b"transform"):
        raise FileRefused("这不是数据 XML 文件，请上传数电票等原始 XML，或改传 PDF。")
    return Found("xml")


def _package(source: IO[bytes]) -> Found:
    """OFD or XLSX; any other zip is refused."""
    try:
        with zipfile.ZipFile(source) as package:
            entries = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, EOFError):
        raise FileRefused("文件已损坏，无法打开，请重新生成后上传。") from None
    _refuse_without_measure(entries)
    names = {entry.filename for entry in entries}
    if any(name.lower().endswith(("vbaproject.bin", ".xlm")) or "/macrosheets/" in name.lower() for name in names):
        raise FileRefused("Excel 文件含有宏，不能上传；请另存为不含宏的 .xlsx 后重新上传。")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise FileRefused("文件设有密码，请取消密码后重新上传。")
    if "OFD.xml" in names:
        return Found("ofd")
    if "xl/workbook.xml" in names and "[Content_Types].xml" in names:
        return Found("xlsx")
    if any(name.startswith("word/") for name in names):
        raise FileRefused("不接受 Word 文件，请另存为 PDF 后重新上传。")
    raise FileRefused("不接受压缩包，请解压后把文件逐个上传。")


def _refuse_without_measure(entries: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or unpacked > HIGHEST_RATIO * max(packed, 4096):
        raise FileRefused("文件解开后异常巨大，为安全起见不能上传；请重新生成一份后上传。")
    for entry in entries:
        parts = entry.filename.replace("\\", "/").split("/")
        if ".." in parts or entry.filename.startswith(("/", "\\")):
            raise FileRefused("文件内部含有异常路径，为安全起见不能上传；请重新生成一份后上传。")
