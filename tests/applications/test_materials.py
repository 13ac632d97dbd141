"""Materials: by content and not by name, one by one, replaced and removed; read only by those who see the filing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from applications import services
from applications.models import DraftMaterial, MaterialVersion, SubmissionMaterial
from core import jobs, moves
from core.files import FileRefused
from core.models import Job
from tests.core.test_previews import pdf_of
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories import filing
from tests.factories.core import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(live_call):
    return filing.started(of_call=live_call)


@pytest.fixture
def own(client, project):
    client.force_login(project.created_by)
    return client


@pytest.fixture
def licence(project):
    return project.call.materials.get(code="licence")


def status_of(client, address):
    """Knock, and let go of the file that may have been opened."""
    response = client.get(address)
    if response.streaming:
        b"".join(response.streaming_content)  # read to its end, the file closes itself
    return response.status_code


def upload(client, project, requirement, file):
    data = {"requirement": requirement.pk, f"m{requirement.pk}-file": file}
    return client.post(f"/filing/{project.pk}/materials/", data, follow=True).content.decode()


def test_a_file_is_kept_with_its_hash_and_shown(own, project, licence):
    page = upload(own, project, licence, filing.pdf())

    material = DraftMaterial.objects.get(draft=project.draft)
    assert material.file.original_name == "营业执照.pdf"
    assert material.file.sha256[:12] in page
    assert "必交 1 份，已传 1 份" in page


@pytest.mark.parametrize(
    "file",
    [
        filing.text(),
        SimpleUploadedFile("伪装.pdf", b"MZ\x90\x00 not a pdf at all"),
        SimpleUploadedFile("空.pdf", b""),
    ],
    ids=["text", "disguised", "empty"],
)
def test_a_file_of_the_wrong_kind_is_refused_at_its_field(own, project, licence, file):
    page = upload(own, project, licence, file)

    assert "有 1 处需要改正" in page
    assert "field-error" in page
    assert not DraftMaterial.objects.exists()


def test_a_file_too_large_is_refused_with_the_limit(own, project, licence, settings):
    settings.MATERIAL_LIMIT_BYTES = 1024

    page = upload(own, project, licence, filing.pdf(extra=b"%" * 2048))

    assert "文件超过 1 KB" in page
    assert not DraftMaterial.objects.exists()


def test_no_file_at_all_is_told(own, project, licence):
    page = own.post(f"/filing/{project.pk}/materials/", {"requirement": licence.pk}).content.decode()

    assert "请选择要上传的文件" in page


def test_replacing_puts_another_file_in_place_of_one(own, project, licence):
    upload(own, project, licence, filing.pdf())
    old = DraftMaterial.objects.get()

    own.post(f"/filing/{project.pk}/materials/{old.pk}/replace/", {"file": filing.pdf("新执照.pdf", b"%new")})

    assert [row.file.original_name for row in DraftMaterial.objects.all()] == ["新执照.pdf"]


def test_the_replaced_version_stays_with_who_and_when_and_is_the_enterprises_alone(own, project, licence):
    upload(own, project, licence, filing.pdf())
    material = DraftMaterial.objects.get()
    own.post(f"/filing/{project.pk}/materials/{material.pk}/replace/", {"file": filing.pdf("新执照.pdf", b"%new")})

    old = MaterialVersion.objects.get()
    page = own.get(f"/filing/{project.pk}/materials/{material.pk}/about/").content.decode()
    assert (old.number, old.file.original_name, old.replaced_by) == (1, "营业执照.pdf", project.created_by)
    assert ("第 1 版：营业执照.pdf" in page, "现在是第 2 版" in page) == (True, True)
    assert status_of(own, f"/filing/{project.pk}/versions/{old.pk}/") == 200
    own.force_login(people.approver())
    assert status_of(own, f"/filing/{project.pk}/versions/{old.pk}/") == 404


def test_a_material_changed_between_two_submissions_says_what_it_replaces(client, live_call):
    project = filing.filed(of_call=live_call)
    services.recall(project, reason="修改", actor=project.created_by, at=NOW)
    old = project.draft.materials.get()
    services.add_material(
        project,
        old.requirement,
        upload=filing.pdf("新执照.pdf", b"%new"),
        actor=project.created_by,
        at=NOW,
        replaces=old,
    )
    project = services.submit(project, actor=project.created_by, at=NOW)

    now = SubmissionMaterial.objects.get(submission=project.current_submission)
    assert (now.version, now.replaces.file.original_name) == (2, "营业执照.pdf")
    client.force_login(people.district_officer())
    page = client.get(f"/district/{project.pk}/").content.decode()
    assert ("以前的版本" in page, f"/materials/{now.replaces.pk}/" in page) == (True, True)
    differences = client.get(f"/projects/{project.pk}/differences/").content.decode()
    assert "第 2 版，替换了 营业执照.pdf" in differences


def test_removing_takes_a_file_off_the_draft_but_not_off_what_was_filed(own, live_call):
    filed = filing.filed(of_call=live_call)
    services.recall(filed, reason="修改", actor=filed.created_by, at=NOW)
    own.force_login(filed.created_by)
    material = filed.draft.materials.get()

    own.post(f"/filing/{filed.pk}/materials/{material.pk}/remove/")

    assert not filed.draft.materials.exists()
    assert SubmissionMaterial.objects.filter(submission__project=filed).count() == 1


def test_a_material_of_another_call_is_refused(project):
    foreign = filings.call().materials.get(code="licence")

    with pytest.raises(services.DraftRefused, match="不在本批次的清单"):
        services.add_material(project, foreign, upload=filing.pdf(), actor=project.created_by, at=NOW)


def test_another_enterprise_cannot_put_a_file(project, licence):
    with pytest.raises(moves.NotYours):
        services.add_material(project, licence, upload=filing.pdf(), actor=people.approver(), at=NOW)


def test_an_unknown_kind_raises_in_chinese(project, licence):
    with pytest.raises(FileRefused):
        services.add_material(project, licence, upload=filing.text(), actor=project.created_by, at=NOW)


# --- who reads it ---------------------------------------------------------------------------------------------------


def test_a_draft_file_is_its_own_enterprises_alone(own, project, licence):
    upload(own, project, licence, filing.pdf())
    address = f"/filing/{project.pk}/materials/{DraftMaterial.objects.get().pk}/"
    response = own.get(address)
    content = b"".join(response.streaming_content)
    assert (content, response["Content-Type"]) == (filing.PDF, "application/pdf")

    own.force_login(people.approver())
    assert status_of(own, address) == 404
    own.force_login(people.bureau_officer())
    assert status_of(own, address) == 403


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("district_officer", 200),
        ("bureau_officer", 200),
        ("supervisor", 200),
        ("approver", 404),
        ("expert", 404),
        ("finance_officer", 404),
        ("administrator", 404),
    ],
)
def test_a_filed_material_is_read_by_those_who_see_the_filing(client, live_call, who, status):
    project = filing.filed(of_call=live_call)
    material = SubmissionMaterial.objects.get(submission=project.current_submission)
    client.force_login(getattr(people, who)())

    assert status_of(client, f"/materials/{material.pk}/") == status


def test_a_filed_material_is_not_read_by_another_district_nor_without_login(client, live_call):
    project = filing.filed(of_call=live_call)
    material = SubmissionMaterial.objects.get(submission=project.current_submission)
    assert client.get(f"/materials/{material.pk}/").status_code == 302

    client.force_login(people.district_officer("heping"))
    assert client.get(f"/materials/{material.pk}/").status_code == 404


@pytest.fixture
def drawn(live_call):
    """A filed project whose licence has two pages, drawn."""
    project = filing.started(of_call=live_call)
    licence = live_call.materials.get(code="licence")
    upload = SimpleUploadedFile("营业执照.pdf", pdf_of(2))
    services.add_material(project, licence, upload=upload, actor=project.created_by, at=NOW)
    jobs.run(Job.objects.get(kind="file.preview").pk)
    draft = filing.ready(of_call=live_call)
    material = draft.draft.materials.get()
    services.attach_material(
        draft, licence, file=DraftMaterial.objects.get(draft=project.draft).file, actor=draft.created_by, at=NOW,
        replaces=material,
    )  # fmt: skip
    return services.submit(draft, actor=draft.created_by, at=NOW)


def test_the_desk_reads_page_images_with_words_for_those_who_cannot_see_them(client, drawn):
    material = SubmissionMaterial.objects.get(submission=drawn.current_submission)
    client.force_login(people.district_officer())

    page = client.get(f"/district/{drawn.pk}/").content.decode()

    assert 'alt="营业执照，第 2 页，共 2 页（页面图像）"' in page
    assert ("<iframe" in page, status_of(client, f"/materials/{material.pk}/pages/2/")) == (False, 200)
    assert status_of(client, f"/materials/{material.pk}/pages/3/") == 404


@pytest.mark.parametrize(("who", "status"), [("district_lead", 200), ("approver", 404), ("finance_officer", 404)])
def test_a_page_image_is_as_readable_as_its_file(client, drawn, who, status):
    material = SubmissionMaterial.objects.get(submission=drawn.current_submission)
    client.force_login(getattr(people, who)())

    assert status_of(client, f"/materials/{material.pk}/pages/1/") == status


def test_the_pages_of_a_draft_are_its_own_enterprises_alone(client, drawn):
    address = f"/filing/{drawn.pk}/materials/{drawn.draft.materials.get().pk}/pages/1/"

    client.force_login(drawn.created_by)
    assert status_of(client, address) == 200
    client.force_login(people.district_officer())
    assert status_of(client, address) == 403
    client.force_login(people.approver())
    assert status_of(client, address) == 404
