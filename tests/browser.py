"""What browser tests hold in their hands: entry as a person, the accessibility baseline, screenshots, a page without scripts."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import connection
from django.test import Client
from django.test.client import ClientHandler

AXE = Path(settings.BASE_DIR) / "node_modules" / "axe-core" / "axe.min.js"
KEPT = Path(settings.BASE_DIR) / "test-results"
QUIET = 0.2  # seconds
WIDTHS = {"1440": (1440, 900), "390": (390, 844)}


class Answering:
    """The requests a live server has in hand, and when the last one came or went."""

    def __init__(self) -> None:
        self.count, self.changed = 0, 0.0
        self._one_at_a_time = threading.Lock()  # each request is a thread's

    def begin(self, sender: Any, **_: Any) -> None:
        self._add(sender, 1)

    def end(self, sender: Any, **_: Any) -> None:
        self._add(sender, -1)

    def _add(self, sender: Any, one: int) -> None:
        if sender is not ClientHandler:  # the test's own client answers before it returns
            with self._one_at_a_time:
                self.count, self.changed = self.count + one, time.monotonic()

    def is_quiet(self) -> bool:
        """Nothing in hand, and nothing came for a while: what a closing page still sent has arrived."""
        return self.count <= 0 and time.monotonic() - self.changed > QUIET


ANSWERING = Answering()
request_started.connect(ANSWERING.begin)
request_finished.connect(ANSWERING.end)


@pytest.fixture(autouse=True)
def answered(request: pytest.FixtureRequest) -> Iterator[None]:
    """A page that is left may have a request under way: its answer is waited for before the tables are emptied."""
    if request.node.get_closest_marker("browser") is None:
        yield
        return
    request.getfixturevalue("transactional_db")  # so that this ends before it
    yield
    ANSWERING.changed = time.monotonic()
    until = time.monotonic() + 10
    while not (ANSWERING.is_quiet() and _others_are_idle()) and time.monotonic() < until:
        time.sleep(0.02)
    ANSWERING.count = 0


def _others_are_idle() -> bool:
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND state <> 'idle')"
        )
        return bool(cursor.fetchone()[0])


@pytest.fixture
def enter(live_server: Any) -> Callable[[Any, Any], None]:
    """enter(page, user): the browser becomes that person, without the login page."""

    def become(page: Any, user: Any) -> None:
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.clear_cookies()
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])

    return become


@pytest.fixture
def page_without_scripts(browser: Any, browser_context_args: dict[str, Any]) -> Iterator[Any]:
    """A page in a browser whose JavaScript is off."""
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def assert_accessible() -> Callable[..., None]:
    """assert_accessible(page): axe finds no fault against WCAG 2.2 A and AA; `without` names rules left out, with a reason
    beside the call. Needs a page with JavaScript on."""

    def judge(page: Any, *, without: tuple[str, ...] = ()) -> None:
        if not page.evaluate("() => 'axe' in window"):
            page.evaluate(
                AXE.read_text(encoding="utf-8")
            )  # evaluated by the debugger: the page's strict policy stays on
        found = page.evaluate(
            """async without => (await axe.run(document, {
                 runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
                 rules: Object.fromEntries(without.map(rule => [rule, {enabled: false}])),
               })).violations""",
            list(without),
        )
        assert not found, f"{page.url}\n" + "\n".join(_described(violation) for violation in found)

    return judge


def _described(violation: dict[str, Any]) -> str:
    places = "\n".join(f"    {' '.join(map(str, node['target']))}: {node['html'][:160]}" for node in violation["nodes"])
    return f"  [{violation['impact']}] {violation['id']}: {violation['help']}\n{places}"


@pytest.fixture
def screenshot(tmp_path: Path) -> Callable[..., None]:
    """screenshot(page, "project"): project-1440.png and project-390.png of the whole page, to be looked at. They go to
    test-results/ with SCREENSHOTS=1, else away with the test: a run leaves the checkout as it was."""

    def take(page: Any, name: str, widths: tuple[str, ...] = tuple(WIDTHS)) -> None:
        folder = KEPT if os.environ.get("SCREENSHOTS") else tmp_path
        folder.mkdir(parents=True, exist_ok=True)
        for label in widths:
            width, height = WIDTHS[label]
            page.set_viewport_size({"width": width, "height": height})
            page.screenshot(path=folder / f"{name}-{label}.png", full_page=True)

    return take
