"""The text of the 办法 with an anchor for every clause: where each clause link leads."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import guards
from policy import clauses, versions


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


@guards.public
@require_safe
def clause_page(request: HttpRequest) -> HttpResponse:
    """The whole 办法, chapter by chapter, and the settings which fill its silences."""
    version = versions.all_versions()[-1]
    context = {
        "chapters": clauses.chapters(),
        "title": clauses.TITLE,
        "version": [
            ("名称", version.title),
            ("版本", version.key),
            ("发文机关", "、".join(version.issued_by)),
            ("有效期", f"{_day(version.valid_from)}至{_day(version.valid_until)}"),
            ("来源", version.source),
        ],
        "settings": version.settings.values(),
    }
    return render(request, "policy/clauses.html", context)
