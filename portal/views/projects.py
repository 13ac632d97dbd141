"""Projects: the page of one, the list, the search."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.guards import signed_in
from core.listing import ordered
from core.listing import page_of as one_page
from portal.filters import ProjectFilter
from portal.queries import project_list, project_tabs
from portal.queries.project_page import page_of, projects_for_pages, tabs_open_to
from portal.queries.project_rows import as_rows


@signed_in
@require_safe
def project(request: HttpRequest, pk: int, tab: str = "filing") -> HttpResponse:
    """One project: where it stands, what this person does now, and one tab of its content."""
    if tab not in tabs_open_to(request.user):
        raise Http404
    found = get_object_or_404(projects_for_pages(request.user), pk=pk)
    page = page_of(found, request.user, tab, at=timezone.now())
    content = project_tabs.OF[tab](page, request.user)
    context = {"page": page, "project": found, "tab_template": f"portal/tabs/{tab}.html", **content}
    return render(request, "portal/project.html", context)


@signed_in
@require_safe
def projects(request: HttpRequest) -> HttpResponse:
    """The projects this person sees, filtered, sorted, paged."""
    form = ProjectFilter(request.GET, user=request.user)
    rows = ordered(request, project_list.listed(request.user, form.wanted()), project_list.COLUMNS, "-since")
    page = one_page(request, rows)
    context = {"form": form, "page_obj": page, "rows": as_rows(page, request.user, at=timezone.now())}
    return render(request, "portal/projects.html", context)


@signed_in
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Projects by number, title or enterprise, among those this person sees."""
    words = request.GET.get("q", "").strip()[:80]
    page = one_page(request, project_list.found(request.user, words))
    context = {"words": words, "page_obj": page, "rows": as_rows(page, request.user, at=timezone.now())}
    return render(request, "portal/search.html", context)
