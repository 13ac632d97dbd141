"""The demo, whose passwords everybody knows, does not start on an address strangers reach."""

from types import SimpleNamespace

import pytest

from portal import gunicorn_config


def server(*addresses):
    return SimpleNamespace(cfg=SimpleNamespace(address=list(addresses)))


def test_demo_starts_on_loopback(monkeypatch):
    monkeypatch.setenv("DEMO", "1")

    gunicorn_config.on_starting(server(("127.0.0.1", 8000), ("::1", 8000)))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.5", "portal.example"])
def test_demo_refuses_a_public_address(monkeypatch, host):
    monkeypatch.setenv("DEMO", "1")
    monkeypatch.delenv("DEMO_ANYWHERE", raising=False)

    with pytest.raises(SystemExit, match="DEMO_ANYWHERE"):
        gunicorn_config.on_starting(server((host, 8000)))


def test_demo_is_forced_by_name(monkeypatch):
    monkeypatch.setenv("DEMO", "1")
    monkeypatch.setenv("DEMO_ANYWHERE", "1")

    gunicorn_config.on_starting(server(("0.0.0.0", 8000)))


def test_the_real_portal_listens_where_it_likes(monkeypatch):
    monkeypatch.setenv("DEMO", "0")

    gunicorn_config.on_starting(server(("0.0.0.0", 8000)))
