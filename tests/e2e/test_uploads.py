"""Materials in a browser: a large file interrupted, taken up after signing in again; a file dropped; pages drawn and read."""

from datetime import timedelta

import pytest
from django.utils import timezone

from applications.models import DraftMaterial, MaterialUpload
from core import jobs
from core.files import read_stored
from core.models import Job
from tests.core.test_previews import pdf_of
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories import filing

pytestmark = pytest.mark.browser

LARGE = pdf_of(1).replace(b"%PDF-1.4\n", b"%PDF-1.4\n%" + b"x" * 3_600_000 + b"\n", 1)
FILE = {"name": "很大的扫描件.pdf", "mimeType": "application/pdf", "buffer": LARGE}
PLACE = "main tr:has-text('营业执照') .drop-zone"


@pytest.fixture
def project(db):
    return filing.started(of_call=filings.call(closes_at=timezone.now() + timedelta(days=30)))


@pytest.fixture
def materials(page, live_server, enter, project):
    enter(page, project.created_by)
    page.goto(f"{live_server.url}/filing/{project.pk}/materials/")
    return page


def test_an_interrupted_upload_goes_on_after_signing_in_again(materials, enter, project, assert_accessible, screenshot):
    page, sent = materials, []

    def break_off(route):
        sent.append(route.request.url)
        return route.abort() if len(sent) > 2 else route.continue_()

    # given a connection that breaks after two parts
    page.route("**/uploads/*/?offset=*", break_off)
    page.locator(f"{PLACE} input[type=file]").set_input_files(FILE)
    page.locator(f"{PLACE} button", has_text="上传").first.click()
    page.get_by_text("网络不稳定，正在重试").wait_for()
    received = MaterialUpload.objects.get().received
    # when the person, or a colleague, signs in again and picks the same file
    page.unroute("**/uploads/*/?offset=*")
    enter(page, people.filer(project.enterprise))
    page.reload()
    assert "没有传完的文件" in page.locator("main").inner_text()
    assert_accessible(page)
    screenshot(page, "materials-unfinished")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "offset=" in request.url else None)
    page.locator(f"{PLACE} input[type=file]").set_input_files(FILE)
    page.locator(f"{PLACE} button", has_text="上传").first.click()
    page.get_by_text("已上传：很大的扫描件.pdf").wait_for()
    # then only the rest was sent, and the whole is there
    assert received == 2 * 1024 * 1024
    assert asked[0].endswith(f"offset={received}")
    assert read_stored(DraftMaterial.objects.get().file) == LARGE


def test_a_file_is_dropped_on_its_place_and_its_pages_are_read(materials, project, assert_accessible, screenshot):
    page = materials
    content = pdf_of(2).decode("latin-1")
    dropped = page.evaluate_handle(
        """content => { const files = new DataTransfer();
             files.items.add(new File([content], '执照.pdf', {type: 'application/pdf'})); return files; }""",
        content,
    )
    page.dispatch_event(PLACE, "dragover", {"dataTransfer": dropped})
    assert "over" in page.locator(PLACE).get_attribute("class")
    page.dispatch_event(PLACE, "drop", {"dataTransfer": dropped})
    page.get_by_text("已上传：执照.pdf").wait_for()

    jobs.run(Job.objects.get(kind="file.preview").pk)
    page.get_by_role("link", name="执照.pdf", exact=True).click()
    image = page.get_by_alt_text("营业执照，第 2 页，共 2 页（页面图像）")
    page.get_by_role("link", name="第 2 页").click()
    image.scroll_into_view_if_needed()
    page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=image.element_handle())
    assert_accessible(page)
    screenshot(page, "material-preview")


def test_too_large_a_file_is_told_before_it_is_sent(materials, settings, live_server, project):
    settings.MATERIAL_LIMIT_BYTES = 2 * 1024 * 1024
    materials.reload()

    materials.locator(f"{PLACE} input[type=file]").set_input_files(FILE)
    materials.locator(f"{PLACE} button", has_text="上传").first.click()

    materials.get_by_text("超过单份上限 2.0 MB").wait_for()
    assert not MaterialUpload.objects.exists()
