"""/styleguide/: every component once, with sample figures."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import render

from core import guards
from portal.styleguide import sample


@guards.public
def styleguide(request):
    """Only where people build or try the portal: demo mode, DEBUG, tests. ?form=errors shows forms that came back."""
    if not (settings.DEMO or settings.DEBUG or settings.TESTING):
        raise Http404
    return render(request, "styleguide/index.html", sample(request.GET.get("form", "")))
