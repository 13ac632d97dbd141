"""工作台: what waits for this person."""

from django.shortcuts import render

from core import guards
from core.models import Notice


@guards.signed_in
def desk(request):
    """The first page after signing in: the places of this person and the latest messages."""
    letters = Notice.objects.visible_to(request.user)[:8]
    return render(request, "portal/desk.html", {"letters": letters})
