"""Every component on one page: readable by everybody, and never wider than the screen."""

import pytest

pytestmark = pytest.mark.browser
PAGES = ["/", "/accounts/login/?all=1", "/styleguide/", "/styleguide/?form=errors", "/nothing/here/"]


@pytest.fixture(autouse=True)
def demonstration(settings):
    settings.DEMO = True


@pytest.mark.parametrize("path", PAGES)
def test_pages_pass_the_accessibility_baseline(page, live_server, assert_accessible, path):
    page.goto(live_server.url + path)
    assert_accessible(page)


@pytest.mark.parametrize("width", [390, 320])
def test_no_page_scrolls_sideways(page, live_server, width):
    page.set_viewport_size({"width": width, "height": 800})
    for path in PAGES:
        page.goto(live_server.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_the_error_summary_takes_focus_and_leads_to_the_field(page, live_server):
    page.goto(f"{live_server.url}/styleguide/?form=errors")
    assert page.evaluate("document.activeElement.className").startswith("error-summary")
    page.get_by_role("link", name="投资总额：金额不能为负数。").click()
    assert page.evaluate("document.activeElement.id") == "id_amount"


def test_the_browser_finds_nothing_against_the_policy(page, live_server):
    said = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.goto(f"{live_server.url}/styleguide/")
    assert said == []
