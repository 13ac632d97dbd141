"""A ground (依据): its page and its file."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core.files import file_response
from core.guards import signed_in
from core.services.corrections import in_force_of, may_propose
from portal.queries.ground_facts import told
from portal.queries.papers import grounds_visible_to, projects_moved_by


@signed_in
@require_safe
def ground(request: HttpRequest, pk: int) -> HttpResponse:
    """What the paper is, who issued it, what it says, which projects it moved."""
    paper = get_object_or_404(grounds_visible_to(request.user), pk=pk)
    context = {"ground": paper, "facts": told(paper), "projects": projects_moved_by(paper, request.user),
               "corrections": in_force_of([paper.pk]).get(paper.pk, []), "may_correct": may_propose(paper, request.user)}  # fmt: skip
    return render(request, "portal/ground.html", context)


@signed_in
@require_safe
def ground_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file of a ground."""
    paper = get_object_or_404(grounds_visible_to(request.user), pk=pk)
    if paper.file is None:
        raise Http404
    return file_response(paper.file)
