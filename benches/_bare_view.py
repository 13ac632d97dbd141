"""The bare view that benches measure beside: a fresh Django project's middleware, a session, a table of 25 projects."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.template import engines
from django.urls import path

from applications.models import Project

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROWS = 25
TABLE = """<!doctype html><html lang="zh-CN"><head><title>Projects</title></head><body><p>{{ request.user.name }}</p>
<table><thead><tr><th>Number</th><th>Title</th><th>Enterprise</th><th>Track</th><th>State</th><th>Since</th></tr></thead><tbody>
{% for row in rows %}<tr><td>{{ row.number }}</td><td><a href="/projects/{{ row.pk }}/">{{ row.title }}</a></td>
<td>{{ row.enterprise.name }}</td><td>{{ row.get_track_display }}</td><td>{{ row.get_state_display }}</td>
<td>{{ row.state_since|date:"Y-m-d H:i" }}</td></tr>{% endfor %}</tbody></table></body></html>"""
page = engines["django"].from_string(TABLE)


@login_required
def projects(request: Any) -> HttpResponse:
    rows = Project.objects.select_related("enterprise").order_by("-pk")[:ROWS]
    return HttpResponse(page.render({"rows": rows}, request))


urlpatterns = [path("bare/", projects)]
