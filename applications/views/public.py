"""Calls as anybody reads them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from applications.facts import conditions, directions, reference
from applications.facts.windows import clock_of, status_of
from applications.models import Call, Track
from applications.queries.calls import calls_for, extensions_of
from applications.states import CallState
from core import moves
from core.guards import public
from core.listing import page_of
from core.models import BUREAU_ROLES, ENTERPRISE_ROLES
from core.people import has_role
from policy import versions


@public
def calls(request: HttpRequest) -> HttpResponse:
    """All calls this person may see; those that take filings first."""
    now = timezone.now()
    page = page_of(request, calls_for(request.user, at=now))
    for call in page:
        call.clock_now = clock_of(call, now)
        call.status = status_of(call, now)
        call.track_labels = [Track(track).label for track in call.tracks]
    return render(request, "applications/calls.html", {"page_obj": page, "may_open": _may_open(request.user)})


@public
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """One call: text, window with its clock, tracks, material list, rubric; a draft is its own preview."""
    now = timezone.now()
    found = get_object_or_404(Call.objects.visible_to(request.user), pk=pk)
    return render(
        request,
        "applications/call.html",
        _notice(found)
        | {
            "call": found,
            "clock": clock_of(found, now),
            "status": status_of(found, now),
            "tracks": [Track(track).label for track in found.tracks],
            "unpublished": found.published_at is None,
            "waits": found.state == CallState.SCHEDULED,
            "takes_filings": found.accepts_at(now),
            "is_enterprise": has_role(request.user, *ENTERPRISE_ROLES),
            "moves": {move.name: move for move in moves.open_moves(found, request.user, at=now)},
            "may_duplicate": _may_open(request.user),
            "may_edit": _may_open(request.user) and found.state == CallState.DRAFT,
        },
    )


def _notice(found: Call) -> dict[str, Any]:
    """What the notice itself says, the same before and after it is published."""
    policy = versions.load(found.policy_version)
    terms = directions.TERMS.get(found.direction)
    return {
        "conditions": [(conditions.words(rule), conditions.shown(rule)) for rule in found.rules.all()],
        "materials": found.materials.all(),
        "rubric": found.rubric.all(),
        "attachments": found.attachments.select_related("file"),
        "tasks": [(number, reference.task_name(number)) for number in found.tasks],
        "extensions": extensions_of(found),
        "policy": policy,
        "local_clause": terms.clause if terms else "",
        "local_terms": policy.directions[terms.key].terms if terms else "",
    }


def _may_open(user: object) -> bool:
    return has_role(user, *BUREAU_ROLES)
