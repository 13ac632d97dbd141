"""Standing in for a colleague, and an official's own declarations: pages of every bureau's people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from core import delegations as deeds
from core import queries
from core.calendar import today
from core.delegation_forms import DeclareForm, DelegationForm, EndInterestForm
from core.forms import PortalForm
from core.guards import roles
from core.listing import page_of
from core.models import OFFICIALS, Delegation, Interest


def _done(request: HttpRequest, form: Any, deed: Callable[[], Any]) -> bool:
    """True when the form came back filled in well and the deed was done; a refusal becomes an error of the form."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        deed()
    except deeds.Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return False
    return True


@roles(*OFFICIALS)
def delegations(request: HttpRequest) -> HttpResponse:
    """Who stands in for whom at this body, and a form for one more."""
    on, me = today(timezone.now()), request.user
    delegators = queries.stood_in_for_by_leave_of(me)
    mine = {person.pk for person in delegators}
    form = DelegationForm(
        request.POST or None,
        delegators=delegators,
        delegates=queries.who_may_stand_in(me),
        initial={"delegator": me.pk},
    )
    if _done(request, form, lambda: deeds.delegate(**form.deed(), actor=me, at=timezone.now())):
        messages.success(request, "委托已登记，双方都收到了消息。代理期间办理的事会记明代谁办理。")
        return redirect("delegations")
    page = page_of(request, queries.delegations_of(me))
    for row in page.object_list:
        row.is_now, row.is_to_come = row.covers(on), row.revoked_at is None and row.from_on > on
        row.may_be_revoked = (row.is_now or row.is_to_come) and row.delegator_id in mine
    return render(request, "core/delegations.html", {"form": form, "page_obj": page, "may_delegate": bool(mine)})


@roles(*OFFICIALS)
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one back before its end."""
    row = get_object_or_404(Delegation.objects.visible_to(request.user).select_related("delegator", "delegate"), pk=pk)
    form = PortalForm(request.POST if request.method == "POST" else None)
    if _done(request, form, lambda: deeds.revoke(row, actor=request.user, at=timezone.now())):
        messages.success(request, f"{row.delegate}不再代理{row.delegator}。")
        return redirect("delegations")
    return render(request, "core/delegation_revoke.html", {"row": row, "form": form})


@roles(*OFFICIALS)
def declarations(request: HttpRequest) -> HttpResponse:
    """What this official has declared, and a form for one more (第十六条)."""
    on = today(timezone.now())
    form = DeclareForm(request.POST or None)
    if _done(request, form, lambda: deeds.declare(**form.deed(), actor=request.user, at=timezone.now())):
        messages.success(request, "已申报。这家企业的项目由同事办理，您仍可以查看。")
        return redirect("declarations")
    page = page_of(request, queries.interests_declared_by(request.user))
    for row in page.object_list:
        row.holds = row.is_in_force(on)
    return render(request, "core/declarations.html", {"form": form, "page_obj": page})


@roles(*OFFICIALS)
def end_declaration(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that one no longer holds, and why."""
    row = get_object_or_404(Interest.objects.filter(person=request.user).select_related("organisation"), pk=pk)
    form = EndInterestForm(request.POST or None)
    if _done(
        request, form, lambda: deeds.end_interest(row, **form.cleaned_data, actor=request.user, at=timezone.now())
    ):
        messages.success(request, "已撤销，原因记入办理记录。")
        return redirect("declarations")
    return render(request, "core/declaration_end.html", {"row": row, "form": form})
