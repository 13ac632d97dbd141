"""Page images: drawn once by a job, bounded in pages, pixels and time, and never a failure of anything else."""

import io
import zlib

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from openpyxl import Workbook
from PIL import Image
from weasyprint import HTML

from core import files, jobs, previews, sheet_pages
from core.models import Job, Preview
from tests.factories import core as people
from tests.factories.core import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        },
    }
    storages._storages = {}
    yield
    storages._storages = {}


def pdf_of(pages, media="[0 0 595 842]"):
    """A PDF with so many pages of this size in points."""
    kids = " ".join(f"{n + 3} 0 R" for n in range(pages))
    objects = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{kids}]/Count {pages}>>"]
    objects += [f"<</Type/Page/Parent 2 0 R/MediaBox {media}>>"] * pages
    content, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(content))
        content += f"{number} 0 obj{body}endobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    tail = f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(content)}\n%%EOF\n"
    return content + (head + tail).encode()


def picture(kind="PNG", size=(3000, 1000)):
    kept = io.BytesIO()
    Image.new("RGB", size, "white").save(kept, kind)
    return kept.getvalue()


def drawn(content):
    """The preview of one uploaded content, after its job."""
    stored = files.store(SimpleUploadedFile("一.pdf", content), kind="material", by=people.filer(), at=NOW)
    previews.ask_for(stored, at=NOW)
    for job in Job.objects.filter(kind="file.preview"):
        jobs.run(job.pk)
    return stored, Preview.objects.filter(sha256=stored.sha256).first()


def test_every_page_of_a_pdf_becomes_a_bounded_image():
    stored, preview = drawn(pdf_of(7))

    assert (preview.state, preview.page_count, len(preview.pages)) == ("ready", 7, 7)
    assert max(preview.pages[0]) == previews.LONG_SIDE
    page = previews.page_response(stored, 7)
    assert list(Image.open(io.BytesIO(b"".join(page))).size) == preview.pages[6]
    page.file_to_stream.close()  # response.close() would close the test's database connection


def test_a_long_pdf_shows_its_first_pages_and_says_how_many_there_are():
    _, preview = drawn(pdf_of(previews.MOST_PAGES + 12))

    assert (len(preview.pages), preview.page_count) == (previews.MOST_PAGES, previews.MOST_PAGES + 12)


def test_a_page_of_any_size_is_drawn_within_the_same_pixels():
    _, preview = drawn(pdf_of(1, media="[0 0 14400 14400]"))

    assert preview.pages == [[previews.LONG_SIDE, previews.LONG_SIDE]]


def workbook(*rows, cells=()):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for place, value in cells:
        book.active[place] = value
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def test_a_workbook_is_shown_by_the_beginning_of_its_sheets():
    _, preview = drawn(workbook(["设备", "金额"], ["加工中心", 1234567.5], [None, None]))

    assert (preview.state, preview.page_count) == ("ready", 2)  # what it is, and the sheet


def test_what_is_left_out_of_a_workbook_is_said(tmp_path):
    source = tmp_path / "表.xlsx"
    source.write_bytes(workbook(*[[n, "甲" * 80] for n in range(300)], cells=[("P1", "末列")]))

    [table] = sheet_pages._tables(source)

    assert (len(table.rows), table.more) == (200, "200 行以后、14 列以后没有列出。")
    assert table.rows[1] == ["1", "甲" * 60 + "…"]


def test_a_broken_workbook_has_no_preview_and_says_why(tmp_path):
    source = tmp_path / "表.xlsx"
    source.write_bytes(workbook(["甲"])[:-40])

    with pytest.raises(sheet_pages.CannotRead, match="下载后查看"):
        sheet_pages.as_pdf(source, at=NOW)


@pytest.mark.parametrize(("kind", "size"), [("PNG", (3000, 1000)), ("JPEG", (1000, 3000)), ("PNG", (20, 10))])
def test_a_picture_is_scaled_down_and_never_up(kind, size):
    _, preview = drawn(picture(kind, size))

    (width, height) = preview.pages[0]
    assert max(width, height) == min(max(size), previews.LONG_SIDE)


def bomb():
    """A small PNG that says it is 30,000 pixels wide and high."""
    head = (30_000).to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])

    def chunk(kind, body):
        return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")

    rows = chunk(b"IDAT", zlib.compress(b"\0" * 1_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + rows + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (bomb(), "不能预览"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 64, "可能已损坏"),
        (b"%PDF-1.4\nnothing in it\n%%EOF\n", "可能设有密码或已损坏"),
    ],
    ids=["a bomb", "a broken picture", "a broken pdf"],
)
def test_what_cannot_be_drawn_says_so_and_fails_nothing(content, reason):
    stored, preview = drawn(content)

    assert (preview.state, preview.pages, reason in preview.note) == ("none", [], True)
    assert Job.objects.get().state == "done"
    with pytest.raises(Http404):
        previews.page_response(stored, 1)


def test_pages_that_take_too_long_are_given_up(monkeypatch):
    monkeypatch.setattr(previews, "SECONDS", 0.001)

    _, preview = drawn(pdf_of(1))

    assert (preview.state, "限定时间" in preview.note) == ("none", True)


def test_of_what_a_pdf_says_no_more_is_taken_than_the_bound(monkeypatch):
    monkeypatch.setattr(previews, "MOST_SAID", 40)
    content = HTML(string="<p>更新三台数控机床和一条喷涂线，建设周期二十四个月。</p>").write_pdf()
    stored = files.store(SimpleUploadedFile("一.pdf", content), kind="material", by=people.filer(), at=NOW)

    properties, text = previews.words_in(stored)

    assert text.startswith("更新三台")
    assert len(text.encode()) <= 42  # a sign cut in two is replaced by one of three bytes
    assert len(properties) <= 3 * 40


def test_a_workbook_that_unpacks_beyond_the_bound_is_left_to_be_downloaded(tmp_path, monkeypatch):
    source = tmp_path / "表.xlsx"
    source.write_bytes(workbook(["甲" * 1000] * 10))
    monkeypatch.setattr(sheet_pages, "MOST_UNPACKED", 1000)

    with pytest.raises(sheet_pages.CannotRead, match="过大"):
        sheet_pages.as_pdf(source, at=NOW)


def test_the_same_content_is_drawn_once_and_other_types_never():
    drawn(pdf_of(2))
    drawn(pdf_of(2))
    xml = files.store(
        SimpleUploadedFile("票.xml", b'<?xml version="1.0"?><EInvoice/>'), kind="material", by=people.filer(), at=NOW
    )
    previews.ask_for(xml, at=NOW)

    assert (Preview.objects.count(), Job.objects.count()) == (1, 1)


def test_a_preview_is_as_readable_as_its_file():
    stored, preview = drawn(pdf_of(1))

    assert list(Preview.objects.visible_to(stored.uploaded_by)) == [preview]
    assert not Preview.objects.visible_to(people.filer()).exists()
