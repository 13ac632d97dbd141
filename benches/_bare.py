"""The least a signed-in page of 25 rows costs, beside the portal's own addresses: what pages are measured by."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from applications.models import Project


def bare(request: HttpRequest) -> HttpResponse:
    """Session, person, one query, plain text."""
    rows = Project.objects.filter(district=request.user.organisation.district_id).order_by("due_on", "pk")[:25]
    return HttpResponse("\n".join(f"{row.number} {row.title}" for row in rows))


urlpatterns = [path("bare/", bare), path("", include("portal.urls"))]
