"""线 and 面 groups: the enterprise's own, their members, what each is missing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from applications import services
from applications.facts.groups import member_rows
from applications.forms.groups import GroupForm, InviteForm
from applications.models import Call, GroupMembership, ProjectGroup
from applications.queries.calls import open_calls
from applications.queries.filings import groups_of
from core.guards import roles, signed_in
from core.listing import page_of
from core.models import ENTERPRISE_ROLES
from core.people import has_role


@roles(*ENTERPRISE_ROLES)
def groups(request: HttpRequest) -> HttpResponse:
    """Groups the enterprise leads or is invited to."""
    page = page_of(request, groups_of(request.user).order_by("-created_at", "-pk"))
    calls = open_calls(at=timezone.now())
    return render(request, "applications/groups.html", {"page_obj": page, "calls": calls})


@roles(*ENTERPRISE_ROLES)
def group_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a group in a call."""
    call = get_object_or_404(Call.objects.visible_to(request.user), pk=pk)
    form = GroupForm(request.POST or None, call=call)
    if request.method == "POST" and form.is_valid():
        try:
            group = services.open_group(
                call=call, lead=request.user.organisation, actor=request.user, at=timezone.now(), **form.cleaned_data
            )
        except services.GroupRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "协同组已建立，现在可以邀请成员。")
            return redirect("group", group.pk)
    return render(request, "applications/group_new.html", {"form": form, "call": call})


@signed_in
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """A group with its members; the lead invites, the invited answer."""
    found = get_object_or_404(ProjectGroup.objects.visible_to(request.user).select_related("call", "lead"), pk=pk)
    leads = has_role(request.user, *ENTERPRISE_ROLES) and found.lead_id == request.user.organisation_id
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _invite(request, found, form):
        return redirect("group", found.pk)
    now = timezone.now()
    rows = member_rows(found, at=now, reader=request.user)
    mine = found.memberships.filter(enterprise=request.user.organisation_id).first()
    context: dict[str, Any] = {
        "group": found,
        "rows": rows,
        "form": form,
        "leads": leads,
        "mine": mine,
        "may_file": found.call.accepts_at(now) and (leads or (mine and mine.confirmed_at)),
    }
    return render(request, "applications/group.html", context)


def _invite(request: HttpRequest, found: ProjectGroup, form: InviteForm) -> bool:
    try:
        member = services.invite(found, uscc=form.cleaned_data["uscc"], actor=request.user, at=timezone.now())
    except services.GroupRefused as refused:
        form.add_error("uscc", str(refused))
        return False
    messages.success(request, f"已邀请{member.enterprise.name}，等对方审批人确认。")
    return True


@require_POST
@roles(*ENTERPRISE_ROLES)
def group_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The invited enterprise joins or does not."""
    own = GroupMembership.objects.visible_to(request.user).filter(enterprise=request.user.organisation_id)
    member = get_object_or_404(own.select_related("group", "enterprise"), group=pk)
    answer = services.confirm_membership if request.POST.get("answer") == "join" else services.refuse_membership
    try:
        answered = answer(member, actor=request.user, at=timezone.now())
    except services.GroupRefused as refused:
        messages.error(request, str(refused))
    else:
        joined = answered.confirmed_at is not None
        messages.success(request, "已确认加入，现在可以在组内申报本企业的项目。" if joined else "已答复不加入。")
    return redirect("group", pk)
