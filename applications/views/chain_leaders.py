"""The bureau keeps the city's dated list of 链主."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from applications import services
from applications.forms.chain_leaders import CertifyForm, EndForm
from applications.queries.chain_leaders import chain_leaders_visible_to
from core.guards import roles
from core.listing import page_of
from core.models import BUREAU_ROLES


@roles(*BUREAU_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def chain_leaders(request: HttpRequest) -> HttpResponse:
    """The list, and a new entry."""
    form = CertifyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.certify_chain_leader(**form.cleaned_data, actor=request.user, at=timezone.now())
        except services.ChainLeaderRefused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, f"{made.organisation.name}已列入链主名单。")
            return redirect("chain-leaders")
    page = page_of(request, chain_leaders_visible_to(request.user))
    return render(request, "applications/chain_leaders.html", {"form": form, "page_obj": page})


@roles(*BUREAU_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def chain_leader_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Let one entry end with a day."""
    certificate = get_object_or_404(chain_leaders_visible_to(request.user), pk=pk)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.end_chain_leader(certificate, **form.cleaned_data, actor=request.user, at=timezone.now())
        except services.ChainLeaderRefused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, f"{certificate.organisation.name}的链主认定已写明失效日期。")
            return redirect("chain-leaders")
    return render(request, "applications/chain_leader_end.html", {"form": form, "certificate": certificate})
