"""工作台: what waits for this person, by role."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core import guards
from core.models import ENTERPRISE_ROLES, Role
from core.people import has_role
from portal.queries import accounts
from portal.queries import desk as queue


@guards.signed_in
@require_safe
def desk(request):
    """The first page after signing in: tasks with their clocks, counts, and what this role looks after."""
    user, at = request.user, timezone.now()
    if has_role(user, Role.ADMINISTRATOR):
        return render(request, "portal/desk_accounts.html", {"accounts": accounts.summary_of(user)})
    if has_role(user, *ENTERPRISE_ROLES):
        own = queue.own_projects(user, at=at)
        context = {"desk": queue.desk_of(user, at=at, own=own), "rows": own[: queue.SHOWN_PROJECTS]}
        return render(request, "portal/desk_enterprise.html", context | {"calls": queue.open_calls(user, at=at)})
    context = {"desk": queue.desk_of(user, at=at), "steps": queue.by_step(user)}
    return render(request, "portal/desk.html", context)
