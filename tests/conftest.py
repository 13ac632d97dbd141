"""What every test stands on: closed network, own cache per worker, Debian's Chromium, known hypothesis profiles."""

import os
import shutil
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings

# Playwright's loop runs in this thread, and Django would refuse the test's own queries beside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

hypothesis_settings.register_profile("quick", max_examples=50, derandomize=True, deadline=None)
hypothesis_settings.register_profile("long", max_examples=5_000, deadline=None)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

pytest_plugins = ["tests.browser", "tests.demonstration", "tests.scanner", "tests.together"]


def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings

    if not settings.TESTING:
        raise pytest.UsageError("Run script/test, or set TESTING=1 and DATABASE_URL yourself.")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    settings.CACHES["default"]["KEY_PREFIX"] = worker  # workers share one Redis


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests see committed rows, and leave the seeded ones (districts, roles) as they found them."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True))


@pytest.fixture(autouse=True, scope="session")
def closed_network() -> Iterator[None]:
    """Tests reach this machine only; a call to the outside is a fault of the code, not of the network."""
    connect = socket.socket.connect

    def connect_nearby(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise OSError(f"A test tried to reach {address}: the network is closed.")
        connect(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", connect_nearby)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium where there is one; it reaches this machine only, and as root it needs no sandbox."""
    args = ["--disable-dev-shm-usage", "--disable-gpu", "--lang=zh-CN"]
    args.append("--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost")
    if os.geteuid() == 0:
        args.append("--no-sandbox")
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    return {**browser_type_launch_args, "args": args, **({"executable_path": found} if found else {})}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_context_args,
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "viewport": {"width": 1440, "height": 900},
    }
