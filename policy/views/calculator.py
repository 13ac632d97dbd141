"""政策计算器: anybody types a few figures and reads why the answer is what it is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core import guards
from policy import versions
from policy.calculator import calculate
from policy.forms import CalculatorForm
from policy.rules import Version


@guards.public
@require_safe
def calculator(request: HttpRequest) -> HttpResponse:
    """The form, and the answer when the address holds the facts; nothing is kept."""
    version = _version_in_force()
    asked = "industry" in request.GET
    form = CalculatorForm(request.GET) if asked else CalculatorForm()
    answer = calculate(form.facts(), version) if asked and form.is_valid() else None
    context = {"form": form, "answer": answer, "version": version, "query": request.GET.urlencode()}
    return render(request, "policy/calculator.html", context)


def _version_in_force() -> Version:
    """The policy of today; outside any validity the last one, so that the page still explains."""
    try:
        return versions.in_force(timezone.localdate())
    except versions.NoVersionInForce:
        return versions.all_versions()[-1]
