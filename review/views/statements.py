"""情况说明: the page where an enterprise or a district explains what it was asked, and nothing of who raised it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from core.files import file_response
from core.guards import roles
from core.models import BUREAU_ROLES, DISTRICT_ROLES, ENTERPRISE_ROLES, Role
from core.people import has_role
from review.objection_forms import StatementForm
from review.objection_queries import statements_visible_to
from review.services.investigations import give_statement
from review.views.attempts import attempt, posted

ASKED = (*ENTERPRISE_ROLES, *DISTRICT_ROLES)
READERS = (*ASKED, *BUREAU_ROLES, Role.SUPERVISOR)


@roles(*READERS)
def statement(request: HttpRequest, pk: int) -> HttpResponse:
    """The question, and the answer once it is given."""
    one = get_object_or_404(statements_visible_to(request.user), pk=pk)
    may_answer = one.answered_at is None and has_role(request.user, *ASKED)
    form = StatementForm(request.POST or None, request.FILES or None)
    if may_answer and posted(request, form):
        said = form.cleaned_data
        if attempt(form, give_statement, one, **said, actor=request.user, at=timezone.now()):
            messages.success(request, "情况说明已提交市工业和信息化局。")
            return redirect("statement", pk=pk)
    context = {"statement": one, "project": one.project, "form": form, "may_answer": may_answer}
    return render(request, "review/statement.html", context)


@roles(*READERS)
def statement_file(request: HttpRequest, pk: int) -> HttpResponse:
    """What was handed in with a statement."""
    one = get_object_or_404(statements_visible_to(request.user), pk=pk)
    if one.file is None:
        raise Http404
    return file_response(one.file, as_attachment=False)
