"""The login page stands: reachable without an account, accessible, usable without scripts."""

import pytest

pytestmark = pytest.mark.browser


def test_login_page_meets_the_accessibility_baseline(page, live_server, assert_accessible):
    page.goto(f"{live_server.url}/accounts/login/")

    assert page.locator("h1").count() == 1
    assert_accessible(page)


def test_login_page_has_its_fields_without_scripts(page_without_scripts, live_server):
    page_without_scripts.goto(f"{live_server.url}/accounts/login/")

    assert page_without_scripts.locator("input[name=username]").is_visible()
    assert page_without_scripts.locator("input[name=password]").is_visible()
