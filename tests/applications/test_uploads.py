"""Large materials in parts: begun, interrupted, taken up again by anybody of the enterprise, checked when they are whole."""

import hashlib
import json

import pytest
from django.core.files.storage import storages

from applications import services
from applications.models import DraftMaterial, MaterialUpload, UploadPart
from core import moves, parts
from core.files import FileRefused, read_stored
from tests.factories import core as people
from tests.factories import filing
from tests.factories.core import NOW, moment

pytestmark = pytest.mark.django_db

CONTENT = filing.PDF.replace(b"trailer", b"%" * 5_000 + b"\ntrailer")
SHA = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def project(live_call):
    return filing.started(of_call=live_call)


@pytest.fixture
def licence(project):
    return project.call.materials.get(code="licence")


def opened(project, requirement, actor=None, **more):
    values = {"name": "营业执照.pdf", "size": len(CONTENT), "mark": SHA, "sha256": SHA} | more
    return services.open_upload(project, requirement, actor=actor or project.created_by, at=NOW, **values)


def put(upload, offset, content, actor=None):
    actor = actor or upload.opened_by
    return services.put_part(upload, offset=offset, content=content, actor=actor, at=NOW)


def stored_names(upload):
    return [part.name for part in UploadPart.objects.filter(upload=upload)]


def test_a_file_comes_in_parts_and_is_put_to_the_draft_whole(project, licence):
    upload = opened(project, licence)
    upload = put(put(upload, 0, CONTENT[:3_000]), 3_000, CONTENT[3_000:])
    names = stored_names(upload)

    material = services.finish_upload(upload, actor=upload.opened_by, at=NOW)

    assert read_stored(material.file) == CONTENT
    assert (MaterialUpload.objects.count(), UploadPart.objects.count()) == (0, 0)
    assert [storages["private"].exists(name) for name in names] == [False, False]


def test_an_object_store_without_paths_or_appends_does_as_well(project, licence, settings):
    memory = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    settings.STORAGES = {**settings.STORAGES, "private": memory}
    storages._storages = {}
    upload = put(put(opened(project, licence), 0, CONTENT[:3_000]), 3_000, CONTENT[3_000:])
    names = stored_names(upload)

    material = services.finish_upload(upload, actor=upload.opened_by, at=NOW)

    assert read_stored(material.file) == CONTENT
    assert [storages["private"].exists(name) for name in names] == [False, False]


def test_the_same_file_goes_on_where_it_stopped_for_a_colleague_too(project, licence):
    upload = put(opened(project, licence), 0, CONTENT[:3_000])
    colleague = people.filer(project.enterprise)

    again = opened(project, licence, actor=colleague)

    assert (again.pk, again.received) == (upload.pk, 3_000)
    put(again, 3_000, CONTENT[3_000:], actor=colleague)
    assert services.finish_upload(MaterialUpload.objects.get(), actor=colleague, at=NOW).added_by == colleague


def test_another_content_or_place_begins_anew(project, licence):
    first = opened(project, licence)

    others = [opened(project, licence, mark="t1"), opened(project, project.call.materials.get(code="plan"))]

    assert len({first.pk, *(other.pk for other in others)}) == 3


def test_a_part_that_came_already_changes_nothing_and_a_gap_is_told(project, licence):
    upload = put(opened(project, licence), 0, CONTENT[:3_000])

    assert put(upload, 0, CONTENT[:3_000]).received == 3_000
    with pytest.raises(services.OutOfStep) as gap:
        put(upload, 4_000, b"x")
    assert gap.value.received == 3_000
    with pytest.raises(services.OutOfStep):
        services.finish_upload(upload, actor=upload.opened_by, at=NOW)


def test_two_windows_that_send_the_same_part_leave_it_once(project, licence):
    upload = opened(project, licence)
    stale = MaterialUpload.objects.select_related("draft__project").get()
    put(upload, 0, CONTENT[:3_000])

    now = put(stale, 0, CONTENT[:3_000])

    assert (now.received, UploadPart.objects.count()) == (3_000, 1)


@pytest.mark.parametrize(
    ("offset", "content"),
    [(0, b""), (0, CONTENT + b"more"), (0, b"x" * (parts.MOST_PART_BYTES + 1))],
    ids=["nothing", "more than promised", "too much at once"],
)
def test_a_part_beyond_what_was_promised_is_refused(project, licence, offset, content):
    with pytest.raises(FileRefused):
        put(opened(project, licence), offset, content)


@pytest.mark.parametrize(
    ("values", "reason"),
    [({"size": 0}, "空的"), ({"size": 101 * 1024 * 1024}, "超过 100 MB"), ({"name": "a/b.pdf"}, "路径符号")],
)
def test_limits_are_asked_before_the_first_byte(project, licence, values, reason):
    with pytest.raises(FileRefused, match=reason):
        opened(project, licence, **values)


