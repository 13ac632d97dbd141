"""Experts in Chromium: one with a conflict is never drawn, one declines and is replaced, a wide spread is scored anew."""

from __future__ import annotations

import pytest
from django.urls import reverse

from review.blind import code_name
from review.models import Assignment, Draw
from review.services import assignments, drawing_lots
from tests.factories import core as people
from tests.factories import review as make
from tests.factories.core import NOW
from tests.review.test_in_a_browser import assert_good

pytestmark = pytest.mark.browser


def opened(page, live_server, name, *args, query=""):
    page.goto(live_server.url + reverse(name, args=args) + query)


def test_a_draw_from_the_locked_list_to_a_replacement(page, live_server, enter, assert_accessible, monkeypatch):
    """Given five experts, one of them bound; when two persons seal their numbers; then never he, and a no is replaced."""
    project, officer, lead = (
        make.under_review(of_call=make.small_call(3)),
        people.bureau_officer(),
        people.bureau_lead(),
    )
    for one in [make.declared() for _ in range(4)]:
        type(one.declarations.get()).objects.update(valid_to="2099-01-01")
    bound = make.declared()
    type(bound.declarations.get()).objects.update(valid_to="2099-01-01")
    assignments.declare_conflict(bound, project.enterprise, kind="kin", actor=bound.user, at=NOW)

    enter(page, officer)
    opened(page, live_server, "draw-new", query=f"?project={project.pk}")
    assert_accessible(page)
    page.get_by_role("button", name="锁定 1 个项目的名单").click()
    page.get_by_role("link", name="填写我的号码").click()
    page.locator("#id_number").fill("20260305")
    page.get_by_role("button", name="封存号码").click()
    assert "20260305" not in page.content()
    draw = Draw.objects.get()
    enter(page, lead)
    opened(page, live_server, "draw", draw.pk)
    assert "20260305" not in page.content()
    page.get_by_role("link", name="填写我的号码").click()
    page.locator("#id_number").fill("8848")
    page.get_by_role("button", name="封存号码").click()
    drawing_lots.draw_now(Draw.objects.get(), at=NOW)
    for name, args in (("draws", ()), ("draw", (draw.pk,)), ("draw-entry", (draw.pk, draw.entries.get().pk))):
        assert_good(page, live_server, assert_accessible, name, *args)
    assert "亲属" in page.content() and not project.assignments.filter(expert=bound).exists()

    asked = project.assignments.first()
    enter(page, asked.expert.user)
    assert_good(page, live_server, assert_accessible, "expert-invitation", asked.pk)
    page.get_by_role("button", name="答复不能评审").click()
    assert "请写明不能评审的原因。" in page.content()
    page.get_by_label("不能评审的原因").fill("时间冲突")
    page.get_by_role("button", name="答复不能评审").click()
    replacement = Assignment.objects.get(replaces=asked)
    enter(page, replacement.expert.user)
    opened(page, live_server, "expert-invitation", replacement.pk)
    page.get_by_role("button", name="接受评审").click()
    assert page.get_by_role("heading", level=1).inner_text() == project.title


def test_a_wide_spread_goes_into_a_second_round(page, live_server, enter, assert_accessible):
    project, lead = make.scored(make.under_review(of_call=make.small_call(3)), [90, 60, 75]), people.bureau_lead()
    enter(page, lead)
    opened(page, live_server, "review-project", project.pk)
    page.get_by_role("link", name="启动复评").click()
    assert_good(page, live_server, assert_accessible, "review-second-round", project.pk)
    page.get_by_label("复评理由").fill("对节能效果看法不一。")
    page.get_by_label("评分期限").fill("2099-01-01")
    page.get_by_role("button", name="启动复评并通知专家").click()
    assert set(project.assignments.current().values_list("round", flat=True)) == {2}
    for name in ("review-rounds", "site-visit-new"):
        assert_good(page, live_server, assert_accessible, name, project.pk)
    for name in ("review-progress", "experts", "experts-import", "expert-new", "relations", "departments"):
        assert_good(page, live_server, assert_accessible, name)
    expert = project.assignments.first().expert
    for name in ("expert-page", "expert-edit"):
        assert_good(page, live_server, assert_accessible, name, expert.pk)


def test_a_blind_sheet_shows_nothing_that_tells_who_filed(page, live_server, enter, assert_accessible):
    call = make.small_call(1, blind_review=True)
    project = make.under_review(
        of_call=call, title="泄密重工产线改造", enterprise=people.enterprise("沈阳泄密重工有限公司")
    )
    (asked,) = make.assigned(project)
    Assignment.objects.update(due_on=None)
    enter(page, asked.expert.user)
    for name, args in (("expert-desk", ()), ("expert-score", (asked.pk,)), ("expert-step-aside", (asked.pk,))):
        assert_good(page, live_server, assert_accessible, name, *args)
        told = page.content() + page.title() + page.url
        assert "泄密重工" not in told and project.number not in told
        assert code_name(project) in told
