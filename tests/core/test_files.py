"""Private files: what is let in, where it lies, how it is handed out."""

import hashlib
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core import files, virusscan
from core.files import FileRefused
from core.models import StoredFile, User

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32
JPG = b"\xff\xd8\xff\xe0" + b"\0" * 32
XML = b'<?xml version="1.0" encoding="UTF-8"?><EInvoice><Number>1</Number></EInvoice>'


def packed(**entries) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in entries.items():
            package.writestr(name.replace("__", "/"), content)
    return file.getvalue()


def workbook() -> bytes:
    file = io.BytesIO()
    openpyxl.Workbook().save(file)
    return file.getvalue()


@pytest.fixture
def wang():
    return User.objects.create(username="wang", name="王建国")


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "private")},
        },
    }


@pytest.fixture
def put(wang):
    def put(name, content, **kwargs):
        upload = SimpleUploadedFile("x", content)
        upload._name = name  # past Django's own tidying, as an API could send it
        return files.store(upload, kind="material", by=wang, at=timezone.now(), **kwargs)

    return put


@pytest.mark.parametrize(
    ("name", "content", "kept_as", "content_type"),
    [
        ("营业执照.pdf", PDF, "营业执照.pdf", "application/pdf"),
        ("扫描件.JPEG", JPG, "扫描件.JPEG", "image/jpeg"),
        ("图.pdf", PNG, "图.png", "image/png"),
        ("没有扩展名", PDF, "没有扩展名.pdf", "application/pdf"),
        ("2026.03.05 合同", PDF, "2026.03.05 合同.pdf", "application/pdf"),
        ("发票.ofd", packed(**{"OFD.xml": "<ofd/>"}), "发票.ofd", "application/ofd"),
        ("发票.xml", XML, "发票.xml", "application/xml"),
    ],
)
def test_the_type_is_read_from_the_content(put, name, content, kept_as, content_type):
    stored = put(name, content)
    assert (stored.original_name, stored.content_type, stored.size) == (kept_as, content_type, len(content))
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert files.read_stored(stored) == content


def test_a_workbook_is_let_in_and_one_with_macros_is_not(put):
    assert put("明细.xlsx", workbook()).content_type.endswith("spreadsheetml.sheet")
    with zipfile.ZipFile(io.BytesIO(workbook())) as book:
        entries = {name: book.read(name) for name in book.namelist()}
    with pytest.raises(FileRefused, match="宏"):
        put("明细.xlsx", packed(**entries, **{"xl/vbaProject.bin": "x"}))


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("空.pdf", b"", "空的"),
        ("程序.pdf", b"MZ\x90\0" * 40, "无法识别"),
        ("网页.pdf", b"<html><script>alert(1)</script></html>", "无法识别"),
        ("图.xml", b'<?xml version="1.0"?><svg onload="x()"/>', "不是数据 XML"),
        (
            "实体.xml",
            b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
            "DOCTYPE",
        ),
        ("旧表.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 64, "旧版 Office"),
        ("半截.pdf", PDF[:20], "不完整"),
        ("坏.xlsx", b"PK\x03\x04" + b"\0" * 64, "损坏"),
        ("文档.docx", packed(word__document="x"), "另存为 PDF"),
        ("包.zip", packed(readme="x"), "压缩包"),
        ("炸弹.xlsx", packed(**{"xl/workbook.xml": b"\0" * 30_000_000, "[Content_Types].xml": "x"}), "异常巨大"),
        ("逃逸.xlsx", packed(**{"../../etc/x": "x", "xl/workbook.xml": "x", "[Content_Types].xml": "x"}), "异常路径"),
        ("a/b.pdf", PDF, "路径符号"),
        ("a\\b.pdf", PDF, "路径符号"),
        ("换\n行.pdf", PDF, "不可见字符"),
        ("反\u202efdp.exe", PDF, "不可见字符"),
        ("..", PDF, "没有名称"),
    ],
)
def test_what_is_refused_says_why(put, name, content, reason):
    with pytest.raises(FileRefused, match=reason):
        put(name, content)
    assert not StoredFile.objects.exists()


