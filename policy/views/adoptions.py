"""Adopting a policy version: 市工信局 proposes, 市财政局 agrees; everybody reads what is adopted."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from core import audit, guards, moves
from core.listing import page_of
from core.models import Role
from core.people import has_role
from core.templatetags.text_tags import url_or
from policy import queries, services, versions
from policy.forms.adoptions import DecisionForm, ProposalForm, ReasonForm
from policy.models import PolicyAdoption
from policy.states import Reach


@guards.public
def adoptions(request: HttpRequest) -> HttpResponse:
    """Every adoption this person may see, and the version files there are."""
    rows = PolicyAdoption.objects.visible_to(request.user).select_related("proposed_by", "agreed_by")
    context = {
        "page_obj": page_of(request, rows),
        "versions": versions.all_versions(),
        "may_propose": has_role(request.user, Role.BUREAU_LEAD),
    }
    return render(request, "policy/adoptions.html", context)


@guards.public
def adoption(request: HttpRequest, pk: int) -> HttpResponse:
    """One adoption: what it sets otherwise, whom it reaches, who stands behind it."""
    found = _visible(request, pk)
    context = {
        "adoption": found,
        "version": found.rules,
        "differences": queries.differences(found),
        "deeds": _deeds(found, request.user),
        "reach_url": _reach_url(found, request.user),
        "events": audit.timeline_of(found) if request.user.is_authenticated else [],
    }
    return render(request, "policy/adoption.html", context)


@guards.roles(Role.BUREAU_LEAD)
def propose(request: HttpRequest, key: str) -> HttpResponse:
    """The proposal: every setting with the file's value, to be kept or set otherwise."""
    try:
        law = versions.load(key)
    except versions.UnknownVersion as error:
        raise Http404(str(error)) from error
    form = ProposalForm(request.POST or None, law=law)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.propose(
                key,
                reason=form.cleaned_data["reason"],
                reaches=form.cleaned_data["reaches"],
                listed_projects=form.projects,
                variation=form.variation(),
                actor=request.user,
                at=timezone.now(),
            )
        except services.ProposalRefused as refused:
            form.add_error(refused.field or None, str(refused))
        else:
            messages.success(request, f"已提出{made}，等待市财政局同意。")
            return redirect("policy:adoption", pk=made.pk)
    return render(request, "policy/propose.html", {"form": form, "law": law})


@guards.roles(Role.FINANCE_LEAD)
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    """市财政局 agrees."""
    return _decide(request, pk, "agree", DecisionForm, services.agree)


@guards.roles(Role.FINANCE_LEAD)
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """市财政局 does not agree, with reasons."""
    return _decide(request, pk, "refuse", ReasonForm, services.refuse)


@guards.roles(Role.BUREAU_LEAD)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """市工信局 takes its proposal back."""
    return _decide(request, pk, "withdraw", ReasonForm, services.withdraw)


def _decide(request: HttpRequest, pk: int, move: str, form_class: Any, deed: Any) -> HttpResponse:
    found, at = _visible(request, pk), timezone.now()
    moves.require(found, move, request.user, at=at)
    form = form_class(request.POST or None, initial={"seen_version": found.version})
    if request.method == "POST" and form.is_valid():
        moved = deed(found, **form.cleaned_data, actor=request.user, at=at)
        messages.success(request, f"{moved}：{moved.get_state_display()}。")
        return redirect("policy:adoption", pk=moved.pk)
    label = next(
        open_move.label for open_move in moves.open_moves(found, request.user, at=at) if open_move.name == move
    )
    context = {"adoption": found, "form": form, "label": label, "differences": queries.differences(found)}
    return render(request, "policy/decide.html", context)


PAGES = {
    "agree": ("policy:adoption_agree", "btn-primary"),
    "refuse": ("policy:adoption_refuse", "btn-danger"),
    "withdraw": ("policy:adoption_withdraw", "btn-danger"),
}


def _deeds(found: PolicyAdoption, user: Any) -> list[dict[str, str]]:
    """The moves which the machine leaves open to this person, as buttons."""
    if not user.is_authenticated:
        return []
    open_now = {move.name: move.label for move in moves.open_moves(found, user, at=timezone.now())}
    return [
        {"label": open_now[name], "url": reverse(page, args=[found.pk]), "tone": tone}
        for name, (page, tone) in PAGES.items()
        if name in open_now
    ]


def _reach_url(found: PolicyAdoption, user: Any) -> str:
    """Where the reached projects are determined again: a page of the filing room, for the bureau's lead."""
    if found.agreed_at is None or found.reaches == Reach.NEW_ONLY or not has_role(user, Role.BUREAU_LEAD):
        return ""
    return url_or("adoption-reach", "", found.pk)


def _visible(request: HttpRequest, pk: int) -> PolicyAdoption:
    rows = PolicyAdoption.objects.visible_to(request.user).select_related("proposed_by", "agreed_by")
    return get_object_or_404(rows, pk=pk)
