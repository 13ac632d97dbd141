"""The room's pages in Chromium: accessible, nothing wider than the screen, and whole without scripts."""

from __future__ import annotations

import pytest
from django.urls import reverse

from applications.models import Project
from applications.states import State
from review.models import Assignment
from tests.factories import core as people
from tests.factories import review as make

pytestmark = pytest.mark.browser
NARROW = {"width": 390, "height": 844}


def assert_good(page, live_server, assert_accessible, name, *args):
    page.goto(live_server.url + reverse(name, args=args))
    assert page.locator("h1").count() == 1, name
    assert_accessible(page)
    page.set_viewport_size(NARROW)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name
    page.set_viewport_size({"width": 1440, "height": 900})


def test_the_districts_pages_are_accessible(page, live_server, enter, assert_accessible):
    project, lead = make.at_the_district(), people.district_lead()
    make.checked(project, people.district_officer(), "questioned", "印章不清")
    enter(page, lead)
    assert_good(page, live_server, assert_accessible, "district-queue")
    for name in ("district-review", "district-return-for-correction", "district-opinion", "project-decline"):
        assert_good(page, live_server, assert_accessible, name, project.pk)


def test_the_bureaus_pages_are_accessible(page, live_server, enter, assert_accessible):
    project, lead = make.scored(make.under_review(of_call=make.small_call())), people.bureau_lead()
    make.expert()
    enter(page, lead)
    for name in ("review-board", "objections", "notice-new"):
        assert_good(page, live_server, assert_accessible, name)
    for name in ("review-project", "review-assign", "review-conclude", "review-send-back"):
        assert_good(page, live_server, assert_accessible, name, project.pk)


def test_the_experts_pages_are_accessible(page, live_server, enter, assert_accessible):
    (assignment,) = make.assigned(make.under_review())
    make.saved(assignment)
    enter(page, assignment.expert.user)
    for name in ("expert-desk", "expert-interests"):
        assert_good(page, live_server, assert_accessible, name)
    for name in ("expert-score", "expert-submit", "expert-step-aside"):
        assert_good(page, live_server, assert_accessible, name, assignment.pk)


def test_the_publics_pages_are_accessible(page, live_server, assert_accessible, enter):
    notice = make.published()
    objection = make.objection(notice)
    assert_good(page, live_server, assert_accessible, "notices")
    assert_good(page, live_server, assert_accessible, "notice", notice.pk)
    assert_good(page, live_server, assert_accessible, "objection-find")
    assert_good(page, live_server, assert_accessible, "objection-receipt", objection.receipt)
    assert_good(page, live_server, assert_accessible, "notice-entry", notice.pk, objection.entry.project_id)
    enter(page, people.bureau_lead())
    assert_good(page, live_server, assert_accessible, "objection", objection.pk)
    assert_good(page, live_server, assert_accessible, "objection-assign", objection.pk)


def test_the_investigators_and_the_panels_pages_are_accessible(page, live_server, assert_accessible, enter):
    taken = make.assigned_objection(make.objection(make.published()))
    asked = make.statement(taken)
    enter(page, taken.assigned_to)
    for name in ("objection", "objection-note", "objection-ask"):
        assert_good(page, live_server, assert_accessible, name, taken.pk)
    enter(page, asked.project.created_by)
    assert_good(page, live_server, assert_accessible, "statement", asked.pk)
    project = make.scored(make.under_review(of_call=make.small_call()))
    enter(page, people.bureau_lead())
    assert_good(page, live_server, assert_accessible, "panel-ranking", project.call_id)
    assert_good(page, live_server, assert_accessible, "panel-new", project.call_id)
    meeting = make.panel(project)
    for name in ("panel", "panel-report"):
        assert_good(page, live_server, assert_accessible, name, meeting.pk)
    paper = taken.entry.notice.ground
    enter(page, paper.issued_by)
    assert_good(page, live_server, assert_accessible, "ground-correct", paper.pk)
    assert_good(page, live_server, assert_accessible, "correction", people.correction(paper).pk)


def test_an_expert_scores_and_a_district_returns_without_scripts(page_without_scripts, live_server, enter):
    page = page_without_scripts
    project, officer = make.at_the_district(), people.district_officer()
    enter(page, officer)
    page.goto(live_server.url + reverse("district-review", args=[project.pk]))
    page.get_by_label("存疑", exact=True).first.check(force=True)
    page.get_by_placeholder("说明").first.fill("印章不清")
    page.get_by_role("button", name="保存核验结果").click()
    page.get_by_role("link", name="退回补正").click()
    page.get_by_label("怎么改").first.fill("重新盖章扫描")
    page.get_by_role("button", name="退回企业补正").click()
    assert Project.objects.get(pk=project.pk).state == State.CORRECTION

    (assignment,) = make.assigned(make.under_review())
    Assignment.objects.update(due_on=None)  # the page asks the clock on the wall
    enter(page, assignment.expert.user)
    page.goto(live_server.url + reverse("expert-score", args=[assignment.pk]))
    page.get_by_label("装备水平", exact=True).fill("50")
    page.get_by_label("单位能耗下降", exact=True).fill("30.5")
    page.get_by_role("button", name="核对并提交").click()
    page.get_by_role("button", name="提交评分（80.5 分）").click()
    assert str(assignment.sheet.__class__.objects.get().total) == "80.5"
