"""The bureau sees whom an adopted policy reaches, and has those projects determined again (第十九条)."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from applications.models import Determination, Project
from applications.services import reach as services
from core.guards import roles
from core.listing import page_of
from core.models import Role
from policy.models import PolicyAdoption


@roles(Role.BUREAU_LEAD)
def adoption_reach(request: HttpRequest, pk: int) -> HttpResponse:
    """The reached projects with their present limits; posting determines them anew."""
    adoption = get_object_or_404(PolicyAdoption.objects.visible_to(request.user), pk=pk)
    if request.method == "POST":
        try:
            made = services.determine_reached(adoption, actor=request.user, at=timezone.now())
        except services.NotAdopted as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, f"已按{adoption}重新测算 {len(made)} 个项目，原测算保留。")
        return redirect("adoption-reach", pk=adoption.pk)
    current = Prefetch(
        "determinations", Determination.objects.filter(is_current=True), to_attr="current_determinations"
    )
    rows = (
        Project.objects.visible_to(request.user)
        .filter(pk__in=services.reached_by(adoption).values("pk"))
        .select_related("enterprise", "district")
        .prefetch_related(current)
        .order_by("number")
    )
    return render(
        request, "applications/adoption_reach.html", {"adoption": adoption, "page_obj": page_of(request, rows)}
    )
