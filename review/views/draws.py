"""The draws of experts: list, locking a list, one draw with its seals and results, its record to take away."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from applications.models import Call, Project
from core import moves
from core.calendar import today
from core.guards import roles
from core.listing import page_of
from core.models import BUREAU_ROLES, Role
from review.draw_forms import CommitForm, NumberForm, ReasonForm
from review.draw_pages import entry_page, seats_page, shown_result
from review.models import Draw, DrawEntry, DrawSlot, Expert
from review.services import drawing_lots, draws
from review.views.attempts import attempt, posted

READERS = (*BUREAU_ROLES, Role.SUPERVISOR)
AT_ONCE = 30  # projects whose list is locked while one waits; more are locked by a job


@roles(*READERS)
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Every draw, newest first, and the calls whose projects wait for experts."""
    rows = Draw.objects.visible_to(request.user).light().select_related("call", "committed_by").with_counts()
    rows = rows.order_by("-committed_at", "-pk")
    calls = Call.objects.visible_to(request.user).filter(pk__in=draws.calls_that_wait())
    return render(request, "review/draws.html", {"page_obj": page_of(request, rows), "waiting": list(calls)})


@roles(*BUREAU_ROLES)
def new(request: HttpRequest) -> HttpResponse:
    """Lock the list: for one project (?project=) or for all of a call that wait (?call=)."""
    at = timezone.now()
    call, projects = _asked_for(request)
    form = CommitForm(request.POST or None)
    if posted(request, form):
        said = {"answer_days": form.cleaned_data["answer_days"], "actor": request.user, "at": at}
        if len(projects) > AT_ONCE:
            return redirect("job", pk=draws.ask_to_commit(call, **said).pk)
        if done := attempt(form, draws.commit_draw, projects, **said):
            messages.success(request, f"名单已锁定并留痕，编号 {done.result.number}。请两个人分别填写号码。")
            return redirect("draw", pk=done.result.pk)
    declared = Expert.objects.visible_to(request.user).filter(is_active=True).declared(today(at)).count()
    pool = Expert.objects.visible_to(request.user).filter(is_active=True).count()
    context = {
        "form": form, "call": call, "projects": projects[:10], "number": len(projects), "declared": declared,
        "undeclared": pool - declared, "wanted": call.experts_needed | 1, "rules": draws.RULES,
    }  # fmt: skip
    return render(request, "review/draw_new.html", context)


def _asked_for(request: HttpRequest) -> tuple[Call, list[Project]]:
    """The call and the projects of it that wait, as the address asks. Raises Http404."""
    key, call_key = request.GET.get("project", ""), request.GET.get("call", "")
    if key.isdigit():
        project = get_object_or_404(Project.objects.visible_to(request.user).select_related("call"), pk=key)
        moves.require(project, "send_back", request.user, at=timezone.now())
        return project.call, [project]
    if not call_key.isdigit():
        raise Http404("没有说明为哪个项目或批次抽取。")
    call = get_object_or_404(Call.objects.visible_to(request.user), pk=call_key)
    return call, list(draws.projects_to_draw(call).order_by("number"))


def _draw(request: HttpRequest, pk: int) -> Draw:
    rows = Draw.objects.visible_to(request.user).select_related("call", "committed_by", "ground", "drawn_ground")
    return get_object_or_404(rows, pk=pk)


@roles(*READERS)
@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One draw: its seals, what was drawn, the loads and why they differ."""
    draw = _draw(request, pk)
    entries = draw.entries.select_related("project").order_by("pk")
    page = page_of(request, entries)
    context = {
        "draw": draw, "page_obj": page, "seats": seats_page(draw, request.user), "moves": {},
        "may_cancel": moves.may(draw, "cancel_draw", request.user, at=timezone.now()),
        "drawn": bool(draw.selection), "result": shown_result(draw, page.object_list),
    }  # fmt: skip
    return render(request, "review/draw.html", context)


@roles(*READERS)
def number(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """One person's number, sealed at once."""
    draw = _draw(request, pk)
    if slug not in DrawSlot.values:
        raise Http404("没有这个席位。")
    draws.require_seat(draw, slug, request.user)
    form = NumberForm(request.POST or None)
    if posted(request, form):
        typed = form.cleaned_data["number"]
        if attempt(form, draws.seal_number, draw, slug, typed, actor=request.user, at=timezone.now()):
            messages.success(request, "您的号码已封存。两个号码都封存后，系统自动抽取并公开号码。")
            return redirect("draw", pk=pk)
    return render(request, "review/draw_number.html", {"draw": draw, "form": form, "seat": DrawSlot(slug).label})


@roles(*BUREAU_ROLES)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Give up a locked list before both numbers are in."""
    draw = _draw(request, pk)
    moves.require(draw, "cancel_draw", request.user, at=timezone.now())
    form = ReasonForm(request.POST or None)
    if posted(request, form):
        reason = form.cleaned_data["reason"]
        if attempt(form, draws.cancel_draw, draw, reason=reason, actor=request.user, at=timezone.now()):
            messages.success(request, f"{draw.number} 已作废，其中的项目可以重新抽取。")
            return redirect("draws")
    return render(request, "review/draw_cancel.html", {"draw": draw, "form": form})


@roles(*READERS)
@require_safe
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """The record as a file that anybody can replay."""
    draw = _draw(request, pk)
    answer = JsonResponse(drawing_lots.record_of(draw), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="{draw.number}.json"'
    return answer


@roles(*READERS)
@require_safe
def entry(request: HttpRequest, pk: int, entry_pk: int) -> HttpResponse:
    """One project of a draw: who was drawn, who is excluded and why, who was invited and answered."""
    draw = _draw(request, pk)
    rows = DrawEntry.objects.visible_to(request.user).filter(draw=draw).select_related("project__enterprise")
    found = get_object_or_404(rows, pk=entry_pk)
    context: dict[str, Any] = {"draw": draw, "entry": found, **entry_page(draw, found, json.loads(draw.candidates))}
    return render(request, "review/draw_entry.html", context)
