"""Guards of addresses: every view says who may knock. tests/architecture walks them all."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied

from core.people import has_role

PUBLIC = "public"
SIGNED_IN = "signed-in"


def public(view: Callable[..., Any]) -> Callable[..., Any]:
    """Anybody on the internet."""
    open_view = login_not_required(view)
    open_view.guard = PUBLIC
    return open_view


def signed_in(view: Callable[..., Any]) -> Callable[..., Any]:
    """Anybody with an account; what he sees is the queryset's business (LoginRequiredMiddleware asks for the login)."""
    view.guard = SIGNED_IN
    return view


def roles(*allowed: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Only people who hold one of these roles; others get 403."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> Any:
            if not has_role(request.user, *allowed):
                raise PermissionDenied("这个页面由其他岗位办理，您的账号没有这项职责。")
            return view(request, *args, **kwargs)

        guarded.guard = frozenset(allowed)
        return guarded

    return decorate
