"""消息: the letters of this person, and marking them read."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from core import inbox as letters
from core.guards import signed_in
from core.listing import page_of
from core.models import Notice
from core.templatetags.text_tags import cn_datetime


@signed_in
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """All letters, newest first; ?unread=1 keeps the unread."""
    rows = Notice.objects.visible_to(request.user)
    unread, only_unread = rows.unread().count(), "unread" in request.GET
    page = page_of(request, rows.unread() if only_unread else rows)
    for letter in page:
        letter.told = "，".join(part for part in (cn_datetime(letter.created_at), letter.body) if part)
    tabs = [
        {"label": "全部", "url": reverse("inbox"), "current": not only_unread},
        {"label": "未读", "url": f"{reverse('inbox')}?unread=1", "count": unread, "current": only_unread},
    ]
    return render(request, "portal/inbox.html", {"page_obj": page, "unread": unread, "inbox_tabs": tabs})


@signed_in
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark one letter (?notice) or all of them read, and go on to where the letter leads."""
    target = letters.mark_read(request.user, request.POST.get("notice", ""), at=timezone.now())
    return redirect(target or "inbox")
