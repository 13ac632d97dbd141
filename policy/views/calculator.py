"""政策计算器: anybody types a few figures and reads why the answer is what it is."""

from __future__ import annotations

import hashlib

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core import guards
from policy import versions
from policy.calculator import calculate, calculation_pdf
from policy.forms.calculator import CalculatorForm
from policy.rules import Version

AN_HOUR = 3600


@guards.public
@require_safe
def calculator(request: HttpRequest) -> HttpResponse:
    """The form, and the answer when the address holds the facts; nothing is kept."""
    version = _version_in_force()
    asked = bool(request.GET)
    form = CalculatorForm(request.GET) if asked else CalculatorForm()
    answer = calculate(form.facts(), version, form.parts()) if asked and form.is_valid() else None
    context = {"form": form, "answer": answer, "version": version, "query": request.GET.urlencode()}
    return render(request, "policy/calculator.html", context)


@guards.public
@require_safe
def calculator_pdf(request: HttpRequest) -> HttpResponse:
    """The same answer as a PDF; figures which cannot be read lead back to the form."""
    form, version = CalculatorForm(request.GET), _version_in_force()
    query = request.GET.urlencode()
    if not form.is_valid():
        return HttpResponseRedirect(f"{reverse('policy:calculator')}?{query}")
    key = "calculation:" + hashlib.sha256(f"{version.digest}?{query}".encode()).hexdigest()
    pdf = cache.get(key)
    if pdf is None:
        address = request.build_absolute_uri(f"{reverse('policy:calculator')}?{query}")
        pdf = calculation_pdf(calculate(form.facts(), version, form.parts()), address, at=timezone.now())
        cache.set(key, pdf, AN_HOUR)
    return HttpResponse(pdf, "application/pdf", headers={"Content-Disposition": 'inline; filename="calculation.pdf"'})


def _version_in_force() -> Version:
    """The policy of today; outside any validity the last one, so that the page still explains."""
    try:
        return versions.in_force(timezone.localdate())
    except versions.NoVersionInForce:
        return versions.all_versions()[-1]
