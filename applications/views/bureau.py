"""The bureau writes a call part by part, publishes it now or at a set time, and extends it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from applications import services
from applications.facts import call_parts
from applications.forms.calls import ExtendForm, PublishForm, StartCallForm, UnscheduleForm
from applications.models import Call
from core import moves
from core.guards import roles
from core.models import BUREAU_ROLES
from policy.queries import versions_for_calls


def own_call(request: HttpRequest, pk: int) -> Call:
    """A call the person sees, or 404."""
    return get_object_or_404(Call.objects.visible_to(request.user), pk=pk)


@roles(*BUREAU_ROLES)
def call_new(request: HttpRequest) -> HttpResponse:
    """Begin a call: its kind, title and window; the rest is filled with the defaults and changed part by part."""
    now = timezone.now()
    form = StartCallForm(request.POST or None, initial={"year": timezone.localdate(now).year, "direction": ""})
    if request.method == "POST" and form.is_valid():
        version = versions_for_calls()[0].key
        call = services.open_call(**form.cleaned_data, text="", policy_version=version, actor=request.user, at=now)
        messages.success(request, "已存为拟稿，发布前只有市工信局看得到。请逐项完成下面各部分。")
        return redirect("call-edit", call.pk)
    return render(request, "applications/call_new.html", {"form": form})


@roles(*BUREAU_ROLES)
def call_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The parts of a call that is not published, what each still lacks, and the way to preview and publish."""
    call, now = own_call(request, pk), timezone.now()
    services.require_unpublished(call)
    parts = call_parts.parts_of(call)
    open_moves = {move.name: move for move in moves.open_moves(call, request.user, at=now)}
    context = {"call": call, "parts": parts, "lacking": [part for part in parts if part.lacks], "moves": open_moves}
    return render(request, "applications/call_edit.html", context)


@roles(*BUREAU_ROLES)
@require_POST
def call_duplicate(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a new call from an earlier one, and change what differs."""
    made = services.duplicate_call(own_call(request, pk), actor=request.user, at=timezone.now())
    messages.success(request, "已按原通知起草一份新的，请改标题、年度和时间。")
    return redirect("call-edit", made.pk)


@roles(*BUREAU_ROLES)
def call_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """The last look before a call becomes public, now or at a set time."""
    call, now = own_call(request, pk), timezone.now()
    moves.require(call, "publish", request.user, at=now)
    form = PublishForm(request.POST or None, initial={"seen": call.version, "number": call.publish_number})
    if request.method == "POST" and form.is_valid():
        try:
            return _publish(request, call, form.cleaned_data)
        except services.ScheduleRefused as refused:
            form.add_error("publish_at", str(refused))
    context = {"form": form, "call": call, "parts": call_parts.parts_of(call)}
    return render(request, "applications/call_publish.html", context)


def _publish(request: HttpRequest, call: Call, data: dict[str, Any]) -> HttpResponse:
    given = {"actor": request.user, "at": timezone.now(), "number": data["number"], "seen_version": data["seen"]}
    if data["when"] == "later":
        services.schedule_call(call, publish_at=data["publish_at"], **given)
        messages.success(request, "已定时发布，到时由系统公开；在此之前内容不能改，可以取消。")
    else:
        services.publish_call(call, **given)
        messages.success(request, "申报通知已发布，公众和企业现在可以看到。")
    return redirect("call", call.pk)


@roles(*BUREAU_ROLES)
def call_unschedule(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a set time back, with the reason; the call is a draft again."""
    call, now = own_call(request, pk), timezone.now()
    moves.require(call, "unschedule", request.user, at=now)
    form = UnscheduleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.unschedule_call(call, reason=form.cleaned_data["reason"], actor=request.user, at=now)
        messages.success(request, "已取消定时发布，可以继续修改。")
        return redirect("call-edit", call.pk)
    return render(request, "applications/call_unschedule.html", {"form": form, "call": call})


@roles(*BUREAU_ROLES)
def call_extend(request: HttpRequest, pk: int) -> HttpResponse:
    """More time for everybody, with the reason."""
    call, now = own_call(request, pk), timezone.now()
    moves.require(call, "extend", request.user, at=now)
    form = ExtendForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.extend_call(call, **form.cleaned_data, actor=request.user, at=now)
        except services.ExtensionRefused as refused:
            form.add_error("closes_at", str(refused))
        else:
            messages.success(request, "申报时间已延长，已通知受影响的单位。")
            return redirect("call", call.pk)
    return render(request, "applications/call_extend.html", {"form": form, "call": call})