def test_all_materials_together_have_a_limit_and_replacing_makes_room(project, licence, settings):
    settings.MATERIALS_LIMIT_BYTES = len(CONTENT) + 100
    first = services.add_material(
        project, licence, upload=filing.pdf(extra=b"%" * 200), actor=project.created_by, at=NOW
    )

    with pytest.raises(FileRefused, match="合计不能超过"):
        opened(project, licence)
    assert opened(project, licence, replaces=first).replaces == first


@pytest.mark.parametrize(
    ("content", "sha256", "reason"),
    [(CONTENT, "0" * 64, "不一致"), (b"MZ" + CONTENT[2:], "", "无法识别")],
    ids=["another content", "another type"],
)
def test_the_whole_is_judged_by_its_content_and_thrown_away_when_refused(project, licence, content, sha256, reason):
    upload = put(opened(project, licence, sha256=sha256), 0, content)
    names = stored_names(upload)

    with pytest.raises(FileRefused, match=reason):
        services.finish_upload(upload, actor=upload.opened_by, at=NOW)

    assert not MaterialUpload.objects.exists()
    assert not DraftMaterial.objects.exists()
    assert not storages["private"].exists(names[0])


def test_what_nobody_goes_on_with_is_dropped_after_a_week(project, licence):
    upload = put(opened(project, licence), 0, CONTENT[:3_000])
    (name,) = stored_names(upload)

    assert services.drop_expired_uploads(moment(days=6)) == 0
    assert services.drop_expired_uploads(moment(days=8)) == 1
    assert (MaterialUpload.objects.count(), storages["private"].exists(name)) == (0, False)


def test_what_is_handed_over_on_paper_is_never_uploaded(project, licence):
    licence.confidential = True
    licence.save()

    for deed in (
        lambda: opened(project, licence),
        lambda: services.add_material(project, licence, upload=filing.pdf(), actor=project.created_by, at=NOW),
    ):
        with pytest.raises(services.DraftRefused, match="线下报送"):
            deed()


def test_nothing_is_sent_to_a_filing_that_was_handed_in(live_call):
    project = filing.ready(of_call=live_call)
    upload = opened(project, project.call.materials.get(code="licence"))
    services.submit(project, actor=project.created_by, at=NOW)

    with pytest.raises(moves.Overtaken):
        put(upload, 0, CONTENT)


# --- the addresses --------------------------------------------------------------------------------------------------


def begin(client, project, requirement, **more):
    values = {
        "requirement": requirement.pk,
        "name": "执照.pdf",
        "size": len(CONTENT),
        "mark": SHA,
        "sha256": SHA,
    } | more
    return client.post(f"/filing/{project.pk}/uploads/", values)


def test_the_script_opens_sends_asks_and_finishes(client, project, licence):
    client.force_login(project.created_by)
    said = json.loads(begin(client, project, licence).content)

    client.put(f"{said['url']}?offset=0", CONTENT[:3_000], content_type="application/octet-stream")
    assert client.get(said["url"]).json()["received"] == 3_000
    gap = client.put(f"{said['url']}?offset=9", b"x" * 5_000, content_type="application/octet-stream")
    assert (gap.status_code, gap.json()) == (409, {"received": 3_000})
    client.put(f"{said['url']}?offset=3000", CONTENT[3_000:], content_type="application/octet-stream")

    assert client.post(said["finish"]).json() == {"next": f"/filing/{project.pk}/materials/"}
    assert DraftMaterial.objects.get().file.sha256 == SHA


def test_a_refusal_is_a_sentence_for_the_person(client, project, licence):
    client.force_login(project.created_by)

    answer = begin(client, project, licence, size=10**12)

    assert (answer.status_code, "超过 100 MB" in answer.json()["message"]) == (422, True)


def test_another_enterprise_finds_no_upload_and_the_bureau_no_address(client, project, licence):
    upload = opened(project, licence)
    address = f"/filing/{project.pk}/uploads/{upload.pk}/"

    client.force_login(people.approver())
    assert (client.get(address).status_code, begin(client, project, licence).status_code) == (404, 404)
    client.force_login(people.bureau_officer())
    assert client.get(address).status_code == 403


def test_the_page_lists_what_was_not_sent_to_its_end_and_gives_it_up(client, project, licence):
    client.force_login(project.created_by)
    upload = put(opened(project, licence, name="很大的扫描件.pdf"), 0, CONTENT[:3_000])

    page = client.get(f"/filing/{project.pk}/materials/").content.decode()
    client.post(f"/filing/{project.pk}/uploads/{upload.pk}/cancel/")

    assert ("没有传完的文件" in page, "很大的扫描件.pdf" in page) == (True, True)
    assert not MaterialUpload.objects.exists()
