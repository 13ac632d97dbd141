"""Visits on site: planned with those who may go, told once with photos, shown to whom they concern."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from core.models import Ground, Notice
from core.moves import NotYours, Overtaken
from review.models import SiteVisit
from review.services import assignments, visits
from review.services.refusals import ReviewRefused
from tests.factories import core as people
from tests.factories import review as make
from tests.factories.core import NOW, moment

pytestmark = pytest.mark.django_db


def picture(name="设备.jpg"):
    kept = io.BytesIO()
    Image.new("RGB", (8, 8), "navy").save(kept, "JPEG")
    return SimpleUploadedFile(name, kept.getvalue(), content_type="image/jpeg")


def read(answer):
    """The content of a file that was handed out; reading to the end closes it."""
    return b"".join(answer.streaming_content)


def planned(project, *visitors, officer=None):
    officer = officer or people.bureau_officer()
    return visits.plan_visit(
        project, planned_on=NOW.date(), place="厂区", purpose="核对设备。", visitors=list(visitors) or [officer],
        actor=officer, at=NOW,
    )  # fmt: skip


def reported(visit, actor=None, **said):
    said = {"visited_on": NOW.date(), "findings": "设备已到位。", **said}
    return visits.report_visit(visit, **said, actor=actor or visit.planned_by, at=NOW)


def test_those_who_go_are_written_to():
    expert = make.expert()
    planned(make.under_review(), expert.user)
    assert Notice.objects.filter(recipient=expert.user, subject__startswith="现场核查").exists()


def test_an_expert_with_a_conflict_does_not_go():
    project, expert = make.under_review(), make.expert()
    assignments.declare_conflict(expert, project.enterprise, kind="kin", actor=expert.user, at=NOW)
    with pytest.raises(ReviewRefused, match="利害关系"):
        planned(project, expert.user)


def test_it_is_told_once_with_its_photos_and_its_ground(visit):
    one = planned(make.under_review())
    done = reported(one, photos=[picture()])
    assert done.ground.facts["photos"] == [done.photos.get().file.sha256]
    assert Ground.objects.filter(kind="site_visit").count() == 1
    with pytest.raises(Overtaken):
        reported(one)
    shown = visit(one.planned_by, "site-photo", one.pk, done.photos.get().pk)
    assert shown["Content-Type"] == "image/jpeg" and read(shown).startswith(b"\xff\xd8")


def test_a_day_to_come_and_too_many_photos_are_refused():
    one = planned(make.under_review())
    with pytest.raises(ReviewRefused, match="晚于今天"):
        reported(one, visited_on=moment(days=1).date())
    with pytest.raises(ReviewRefused, match="最多"):
        reported(one, photos=[picture()] * 13)


def test_somebody_who_did_not_go_does_not_tell_it():
    with pytest.raises(NotYours):
        reported(planned(make.under_review()), actor=people.bureau_officer())


def test_scorers_of_an_open_call_read_findings_and_photos(visit):
    (asked,) = make.assigned(make.under_review())
    type(asked).objects.update(due_on=None)
    done = reported(planned(asked.project), photos=[picture()])
    text = visit(asked.expert.user, "expert-score", asked.pk).content.decode()
    assert "设备已到位。" in text
    assert read(visit(asked.expert.user, "site-photo", done.pk, done.photos.get().pk))


@pytest.mark.parametrize(
    ("who", "sees"), [("bureau_lead", True), ("supervisor", True), ("district_lead", True), ("expert", False), ("approver", False)]
)  # fmt: skip
def test_a_visit_is_seen_by_those_it_concerns(who, sees):
    planned(make.under_review(enterprise=people.enterprise(slug="tiexi")))
    assert SiteVisit.objects.visible_to(getattr(people, who)()).exists() is sees


def test_the_pages_plan_and_tell(visit, post):
    project, officer = make.under_review(), people.bureau_officer()
    data = {"planned_on": "2026-03-05", "place": "厂区", "purpose": "看设备", "visitors": [officer.pk]}
    assert post(officer, "site-visit-new", project.pk, data=data).status_code == 302
    one = SiteVisit.objects.get()
    told = {"visited_on": "2026-03-05", "findings": "设备齐全。", "photos": picture()}
    assert post(officer, "site-visit", one.pk, data=told).status_code == 302
    assert "设备齐全。" in visit(officer, "site-visit", one.pk).content.decode()
    assert "厂区" in visit(officer, "review-project", project.pk).content.decode()


def test_what_is_no_picture_is_said_at_the_form_and_keeps_the_words(post):
    one = planned(make.under_review())
    wrong = SimpleUploadedFile("假.jpg", b"no picture", content_type="image/jpeg")
    data = {"visited_on": "2026-03-05", "findings": "设备齐全。", "photos": wrong}
    answer = post(one.planned_by, "site-visit", one.pk, data=data)
    assert answer.status_code == 200 and "设备齐全。" in answer.content.decode()
    assert SiteVisit.objects.get().reported_at is None
