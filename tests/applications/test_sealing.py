"""The sealed 申报书: printed with a QR code, its scan tied to the state it was printed from, refused when that is past."""

import io
import subprocess
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from applications import services
from applications.facts import completeness, sealing
from applications.models import CallMaterial, DraftMaterial, SealReading, SealSheet, SubmissionMaterial
from core import files, jobs
from core.models import Job
from tests.factories import core as people
from tests.factories import filing
from tests.factories.core import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def wanted(live_call):
    return CallMaterial.objects.create(
        call=live_call, position=9, code=sealing.SEALED, name="申报书（盖章扫描件）", need="optional"
    )


@pytest.fixture
def project(live_call, wanted):
    return filing.ready(of_call=live_call)


def printed(project):
    job = services.print_sheet(project, actor=project.created_by, at=NOW)
    jobs.run(job.pk)
    job.refresh_from_db()
    return job.result_file


def scanned(pdf, tmp_path, angle=1.5):
    """The sheet as a scanner gives it back: one grey picture at 150 dpi, a little askew."""
    source = tmp_path / "sheet.pdf"
    source.write_bytes(files.read_stored(pdf))
    done = subprocess.run(["pdftotext", str(source), "-"], capture_output=True, check=True)
    pages = done.stdout.decode().split("\f")
    page = next(n for n, text in enumerate(pages, start=1) if "由二维码认出" in text)
    drawn = subprocess.run(
        ["pdftoppm", "-r", "150", "-f", str(page), "-l", str(page), "-jpeg", str(source)],
        capture_output=True,
        check=True,
    ).stdout
    kept = io.BytesIO()
    Image.open(io.BytesIO(drawn)).convert("L").rotate(angle, fillcolor=245).save(kept, "JPEG", quality=60)
    return kept.getvalue()


def hand_in(project, wanted, content=None):
    upload = SimpleUploadedFile("盖章件.jpg", content or plain())
    material = services.add_material(project, wanted, upload=upload, actor=project.created_by, at=NOW)
    for job in Job.objects.filter(kind="material.seal", state="waiting"):
        jobs.run(job.pk)
    return DraftMaterial.objects.get(pk=material.pk)


def plain():
    kept = io.BytesIO()
    Image.new("L", (600, 800), 255).save(kept, "JPEG")
    return kept.getvalue()


def said(project):
    project.draft.refresh_from_db()
    found = completeness.findings(project.draft, at=NOW)
    return [(one.message, one.blocking) for one in found if "申报书" in one.message]


def test_a_scan_is_tied_to_its_sheet_by_the_code_on_it(project, wanted, tmp_path):
    material = hand_in(project, wanted, scanned(printed(project), tmp_path))

    assert (material.seal_reading, material.sheet) == (SealReading.QR, SealSheet.objects.get())
    assert said(project) == []


@pytest.mark.parametrize(("need", "blocking"), [("required", True), ("optional", False)])
def test_a_draft_changed_since_is_refused_where_the_call_asks_for_the_seal(project, wanted, tmp_path, need, blocking):
    CallMaterial.objects.filter(pk=wanted.pk).update(need=need)
    hand_in(project, wanted, scanned(printed(project), tmp_path))
    services.save_section(
        project, "funding", values={"own_funds": Decimal("29000000")}, actor=project.created_by, at=NOW
    )

    ((message, is_blocking),) = said(project)
    assert ("与现在的内容不符" in message, is_blocking) == (True, blocking)


def test_a_new_print_of_what_stands_now_puts_it_right(project, wanted, tmp_path):
    old = hand_in(project, wanted, scanned(printed(project), tmp_path))
    services.save_section(
        project, "funding", values={"own_funds": Decimal("29000000")}, actor=project.created_by, at=NOW
    )
    upload = SimpleUploadedFile("新盖章件.jpg", scanned(printed(project), tmp_path))
    services.add_material(project, wanted, upload=upload, actor=project.created_by, at=NOW, replaces=old)
    jobs.run(Job.objects.get(kind="material.seal", state="waiting").pk)

    assert (said(project), SealSheet.objects.count()) == ([], 2)


def test_an_unread_scan_is_told_by_the_code_under_the_qr_code(project, wanted):
    printed(project)
    material = hand_in(project, wanted)
    assert material.seal_reading == SealReading.UNREAD
    assert "没有读到二维码" in said(project)[0][0]

    code = sealing.code_of(SealSheet.objects.get())
    services.tell_seal(material, code=f" {code[:4]} {code[4:].lower()}", actor=project.created_by, at=NOW)

    assert said(project) == []


@pytest.mark.parametrize("code", ["", "0" * 12, "%", "ABCDEFG", "a" * 64])
def test_a_code_of_no_sheet_is_refused(project, wanted, code):
    material = hand_in(project, wanted)

    with pytest.raises(services.DraftRefused, match="没有这个编码"):
        services.tell_seal(material, code=code, actor=project.created_by, at=NOW)


def test_the_sheet_of_another_project_seals_nothing(project, wanted, tmp_path, live_call):
    other = filing.ready(of_call=live_call)

    material = hand_in(project, wanted, scanned(printed(other), tmp_path))

    assert (material.seal_reading, material.sheet) == (SealReading.UNREAD, None)


def test_the_district_sees_that_the_seal_is_of_what_was_handed_in(client, project, wanted, tmp_path):
    hand_in(project, wanted, scanned(printed(project), tmp_path))
    filed = services.submit(project, actor=project.created_by, at=NOW)
    material = SubmissionMaterial.objects.get(submission=filed.current_submission, requirement=wanted)
    client.force_login(people.district_officer())

    page = client.get(f"/district/{filed.pk}/?material={material.pk}").content.decode()

    assert material.sheet.content == sealing.content_of_submission(filed.current_submission)
    assert "盖章件与本次提交的内容一致" in page


def test_the_page_prints_and_takes_the_code(client, project, wanted):
    client.force_login(project.created_by)
    assert client.post(f"/filing/{project.pk}/sheet/").url.startswith("/jobs/")
    material = hand_in(project, wanted)
    code = sealing.code_of(SealSheet.objects.get())

    page = client.post(f"/filing/{project.pk}/materials/{material.pk}/seal/", {"code": code}, follow=True)

    assert "盖章件与现在的内容一致" in page.content.decode()


def test_a_printed_sheet_is_verified_as_a_draft_and_no_more(client, project):
    services.print_sheet(project, actor=project.created_by, at=NOW)

    page = client.get("/verify/", {"digest": SealSheet.objects.get().content}).content.decode()

    assert ("不是已提交的申报" in page, project.title in page) == (True, False)
