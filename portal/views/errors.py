"""Pages for what went wrong: what happened, why, what to do."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils import timezone

from core import guards
from portal import sign_ins
from portal.middleware import keep_what_was_sent


def forbidden(request, exception=None):
    """403: the page belongs to another desk. The attempt is kept in the audit trail."""
    reason = str(exception) if isinstance(exception, PermissionDenied) else ""
    if request.user.is_authenticated:
        sign_ins.record_refused_page(request.user, request.path, at=timezone.now())
    return render(request, "errors/403.html", {"reason": reason}, status=403)


def not_found(request, exception=None):
    """404: no such page, or not visible to this person; the two are not told apart."""
    return render(request, "errors/404.html", status=404)


def bad_request(request, exception=None):
    """400: the address or the form was not one of ours."""
    return render(request, "errors/400.html", status=400)


def server_error(request):
    """500: a page that needs neither the database nor the session."""
    return HttpResponse(loader.get_template("errors/500.html").render(), status=500)


@guards.public
def csrf_failure(request, reason=""):
    """The form was too old or came from elsewhere; what its author had typed waits for him."""
    return render(request, "errors/csrf.html", {"kept": keep_what_was_sent(request)}, status=403)
