"""Turns a refused move into the page that says so, and writes the refusal to the audit trail in its own transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from core import audit
from core.moves import Refusal


class RefusalMiddleware:
    """403 with its reason, or 409 with where the thing stands now. The view's transaction is over by then."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        record = type(exception.record)._base_manager.get(pk=exception.record.pk)
        audit.record(
            record,
            f"refused.{exception.move}",
            actor=request.user,
            at=timezone.now(),
            label="办理被拒绝",
            summary=str(exception),
            refused=True,
        )
        context: dict[str, Any] = {"refusal": exception, "record": record}
        return render(request, f"errors/{exception.status}.html", context, status=exception.status)
