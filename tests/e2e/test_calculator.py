"""Anybody works out what a project may receive, and reads why."""

from urllib.parse import parse_qs, urlsplit

import pytest

pytestmark = pytest.mark.browser


def fill_in(page, live_server) -> None:
    page.goto(f"{live_server.url}/policy/calculator/")
    page.get_by_label("项目所属行业").fill("3831")
    page.get_by_label("线 · 其他").check()
    for label, amount in {"设备": "2,480.00", "软件": "160", "服务": "50", "安装": "110", "厂房等基建": "600"}.items():
        page.get_by_label(label, exact=True).fill(amount)
    page.get_by_role("button", name="计算最高支持金额").click()


def test_the_amount_is_explained_and_its_address_can_be_shared(page, live_server, assert_accessible):
    # given somebody with a few figures and no account
    fill_in(page, live_server)

    # then the amount stands with its steps, and the page is accessible
    assert "500.00" in page.locator(".money-lg").inner_text()
    assert "单个项目最高 500.00 万元" in page.locator(".explain .binds").inner_text()
    assert_accessible(page)

    # and the address gives the same answer to whoever gets it
    shared = page.url
    assert parse_qs(urlsplit(shared).query)["industry"] == ["3831"]
    page.context.clear_cookies()
    page.goto(shared)
    assert "500.00" in page.locator(".money-lg").inner_text()


def test_a_step_leads_to_the_words_of_its_clause(page, live_server, assert_accessible):
    # given an explained amount
    fill_in(page, live_server)

    # when a reader follows the clause of the step that fixed it
    page.locator(".explain .binds a").first.click()

    # then he stands at that clause
    assert page.url.endswith("/policy/clauses/#a6-2-2")
    assert "单个项目支持资金最高不超过500万元" in page.locator("#a6-2-2").inner_text()
    assert_accessible(page)


def test_what_cannot_be_read_is_named_and_kept(page, live_server, assert_accessible):
    page.goto(f"{live_server.url}/policy/calculator/?industry=3831&role=DIAN-OTHER&equipment=many")

    assert page.get_by_label("设备", exact=True).input_value() == "many"
    assert "请填写以万元为单位的数字" in page.get_by_role("alert").inner_text()
    assert_accessible(page)


def test_it_works_without_scripts(page_without_scripts, live_server):
    fill_in(page_without_scripts, live_server)

    assert "500.00" in page_without_scripts.locator(".money-lg").inner_text()


def test_a_small_screen_never_scrolls_sideways(page, live_server):
    page.set_viewport_size({"width": 390, "height": 844})
    fill_in(page, live_server)

    assert page.evaluate("document.documentElement.scrollWidth") <= 390
