"""A call from nothing to published on time, and an institution that files in it. Each page is accessible."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from applications import services
from applications.models import Call, Project
from tests.applications.test_institutions import university
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories import filing

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PARTS = ("text", "window", "attachments", "rules", "materials", "rubric", "terms")


def moment(shift):
    return (timezone.localtime() + shift).strftime("%Y-%m-%dT%H:%M")


def test_a_call_is_made_from_nothing_and_published_on_time(page, live_server, enter, assert_accessible, screenshot):
    filings.adopted_version()
    enter(page, people.bureau_officer())
    page.goto(live_server.url + reverse("call-new"))
    assert_accessible(page)
    screenshot(page, "call-new")
    page.get_by_label("数字化转型服务商培育").check()
    page.get_by_label("标题").fill("2026年数字化转型服务商培育申报通知")
    page.get_by_label("开始时间").fill(moment(timedelta(minutes=-5)))
    page.get_by_label("截止时间").fill(moment(timedelta(days=30)))
    page.get_by_role("button", name="起草申报通知").click()
    page.get_by_text("正文或受理类别还没有填写").first.wait_for()

    call = Call.objects.get()
    for part in PARTS:
        page.goto(live_server.url + reverse(f"call-{part}", args=[call.pk]))
        assert_accessible(page)
        screenshot(page, f"call-{part}")
    page.goto(live_server.url + reverse("call-text", args=[call.pk]))
    page.get_by_label("正文").fill("面向试点行业遴选服务商。")
    page.get_by_role("button", name="保存通知内容").click()
    page.get_by_text("等负责人发布").wait_for()

    enter(page, people.bureau_lead())
    page.goto(live_server.url + reverse("call-publish", args=[call.pk]))
    assert_accessible(page)
    page.get_by_label("定时发布").check()
    page.get_by_label("发布时间").fill(moment(timedelta(hours=1)))
    page.get_by_role("button", name="发布申报通知").click()
    page.get_by_text(re.compile("由系统发布，在此之前内容不能改")).wait_for()
    assert_accessible(page)

    assert services.publish_due_calls(timezone.now() + timedelta(hours=2)) == 1
    page.context.clear_cookies()
    page.goto(live_server.url + reverse("call", args=[call.pk]))
    page.get_by_role("heading", name="申报条件").wait_for()
    assert_accessible(page)


def test_an_institution_files_in_a_local_direction(page, live_server, enter, assert_accessible, screenshot):
    approver = university()
    filing.profile(approver.organisation)
    call = filings.call(direction="diagnosis", tracks=["local"], closes_at=timezone.now() + timedelta(days=9))
    enter(page, approver)
    page.goto(live_server.url + reverse("call", args=[call.pk]))
    page.get_by_role("link", name="开始申报").click()
    assert_accessible(page)
    screenshot(page, "filing-new-local")
    page.get_by_label("项目名称").fill("面向中小企业的数字化诊断")
    page.get_by_role("button", name="建立草稿").click()
    page.get_by_role("heading", name="一、企业与项目").wait_for()

    project = Project.objects.get()
    page.goto(f"{live_server.url}/filing/{project.pk}/basics/")
    assert_accessible(page)

    assert page.get_by_label("方案任务").count() == 0
    assert project.track == "local"
