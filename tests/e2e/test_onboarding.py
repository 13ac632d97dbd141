"""An enterprise comes in: it registers, its district answers, a colleague is invited. Each page is accessible."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from applications import services
from applications.models import Registration
from core.models import Role
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories.core import credit_code

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_enterprise_registers_and_its_district_verifies_it(page, live_server, enter, assert_accessible, screenshot):
    people.district()
    page.goto(live_server.url + reverse("login"))
    page.get_by_role("link", name="注册企业").click()
    assert_accessible(page)
    screenshot(page, "register")
    for label, words in {
        "统一社会信用代码": credit_code(8100), "单位名称": "沈阳新来企业有限公司", "您的姓名": "何先生",
        "邮箱": "he@example.com", "手机": "13900000000", "再次输入密码": "portal-test-2026",
    }.items():  # fmt: skip
        page.get_by_label(label).fill(words)
    page.locator("input[name=password]").fill("portal-test-2026")
    page.get_by_label("所在区县或开发区").select_option(label="铁西区")
    page.get_by_role("button", name="提交注册申请").click()
    page.get_by_text(re.compile("注册申请已提交")).wait_for()

    enter(page, people.district_officer())
    page.goto(live_server.url + reverse("registrations"))
    assert_accessible(page)
    screenshot(page, "registrations")
    page.get_by_role("link", name="沈阳新来企业有限公司").click()
    assert_accessible(page)
    screenshot(page, "registration")
    page.get_by_label("核验通过").check()
    page.get_by_role("button", name="答复企业注册").click()
    page.get_by_text(re.compile("并已通知企业")).wait_for()

    assert Registration.objects.get().state == "verified"


def test_the_waiting_enterprise_and_its_members_see_where_they_stand(
    page, live_server, enter, assert_accessible, screenshot
):
    enter(page, filings.registration().applicant)
    page.goto(live_server.url + reverse("enterprise"))
    assert_accessible(page)
    screenshot(page, "enterprise-waiting")

    approver = people.approver()
    people.filer(approver.organisation)
    enter(page, approver)
    page.goto(live_server.url + reverse("member-invite"))
    assert_accessible(page)
    screenshot(page, "member-invite")
    page.get_by_label("姓名").fill("林女士")
    page.get_by_label("邮箱").fill("lin@example.com")
    page.get_by_label(str(Role.ENTERPRISE_FILER.label)).check()
    page.get_by_role("button", name="发出邀请").click()
    page.get_by_text(re.compile("已向 lin@example.com 发出邀请")).wait_for()
    assert_accessible(page)
    screenshot(page, "enterprise-members")

    token = mail.outbox[-1].body.split("/accounts/invitation/")[1].split("/")[0]
    page.context.clear_cookies()
    page.goto(live_server.url + reverse("invitation", args=[token]))
    assert_accessible(page)
    screenshot(page, "invitation")
    assert services.DAYS_OPEN == 7
