"""Members of an enterprise: invite, cancel, accept by link, deactivate."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from applications import services
from applications.forms.members import AcceptForm, DeactivateForm, InviteForm
from applications.queries.members import labels, members_visible_to, waiting_invitations
from core import guards
from core.models import Role


@guards.roles(Role.ENTERPRISE_APPROVER)
@require_http_methods(["GET", "HEAD", "POST"])
def member_invite(request: HttpRequest) -> HttpResponse:
    """Invite a colleague by mail."""
    form = InviteForm(request.POST or None, place=request.user.organisation)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.invite_member(
                request.user.organisation, **form.cleaned_data, actor=request.user, at=timezone.now()
            )
        except services.MemberRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已向 {made.email} 发出邀请，{services.DAYS_OPEN} 天内有效。")
            return redirect("enterprise")
    return render(request, "applications/member_invite.html", {"form": form, "days": services.DAYS_OPEN})


@guards.roles(Role.ENTERPRISE_APPROVER)
@require_POST
def invitation_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """An invitation that shall not serve any more."""
    now = timezone.now()
    invitation = get_object_or_404(waiting_invitations(request.user, now), pk=pk)
    services.cancel_invitation(invitation, actor=request.user, at=now)
    messages.success(request, f"给{invitation.name}的邀请已作废。")
    return redirect("enterprise")


@guards.roles(Role.ENTERPRISE_APPROVER)
@require_http_methods(["GET", "HEAD", "POST"])
def member_deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a colleague's account, with a reason."""
    member = get_object_or_404(members_visible_to(request.user).filter(is_active=True), pk=pk)
    if member.pk == request.user.pk:
        raise PermissionDenied("不能停用自己的账号，请由本单位的另一位审批人办理。")
    form = DeactivateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.deactivate_member(member, **form.cleaned_data, actor=request.user, at=timezone.now())
        messages.success(request, f"{member.name}的账号已停用。")
        return redirect("enterprise")
    return render(request, "applications/member_deactivate.html", {"form": form, "member": member})


@guards.public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password", "again")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The invited person opens his link and sets his own password."""
    now = timezone.now()
    try:
        invited = services.invitation_behind(token, now)
        form = AcceptForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            data = form.cleaned_data
            member = services.accept_invitation(token, password=data["password"], phone=data["phone"], at=now)
            messages.success(request, f"账号已开立。请用 {member.username} 登录。")
            return redirect("login")
    except services.MemberRefused as refused:
        return render(request, "accounts/invitation_over.html", {"reason": str(refused)}, status=404)
    context = {"form": form, "invited": invited, "role_labels": labels(invited.roles, invited.organisation)}
    return render(request, "accounts/invitation.html", context)
