"""Whoever is not signed in is led to the login; what he had typed into a form of ours is kept for him first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from applications.services import keep_for_ticket
from portal import session_time

KEPT = "登录已失效。刚才填写的内容已经替您留好，登录后回到原来的页面接着填。"
LEFT_IN_PAGE = "登录已失效，刚才填写的内容还没有存入，仍在本页。"


class SignInMiddleware(LoginRequiredMiddleware):
    """The form's ticket names its author; the text waits for him alone, and reaches no draft before he is back."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponse:
        kept = keep_what_was_sent(request)
        if request.headers.get("X-Requested-With") == "autosave":
            return JsonResponse({"said": KEPT if kept else LEFT_IN_PAGE, "kept": kept}, status=401)
        if kept:
            messages.warning(request, KEPT)
        return super().handle_no_permission(request, view_func)


def keep_what_was_sent(request: HttpRequest) -> bool:
    """True where a refused form had a ticket and its text now waits for its author."""
    if request.method != "POST":
        return False
    person = request.user.pk if request.user.is_authenticated else None
    ticket = request.POST.get("ticket", "")
    return keep_for_ticket(ticket, request.POST.dict(), at=timezone.now(), person=person)


class SessionRenewalMiddleware:
    """A session lasts SESSION_SECONDS from the last deed, not from the sign-in: past half of it, any request renews it
    but the one that asks how long it still lasts."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path != session_time.ADDRESS and request.session.session_key:
            session_time.renew(request, past=timedelta(seconds=settings.SESSION_COOKIE_AGE / 2))
        return self.get_response(request)
