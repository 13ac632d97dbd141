"""The virus scanner: nothing is shown to others before its word, an infected file stops the filing and is told to its owner."""

import pytest

from applications import services
from applications.facts import completeness
from applications.models import SubmissionMaterial
from core import jobs
from core.models import Job, Notice, Preview, StoredFile
from core.models.files import ScanState
from tests.factories import core as people
from tests.factories import filing
from tests.factories.core import NOW

pytestmark = pytest.mark.django_db

INFECTED = b"%EICAR"


def put(project, extra=b"", code="licence"):
    requirement = project.call.materials.get(code=code)
    upload = filing.pdf("可研.pdf", extra)
    return services.add_material(project, requirement, upload=upload, actor=project.created_by, at=NOW)


def scan():
    for job in Job.objects.filter(kind="material.scan", state="waiting"):
        jobs.run(job.pk)


def words(draft):
    return " ".join(
        finding.message for finding in completeness.blocking(draft, at=NOW) if finding.section == "materials"
    )


def test_a_file_waits_then_is_clean_and_only_then_drawn(clamd, live_call):
    material = put(filing.started(of_call=live_call))
    assert (material.file.scan_state, Preview.objects.count()) == (ScanState.WAITING, 0)

    scan()

    material.file.refresh_from_db()
    assert (material.file.scan_state, Preview.objects.get().sha256) == (ScanState.CLEAN, material.file.sha256)


def test_a_filing_is_not_handed_in_while_the_scanner_looks(clamd, live_call):
    project = filing.ready(of_call=live_call)
    assert "正在查毒：营业执照.pdf" in words(project.draft)
    with pytest.raises(services.Incomplete):
        services.submit(project, actor=project.created_by, at=NOW)

    scan()

    assert words(project.draft) == ""


def test_a_virus_stops_the_filing_is_told_and_handed_to_nobody(clamd, client, live_call):
    project = filing.ready(of_call=live_call)
    material = put(project, INFECTED, code="plan")
    scan()

    assert "发现病毒：可研.pdf" in words(project.draft)
    letter = Notice.objects.filter(recipient=project.created_by, subject__startswith="材料中发现病毒").get()
    assert "“可行性研究报告”" in letter.body
    client.force_login(project.created_by)
    assert client.get(f"/filing/{project.pk}/materials/{material.pk}/").status_code == 404
    assert "发现病毒，请替换或移除" in client.get(f"/filing/{project.pk}/materials/").content.decode()


def test_replacing_the_infected_file_lets_the_filing_go_on(clamd, live_call):
    project = filing.ready(of_call=live_call)
    material = put(project, INFECTED, code="plan")
    scan()

    services.add_material(
        project, material.requirement, upload=filing.pdf(), actor=project.created_by, at=NOW, replaces=material
    )
    scan()

    assert words(project.draft) == ""


def test_a_silent_scanner_leaves_the_file_waiting_and_is_asked_again(settings, clamd, live_call):
    working, settings.CLAMAV_ADDRESS = clamd, "127.0.0.1:1"
    material = put(filing.started(of_call=live_call))
    scan()
    material.file.refresh_from_db()
    assert (material.file.scan_state, Job.objects.get(kind="material.scan").state) == (ScanState.WAITING, "failed")

    settings.CLAMAV_ADDRESS = working
    assert services.scan_waiting(NOW) == 1
    scan()

    material.file.refresh_from_db()
    assert (material.file.scan_state, services.scan_waiting(NOW)) == (ScanState.CLEAN, 0)


@pytest.mark.parametrize("state", [ScanState.WAITING, ScanState.INFECTED])
def test_the_district_sees_that_it_is_looked_at_and_no_content(client, live_call, state):
    project = filing.filed(of_call=live_call)
    material = SubmissionMaterial.objects.get(submission=project.current_submission)
    StoredFile.objects.filter(pk=material.file_id).update(scan_state=state)
    client.force_login(people.district_officer())

    page = client.get(f"/district/{project.pk}/").content.decode()

    assert ("查毒通过之前，任何人都打不开这份文件" in page, f'href="/materials/{material.pk}/"' in page) == (
        True,
        False,
    )
    assert client.get(f"/materials/{material.pk}/").status_code == 404
    assert client.get(f"/materials/{material.pk}/pages/1/").status_code == 404


def test_a_package_is_not_made_of_what_is_being_looked_at(live_call):
    project = filing.filed(of_call=live_call)
    StoredFile.objects.filter(kind="material:licence").update(scan_state=ScanState.WAITING)
    job = services.ask_for_paper(project.submissions.get(), kind="filing.package", actor=project.created_by, at=NOW)

    jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.state, "正在查毒" in job.message) == ("failed", True)


def test_the_page_says_whether_uploads_are_scanned(client, settings, live_call):
    project = filing.started(of_call=live_call)
    client.force_login(project.created_by)
    address = f"/filing/{project.pk}/materials/"

    assert "没有接入查毒服务" in client.get(address).content.decode()
    settings.CLAMAV_ADDRESS = "127.0.0.1:1"
    assert "上传后自动查毒" in client.get(address).content.decode()
