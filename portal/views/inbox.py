"""消息: the letters of this person, and marking them read."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from core import inbox as letters
from core.guards import signed_in
from core.listing import page_of
from core.models import Notice


@signed_in
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """All letters, newest first; ?unread=1 keeps the unread."""
    rows = Notice.objects.visible_to(request.user)
    unread = rows.unread().count()
    shown = rows.unread() if "unread" in request.GET else rows
    context = {"page_obj": page_of(request, shown), "unread": unread, "only_unread": "unread" in request.GET}
    return render(request, "portal/inbox.html", context)


@signed_in
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark one letter (?notice) or all of them read, and go on to where the letter leads."""
    target = letters.mark_read(request.user, request.POST.get("notice", ""), at=timezone.now())
    return redirect(target or "inbox")
