"""The bureau writes, publishes and extends a call."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from applications import services
from applications.facts import reference
from applications.forms.calls import CallForm, ExtendForm, MaterialRowFormSet, PublishForm, RubricRowFormSet
from applications.models import Call
from core import moves
from core.guards import roles
from core.models import BUREAU_ROLES
from policy import versions

CALL_INITIAL = {
    name: Call._meta.get_field(name).default
    for name in (
        "district_days", "correction_days", "review_days", "notice_days", "objection_days", "agreement_days",
        "rectification_days", "max_returns", "experts_needed", "pass_mark",
    )
}  # fmt: skip
MATERIAL_COLUMNS = ("code", "name", "need", "hint")
RUBRIC_COLUMNS = ("dimension", "name", "points", "guide")


@roles(*BUREAU_ROLES)
def call_new(request: HttpRequest) -> HttpResponse:
    """A new call, its lists filled with the default ones."""
    now = timezone.now()
    initial = {**CALL_INITIAL, "year": timezone.localdate(now).year, "policy_version": versions.all_versions()[-1].key}
    parts = _parts(request, initial, reference.default_materials(), reference.default_rubric())
    if request.method == "POST" and all(part.is_valid() for part in parts):
        form, materials, rubric = parts
        call = services.open_call(
            **_values(form), materials=materials.rows, rubric=rubric.rows, actor=request.user, at=now
        )
        messages.success(request, "申报通知已存为拟稿，发布前只有市工信局看得到。")
        return redirect("call", call.pk)
    return _editor(request, parts, None)


@roles(*BUREAU_ROLES)
def call_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a call that is not published yet."""
    call = get_object_or_404(Call.objects.visible_to(request.user), pk=pk)
    services.require_unpublished(call)
    parts = _parts(
        request,
        {name: getattr(call, name) for name in CallForm.base_fields},
        list(call.materials.values(*MATERIAL_COLUMNS)),
        list(call.rubric.values(*RUBRIC_COLUMNS)),
    )
    if request.method == "POST" and all(part.is_valid() for part in parts):
        form, materials, rubric = parts
        services.save_call(
            call, values=_values(form), materials=materials.rows, rubric=rubric.rows, actor=request.user,
            at=timezone.now(), seen_version=form.cleaned_data["version"],
        )  # fmt: skip
        messages.success(request, "申报通知已保存。")
        return redirect("call", call.pk)
    return _editor(request, parts, call)


@roles(*BUREAU_ROLES)
@require_POST
def call_duplicate(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a new call from an earlier one, and change what differs."""
    call = get_object_or_404(Call.objects.visible_to(request.user), pk=pk)
    made = services.duplicate_call(call, actor=request.user, at=timezone.now())
    messages.success(request, "已按原通知起草一份新的，请改标题、年度和时间。")
    return redirect("call-edit", made.pk)


def _parts(request: HttpRequest, initial: dict[str, Any], materials: list[Any], rubric: list[Any]) -> tuple[Any, ...]:
    data = request.POST if request.method == "POST" else None
    return (
        CallForm(data, initial=initial),
        MaterialRowFormSet(data, initial=materials, prefix="materials"),
        RubricRowFormSet(data, initial=rubric, prefix="rubric"),
    )


def _values(form: CallForm) -> dict[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if name != "version"}


def _editor(request: HttpRequest, parts: tuple[Any, ...], call: Call | None) -> HttpResponse:
    form, materials, rubric = parts
    context = {"form": form, "materials": materials, "rubric": rubric, "call": call}
    return render(request, "applications/call_edit.html", context)


@roles(*BUREAU_ROLES)
def call_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """The last look before a call becomes public."""
    call = get_object_or_404(Call.objects.visible_to(request.user), pk=pk)
    now = timezone.now()
    moves.require(call, "publish", request.user, at=now)
    form = PublishForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.publish_call(call, actor=request.user, at=now, number=form.cleaned_data["number"])
        messages.success(request, "申报通知已发布，公众和企业现在可以看到。")
        return redirect("call", call.pk)
    return render(request, "applications/call_publish.html", {"form": form, "call": call})


@roles(*BUREAU_ROLES)
def call_extend(request: HttpRequest, pk: int) -> HttpResponse:
    """More time for everybody, with the reason."""
    call = get_object_or_404(Call.objects.visible_to(request.user), pk=pk)
    now = timezone.now()
    moves.require(call, "extend", request.user, at=now)
    form = ExtendForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.extend_call(call, **form.cleaned_data, actor=request.user, at=now)
        except services.ExtensionRefused as refused:
            form.add_error("closes_at", str(refused))
        else:
            messages.success(request, "申报时间已延长，已通知有草稿的企业。")
            return redirect(reverse("call", args=[call.pk]))
    return render(request, "applications/call_extend.html", {"form": form, "call": call})
