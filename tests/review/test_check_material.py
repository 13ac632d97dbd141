"""Materials are judged one by one; a doubt says why."""

import pytest
from django.db import IntegrityError, transaction

from applications.models import CallMaterial
from core.models import AuditEvent
from review.models import MaterialCheck, Verdict
from review.queries import materials_to_check, what_stops_a_recommendation
from review.services import district
from review.services.refusals import ReviewRefused
from tests.factories import core as people
from tests.factories import review as make
from tests.factories.core import NOW, moment

pytestmark = pytest.mark.django_db


def licence(project):
    return CallMaterial.objects.get(call=project.call, code="licence")


def test_a_check_is_kept_recorded_and_takes_the_project():
    project, officer = make.at_the_district(), people.district_officer()
    check = district.check_material(project, licence(project), verdict=Verdict.VERIFIED, actor=officer, at=NOW)
    project.refresh_from_db(fields=["taken_by"])
    assert (check.by, project.taken_by) == (officer, officer)
    assert AuditEvent.objects.get(event="submission.material_checked").summary == "营业执照"


def test_judging_again_replaces_the_verdict():
    project, officer = make.at_the_district(), people.district_officer()
    make.checked(project, officer, Verdict.QUESTIONED, "印章不清。")
    district.check_material(project, licence(project), verdict=Verdict.VERIFIED, actor=officer, at=moment(hours=1))
    assert MaterialCheck.objects.get().verdict == Verdict.VERIFIED


def test_a_doubt_without_a_reason_is_refused_by_the_service_and_by_the_database():
    project, officer = make.at_the_district(), people.district_officer()
    with pytest.raises(ReviewRefused):
        district.check_material(project, licence(project), verdict=Verdict.QUESTIONED, actor=officer, at=NOW)
    make.checked(project, officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        MaterialCheck.objects.update(verdict=Verdict.QUESTIONED)


def test_a_material_of_another_call_is_refused():
    project, other = make.at_the_district(), make.small_call()
    with pytest.raises(ReviewRefused):
        district.check_material(
            project, other.materials.first(), verdict=Verdict.VERIFIED, actor=people.district_officer(), at=NOW
        )


def test_only_needed_or_filed_materials_are_to_be_checked():
    project = make.at_the_district()
    assert [entry.code for entry in materials_to_check(project)] == ["licence"]
    assert what_stops_a_recommendation(project) == "还有 1 项材料没有核验：营业执照。"


def test_the_page_keeps_verdicts_and_gives_back_a_doubt_without_words(post):
    project, officer = make.at_the_district(), people.district_officer()
    key = licence(project).pk
    answer = post(officer, "district-review", project.pk, data={f"verdict_{key}": "questioned"})
    assert "请写明存疑的原因" in answer.content.decode()
    answer = post(
        officer, "district-review", project.pk, data={f"verdict_{key}": "questioned", f"note_{key}": "印章不清"}
    )
    assert (answer.status_code, MaterialCheck.objects.get().note) == (302, "印章不清")
