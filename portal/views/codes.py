"""One's own one-time codes: enrolling an authenticator by QR code, recovery codes, turning them off."""

from __future__ import annotations

from typing import Any

import segno
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from core import one_time_codes
from core.guards import signed_in
from core.signing_forms import ProvenForm
from portal.code_forms import EnrolForm

RENEW, OFF = "renew", "off"


@signed_in
@never_cache
@require_safe
def codes(request: HttpRequest) -> HttpResponse:
    """Whether they are in use, and what can be done."""
    return _page(request)


@signed_in
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """A new secret; its QR code is on the next page."""
    try:
        one_time_codes.begin(request.user)
    except ValidationError as refused:
        messages.info(request, refused.messages[0])
        return redirect("codes")
    return redirect("codes-enrol")


@signed_in
@never_cache
@sensitive_post_parameters()
def enrol(request: HttpRequest) -> HttpResponse:
    """The QR code, and the first code made from it."""
    device = one_time_codes.being_enrolled(request.user)
    if device is None:
        return redirect("codes")
    form = EnrolForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = one_time_codes.confirm(request.user, form.cleaned_data["first"], at=timezone.now())
            return _recovery(request, made, "一次性验证码已启用")
        except ValidationError as refused:
            form.add_error("first", refused)
    secret = one_time_codes.secret_of(device)
    picture = segno.make(one_time_codes.address_of(device), error="m").svg_data_uri(scale=5, border=4)
    groups = " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))
    return render(request, "accounts/codes_enrol.html", {"form": form, "picture": picture, "secret": groups})


@signed_in
@never_cache
@require_POST
@sensitive_post_parameters()
def renew(request: HttpRequest) -> HttpResponse:
    """Ten new recovery codes, against password and code."""
    form = ProvenForm(request.POST, user=request.user, prefix=RENEW)
    if one_time_codes.device_of(request.user) and form.is_valid():
        made = one_time_codes.renew_recovery_codes(request.user, at=timezone.now())
        return _recovery(request, made, "恢复码已更换")
    return _page(request, {RENEW: form})


@signed_in
@require_POST
@sensitive_post_parameters()
def off(request: HttpRequest) -> HttpResponse:
    """No codes any more, against password and code."""
    form = ProvenForm(request.POST, user=request.user, prefix=OFF)
    if one_time_codes.device_of(request.user) and form.is_valid():
        one_time_codes.turn_off(request.user, at=timezone.now())
        messages.success(request, "一次性验证码已停用。")
        return redirect("codes")
    return _page(request, {OFF: form})


def _page(request: HttpRequest, bound: dict[str, Any] | None = None) -> HttpResponse:
    forms = {name: ProvenForm(user=request.user, prefix=name) for name in (RENEW, OFF)} | (bound or {})
    context = {
        "device": one_time_codes.device_of(request.user), "left": one_time_codes.recovery_codes_left(request.user),
        "renew_form": forms[RENEW], "off_form": forms[OFF], "forms": list((bound or {}).values()),
    }  # fmt: skip
    return render(request, "accounts/codes.html", context)


def _recovery(request: HttpRequest, made: list[str], heading: str) -> HttpResponse:
    return render(request, "accounts/codes_recovery.html", {"codes": made, "heading": heading})
