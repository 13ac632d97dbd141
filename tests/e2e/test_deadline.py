"""The deadline passes while a form is open: the page says so, the grace still takes it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from applications.models import Call, Project
from applications.states import State
from tests.factories import applications as filings
from tests.factories import filing

pytestmark = pytest.mark.browser


def test_a_form_open_at_the_deadline_is_taken_in_the_grace(page, live_server, enter, assert_accessible):
    call = filings.call(closes_at=timezone.now() + timedelta(hours=3), grace_minutes=15)
    project = filing.ready(of_call=call)
    enter(page, project.created_by)
    page.goto(f"{live_server.url}/filing/{project.pk}/submit/")
    assert "离申报截止还有 2 小时" in page.locator("main").inner_text()

    Call.objects.filter(pk=call.pk).update(closes_at=timezone.now() - timedelta(minutes=1))
    page.reload()
    assert "这份草稿还可以提交" in page.locator("main").inner_text()
    assert_accessible(page)
    page.get_by_label("我已核对全部内容").check()
    page.get_by_label("签署密码").fill("portal-test-2026")
    page.get_by_role("button", name="签署承诺并提交申报").click()

    page.get_by_text("申报已提交").wait_for()
    assert Project.objects.get(pk=project.pk).state == State.DISTRICT_REVIEW
