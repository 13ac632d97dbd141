"""Hands for the room's tests: a browser-less page, and the refusals a deed may meet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse


@pytest.fixture
def visit() -> Callable[..., Any]:
    """visit(user, name, *args, **query): the response to a GET as that person (None: nobody)."""

    def get(user: Any, name: str, *args: Any, **query: Any) -> Any:
        return _as(user).get(reverse(name, args=args), query)

    return get


@pytest.fixture
def post() -> Callable[..., Any]:
    """post(user, name, *args, data={...}): the response to a POST as that person."""

    def send(user: Any, name: str, *args: Any, data: dict[str, Any] | None = None) -> Any:
        return _as(user).post(reverse(name, args=args), data or {})

    return send


def _as(user: Any) -> Client:
    client = Client()
    if user:
        client.force_login(user)
    return client
