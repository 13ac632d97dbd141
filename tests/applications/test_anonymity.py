"""A 匿名稿 that tells who filed is told to the enterprise, and must go before it submits (匿名评审)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from weasyprint import HTML

from applications import services
from applications.facts import anonymity, completeness
from applications.models import CallMaterial
from core import jobs
from core.models import Job
from tests.factories import core as people
from tests.factories import filing
from tests.factories.core import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def wanted(live_call):
    type(live_call).objects.update(blind_review=True)
    return CallMaterial.objects.create(
        call=live_call, position=9, code="plan_blind", name="实施方案（匿名稿）", need="optional", blind=True
    )


@pytest.fixture
def project(live_call, wanted):
    live_call.refresh_from_db()
    approver = people.approver(people.enterprise("沈阳泄密重工有限公司"))
    return filing.ready(of_call=live_call, actor=approver)


def pdf(text="更新三台数控机床。", author=""):
    meta = f'<meta name="author" content="{author}">' if author else ""
    return HTML(string=f"<html><head>{meta}</head><body>{text}</body></html>").write_pdf()


def handed_in(project, wanted, content, replaces=None):
    upload = SimpleUploadedFile("匿名稿.pdf", content)
    material = services.add_material(
        project, wanted, upload=upload, actor=project.created_by, at=NOW, replaces=replaces
    )
    return read(material)


def read(material):
    for job in Job.objects.filter(kind="material.blind"):
        jobs.run(job.pk)
    material.refresh_from_db()
    return material


def said(project):
    return " ".join(one.message for one in completeness.findings(project.draft, at=NOW) if "匿名稿" in one.message)


@pytest.mark.parametrize(
    ("content", "sign"),
    [
        ({"text": "沈阳泄密重工\n有限公司拟更新机床。"}, "正文中有单位名称"),
        ({"author": "沈阳泄密重工有限公司"}, "文件属性中有单位名称"),
    ],
)
def test_what_names_the_enterprise_is_found_and_stops_the_filing(project, wanted, content, sign):
    material = handed_in(project, wanted, pdf(**content))
    assert material.blind_signs == [sign]
    assert sign in said(project) and "重新上传" in said(project)


def test_code_and_telephone_are_found_too(project, wanted):
    draft = project.draft
    draft.contact_phone = "024-0000 1111"
    draft.save()
    text = f"代码 {project.enterprise.uscc}，电话 02400001111。"
    assert handed_in(project, wanted, pdf(text)).blind_signs == ["正文中有统一社会信用代码", "正文中有联系电话"]


def test_a_copy_that_is_still_read_waits(project, wanted):
    upload = SimpleUploadedFile("匿名稿.pdf", pdf())
    services.add_material(project, wanted, upload=upload, actor=project.created_by, at=NOW)
    assert "正在检查匿名稿" in said(project)
    jobs.run(Job.objects.get(kind="material.blind").pk)
    assert said(project) == ""


def test_what_cannot_be_read_is_let_pass(project, wanted):
    assert handed_in(project, wanted, b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n").blind_signs == []


def test_a_clean_copy_and_what_experts_do_not_read_are_left_alone(project, wanted):
    assert handed_in(project, wanted, pdf()).blind_signs == []
    wanted.blind = False
    wanted.save()
    assert handed_in(project, wanted, pdf("沈阳泄密重工有限公司")).blind_signs == []
    assert said(project) == ""


def test_a_persons_name_counts_in_the_properties_alone():
    names = [("联系人", "李明")]
    assert anonymity.signs_in("Author: 李明", "李明等人的方法", names) == ["文件属性中有联系人"]


def test_the_enterprise_reads_it_beside_its_file(project, wanted, client):
    handed_in(project, wanted, pdf("沈阳泄密重工有限公司"))
    client.force_login(project.created_by)
    page = client.get(f"/filing/{project.pk}/materials/").content.decode()
    assert "匿名稿中有单位信息" in page and "正文中有单位名称" in page


@pytest.mark.parametrize("nobody", ["—", "无", " - ", "（）"])
def test_what_was_typed_to_fill_a_field_names_nobody(project, wanted, nobody):
    services.save_basics(project, values={"contact": nobody, "contact_phone": "—"}, actor=project.created_by, at=NOW)
    assert handed_in(project, wanted, pdf("无人值守车间（一）—二期", author=nobody)).blind_signs == []


def test_a_copy_is_read_again_when_a_name_to_look_for_changes(project, wanted):
    material, by = handed_in(project, wanted, pdf("电话 024-88881111", author="陈晓")), project.created_by
    services.save_basics(project, values={"contact_phone": "02488881111"}, actor=by, at=NOW)
    assert read(material).blind_signs == ["正文中有联系电话"]
    services.save_basics(project, values={"contact_phone": "02400000000"}, actor=by, at=NOW)
    assert read(material).blind_signs == []
    services.submit(project, actor=by, at=NOW)  # it may come back to be corrected
    profile = {"address": "沈阳", "industry": "3421", "above_scale": True, "legal_person": "陈晓"}
    services.save_profile(project.enterprise, values=profile, actor=by, at=NOW)
    assert read(material).blind_signs == ["文件属性中有法定代表人"]


def test_the_next_version_does_not_answer_for_the_one_before(project, wanted, monkeypatch):
    told = handed_in(project, wanted, pdf("沈阳泄密重工有限公司"))
    monkeypatch.setattr("core.virusscan.is_on", lambda: True)  # the scanner looks first: nothing is read yet
    assert handed_in(project, wanted, pdf(), replaces=told).blind_signs == []


def test_a_reading_that_failed_says_what_to_do(project, wanted, client, monkeypatch):
    monkeypatch.setattr("core.previews.words_in", lambda file: 1 / 0)
    handed_in(project, wanted, pdf())
    client.force_login(project.created_by)
    page = client.get(f"/filing/{project.pk}/materials/").content.decode()
    assert "没能检查匿名稿" in said(project) and "正在检查" not in said(project)
    assert "没能检查匿名稿" in page and "只检查 PDF" in page