def test_too_large_is_refused_whatever_size_was_declared(put, settings):
    settings.UPLOAD_LIMIT_BYTES = 1024 * 1024
    with pytest.raises(FileRefused, match="超过 1 MB"):
        put("大.pdf", PDF + b"\0" * 1024 * 1024)


def test_a_desk_may_allow_fewer_types(put):
    with pytest.raises(FileRefused, match="这里不能上传 PNG 文件，请上传 PDF 或 OFD"):
        put("图.png", PNG, allowed=("pdf", "ofd"))


def test_an_encrypted_pdf_is_kept_with_a_warning(put):
    assert "加密" in put("密.pdf", PDF.replace(b"trailer<<>>", b"trailer<</Encrypt 5 0 R>>")).warning


def test_the_same_content_twice_is_one_object_and_two_rows(put, tmp_path):
    first, second = put("一.pdf", PDF), put("二.pdf", PDF)
    assert first.pk != second.pk
    assert first.storage_name == second.storage_name
    assert len([path for path in (tmp_path / "private").rglob("*") if path.is_file()]) == 1


def test_a_crash_while_writing_leaves_nothing_behind(put, tmp_path, monkeypatch):
    def no_room(*_):
        raise OSError("No space left on device")

    monkeypatch.setattr("core.files.os.replace", no_room)
    with pytest.raises(OSError, match="No space"):
        put("一.pdf", PDF)
    assert not StoredFile.objects.exists()
    assert [path for path in (tmp_path / "private").rglob("*") if path.is_file()] == []
    monkeypatch.undo()
    assert files.read_stored(put("一.pdf", PDF)) == PDF


def test_a_half_written_or_changed_object_is_noticed(put, tmp_path):
    stored = put("一.pdf", PDF)
    path = Path(tmp_path / "private" / stored.storage_name)
    path.write_bytes(PDF[:5])
    with pytest.raises(ValueError, match="指纹不符"):
        files.read_stored(stored)
    assert files.read_stored(put("再传.pdf", PDF)) == PDF


def test_a_file_is_handed_out_alone_and_unsniffed(put):
    shown = files.file_response(put("合同 “一”.pdf", PDF), as_attachment=False)
    assert shown["Content-Disposition"].startswith("inline; filename*=utf-8''%E5%90%88")
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert shown["Cache-Control"] == "private, no-store"
    assert b"".join(shown) == PDF
    shown.file_to_stream.close()  # response.close() would close the test's database connection
    taken = files.file_response(put("发票.xml", XML), as_attachment=False)
    assert taken["Content-Disposition"].startswith("attachment")
    assert "sandbox" in taken["Content-Security-Policy"]
    taken.file_to_stream.close()


def test_files_are_seen_by_their_uploader_only(put, wang):
    put("一.pdf", PDF)
    other = User.objects.create(username="li", name="李娜")
    assert StoredFile.objects.visible_to(wang).count() == 1
    assert StoredFile.objects.visible_to(other).count() == 0


def test_without_a_scanner_the_row_says_so(put):
    assert not virusscan.is_on()
    assert put("一.pdf", PDF).get_scan_state_display() == "未查毒"


def test_a_scanned_file_is_clean_or_refused(put, clamd):
    assert put("一.pdf", PDF).scan_state == "clean"
    with pytest.raises(FileRefused, match="病毒"):
        put("二.pdf", PDF.replace(b"<<>>endobj", b"EICAR"))
    assert StoredFile.objects.count() == 1


def test_a_silent_scanner_lets_nothing_in(put, settings):
    settings.CLAMAV_ADDRESS = "127.0.0.1:1"
    with pytest.raises(FileRefused, match="没有响应"):
        put("一.pdf", PDF)
    assert not StoredFile.objects.exists()
