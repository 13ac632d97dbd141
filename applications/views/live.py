"""Figures while one types: totals and ceiling for what stands in the form now, through the policy, stored nowhere."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_POST

from applications.facts import amounts, completeness
from applications.forms.drafts import SECTION_FORMS
from applications.forms.lines import posted_rows
from applications.models import Draft
from applications.services.drafts import exact_line
from applications.views.typed import own_project
from core.guards import roles
from core.models import ENTERPRISE_ROLES
from core.money import wan, yuan


@require_POST
@roles(*ENTERPRISE_ROLES)
def filing_live(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Totals and ceiling as if what is typed were saved; each step with its clause."""
    draft, now = own_project(request, pk).draft, timezone.now()
    totals = _typed_lines(request, draft) if name == "lines" else amounts.totals_of(draft)
    if name != "lines":
        _typed_section(request, draft, name)
    result = completeness.verdict_of(draft, at=now, totals=totals)
    context = {"ceiling": result, "totals": totals}
    return JsonResponse(
        {
            "said": _said(totals, result),
            "investment": yuan(totals.investment),
            "ceiling": render_to_string("applications/ceiling.html", context),
            "totals": render_to_string("applications/live_totals.html", context),
        }
    )


def _typed_lines(request: HttpRequest, draft: Draft) -> amounts.Totals:
    """The stored lines with the typed rows in their places; a ticked row and one that does not read count for nothing."""
    typed, gone = [], []
    for form in posted_rows(request.POST, ticked=True).values():
        row = form.as_row()
        gone += [int(row.key)] if row and row.key.isdigit() else []
        typed += [exact_line(row.values)] if row and row.values else []
    return amounts.totals_of(draft, without=gone) + amounts.sums_of(typed)


def _typed_section(request: HttpRequest, draft: Draft, name: str) -> None:
    """Set what reads of a section into the draft in hand; it is never saved."""
    if name not in SECTION_FORMS:
        raise Http404
    form = SECTION_FORMS[name](request.POST, draft=draft)
    form.is_valid()
    for field, value in form.readable.items():
        setattr(draft, field, value)


def _said(totals: amounts.Totals, result: Any) -> str:
    """One sentence for those who hear the page."""
    said = f"投资总额 {wan(totals.investment)} 万元"
    if result is None:
        return f"{said}。"
    return f"{said}，测算上限 {wan(result.limit)} 万元。" if result.limit is not None else f"{said}。{result.reason}。"
