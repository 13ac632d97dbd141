"""Page images of what was uploaded, drawn by a job, so that a reader's browser never opens the file itself.

PDF by poppler's pdftoppm in a process of its own with little memory and little time; pictures by Pillow, scaled down; a
workbook as the printed beginning of its sheets (core.sheet_pages). Everything else is handed out for download alone. What
is drawn is bounded: pages, pixels, seconds, bytes.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.http import FileResponse, Http404
from django.utils import timezone
from PIL import Image, ImageOps

from core import files, filetypes, jobs, sheet_pages
from core.jobs import Running
from core.models import Preview, StoredFile
from core.people import SYSTEM

PDF = "application/pdf"
PICTURES = frozenset({"image/jpeg", "image/png"})
WORKBOOK = filetypes.CONTENT_TYPES["xlsx"]
DRAWN = PICTURES | {PDF, WORKBOOK}
MOST_PAGES = 30
MOST_READ = 300  # pages whose words are read
AT_ONCE = 5  # pages between two signs of life of the job
LONG_SIDE = 1600  # pixels of the longer side of a page image
MOST_PIXELS = 60_000_000  # of a picture before it is scaled
SECONDS = 40  # for a few pages; a page that takes longer is not drawn
MEMORY = 1024 * 1024 * 1024
MOST_WRITTEN = 64 * 1024 * 1024  # bytes of any file a program writes; one that would write more is stopped
MOST_SAID = 8 * 1024 * 1024  # bytes taken of what a program says; three hundred full pages are not two million
KEPT_SECONDS = 600  # a reader's own browser may keep a page so long


class CannotDraw(Exception):
    """There will be no page images; the text says why and what to do."""


def ask_for(stored: StoredFile, *, at: datetime) -> None:
    """Have the pages of a file drawn, once for each content; for a type that has none, nothing is asked."""
    if stored.content_type not in DRAWN:
        return
    _, is_new = Preview.objects.get_or_create(sha256=stored.sha256, defaults={"made_at": at})
    if is_new:
        jobs.enqueue("file.preview", by=SYSTEM, facts={"file": stored.pk}, key=stored.sha256, at=at)


def previews_of(stored: list[StoredFile]) -> dict[str, Preview]:
    """The previews of these files by content; one query."""
    return {one.sha256: one for one in Preview.objects.filter(sha256__in={file.sha256 for file in stored})}


def page_response(stored: StoredFile, number: int) -> FileResponse:
    """The image of one page (from 1); the caller has asked whether this person may read the file. Raises Http404."""
    preview = Preview.objects.filter(sha256=stored.sha256, state=Preview.State.READY).first()
    if preview is None or not 1 <= number <= len(preview.pages):
        raise Http404("没有这一页的预览。")
    response = FileResponse(_storage().open(preview.page_name(number), "rb"), content_type="image/jpeg")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = files.ALONE
    response["Cache-Control"] = f"private, max-age={KEPT_SECONDS}"
    return response


def make(task: Running) -> None:
    """Draw the pages of one file; what cannot be drawn ends as NONE with its reason, not as a failed job."""
    stored = StoredFile.objects.get(pk=task.facts["file"])
    preview = Preview.objects.get(sha256=stored.sha256)
    sizes: list[tuple[int, int]] = []
    count, note = 0, ""
    try:
        with tempfile.TemporaryDirectory(prefix="preview-") as folder:
            source, picture = _copied(stored, Path(folder)), stored.content_type in PICTURES
            if stored.content_type == WORKBOOK:
                source = _printed(source, at=preview.made_at)
            count = 1 if picture else _page_count(source)
            drawn = _of_picture(source) if picture else _of_pdf(source, min(count, MOST_PAGES))
            task.expect(min(count, MOST_PAGES))
            for number, (image, size) in enumerate(drawn, start=1):
                _keep(preview.page_name(number), image)
                sizes.append(size)
                task.step()
    except CannotDraw as reason:
        note = str(reason)
    state = Preview.State.READY if sizes else Preview.State.NONE
    Preview.objects.filter(pk=preview.pk).update(
        state=state, pages=sizes, page_count=count, note=note, made_at=timezone.now()
    )


def drawn_pages(stored: StoredFile, folder: Path, *, most: int, long_side: int) -> Iterator[io.BytesIO]:
    """The first pages of a file as JPEG, drawn in this folder and kept nowhere. Raises CannotDraw."""
    source = _copied(stored, folder)
    if stored.content_type == PDF:
        drawn = _of_pdf(source, min(_page_count(source), most), long_side)
    elif stored.content_type in PICTURES:
        drawn = _of_picture(source, long_side)
    else:
        raise CannotDraw("这类文件没有页面图像。")
    return (io.BytesIO(image) for image, _ in drawn)


def words_in(stored: StoredFile) -> tuple[str, str]:
    """(what the properties of a PDF say, the text of its first pages); poppler reads both. Raises CannotDraw.

    Bounded as the images are: no more than MOST_READ pages, and of each answer its first MOST_SAID bytes.
    """
    with tempfile.TemporaryDirectory(prefix="words-") as folder:
        source = _copied(stored, Path(folder))
        about = _poppler("pdfinfo", "-custom", str(source)) + _poppler("pdfinfo", "-meta", str(source))
        told = _poppler("pdfinfo", str(source)) + about
        text = _poppler("pdftotext", "-l", str(MOST_READ), "-nopgbrk", str(source), "-")
    return told.decode(errors="replace"), text.decode(errors="replace")


def _copied(stored: StoredFile, folder: Path) -> Path:
    """The content as a file of this machine, wherever private storage lies."""
    target = folder / "source"
    with files.open_stored(stored) as content, target.open("wb") as file:
        shutil.copyfileobj(content, file, files.CHUNK)
    return target


def _printed(workbook: Path, *, at: datetime) -> Path:
    """The beginning of a workbook as a PDF beside it. Raises CannotDraw."""
    try:
        content = sheet_pages.as_pdf(workbook, at=at)
    except sheet_pages.CannotRead as reason:
        raise CannotDraw(str(reason)) from None
    printed = workbook.with_suffix(".pdf")
    printed.write_bytes(content)
    return printed


def _page_count(source: Path) -> int:
    said = _poppler("pdfinfo", str(source))
    found = re.search(r"^Pages:\s+(\d+)", said.decode(errors="replace"), re.MULTILINE)
    if found is None or not int(found[1]):
        raise CannotDraw("这份 PDF 不能预览，可能设有密码或已损坏，请下载后查看。")
    return int(found[1])


def _of_pdf(source: Path, pages: int, long_side: int = LONG_SIDE) -> Iterator[tuple[bytes, tuple[int, int]]]:
    for first in range(1, pages + 1, AT_ONCE):
        last = min(first + AT_ONCE - 1, pages)
        stem = source.with_name(f"from-{first:04d}")
        limits = ("-f", str(first), "-l", str(last), "-scale-to", str(long_side))
        _poppler("pdftoppm", "-jpeg", "-jpegopt", "quality=82", *limits, str(source), str(stem))
        drawn = sorted(source.parent.glob(f"{stem.name}-*.jpg"))
        if len(drawn) != last - first + 1:
            raise CannotDraw("这份 PDF 的部分页面不能预览，请下载后查看。")
        for path in drawn:
            with Image.open(path) as image:
                size = image.size
            yield path.read_bytes(), size
            path.unlink()


def _poppler(program: str, *arguments: str) -> bytes:
    """Run one of poppler's programs, held to its memory, time and output; the first MOST_SAID bytes of what it said.

    It says it into a file, for what comes through a pipe is bounded by nothing. Raises CannotDraw.
    """
    held = ("prlimit", f"--as={MEMORY}", f"--cpu={SECONDS}", f"--fsize={MOST_WRITTEN}", "--core=0", "--")
    if not shutil.which(program) or not shutil.which("prlimit"):
        raise CannotDraw("服务器没有安装预览工具，请下载后查看。")
    with tempfile.TemporaryFile() as said:
        try:
            done = subprocess.run(  # noqa: S603 - no shell; the names are ours
                [*held, program, *arguments], timeout=SECONDS, check=False, stdin=subprocess.DEVNULL, stdout=said,
                stderr=subprocess.DEVNULL,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise CannotDraw("这份文件的页面过于复杂，没有在限定时间内生成预览，请下载后查看。") from None
        if done.returncode:
            raise CannotDraw("这份 PDF 不能预览，可能设有密码或已损坏，请下载后查看。")
        said.seek(0)
        return said.read(MOST_SAID)


def _of_picture(source: Path, long_side: int = LONG_SIDE) -> Iterator[tuple[bytes, tuple[int, int]]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(source, formats=("JPEG", "PNG")) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise CannotDraw("这张图片过大，不能预览，请下载后查看。")
                picture.draft("RGB", (long_side, long_side))
                upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
        raise CannotDraw("这张图片不能预览，可能已损坏，请下载后查看。") from None
    upright.thumbnail((long_side, long_side))
    kept = io.BytesIO()
    upright.save(kept, "JPEG", quality=82)
    yield kept.getvalue(), upright.size


def _keep(name: str, image: bytes) -> None:
    storage = _storage()
    if storage.exists(name):  # an earlier attempt of this job
        storage.delete(name)
    storage.save(name, ContentFile(image))


def _storage() -> Storage:
    return storages["private"]
