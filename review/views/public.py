"""Pages for everybody: public notices, an objection, its receipt. Published fields only."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from core.calendar import today, uncertainty, working_days_left
from core.files import file_response
from core.guards import public
from core.listing import page_of
from core.models import Role
from core.people import has_role
from review import queries
from review.clocks import notice_day_number, notice_days
from review.models import PublicNotice
from review.objection_forms import ObjectionForm, ReceiptForm
from review.objection_queries import objection_of_receipt
from review.services.objections import COMPLAIN, file_objection
from review.states import NoticeState
from review.views.attempts import attempt, posted


@public
def notices(request: HttpRequest) -> HttpResponse:
    """All published notices, newest first."""
    on = today(timezone.now())
    page = page_of(request, queries.notices_visible_to(request.user))
    for row in page.object_list:
        row.left = working_days_left(row.ends_on, on) if row.ends_on else None
        row.is_running = row.state == NoticeState.PUBLISHED and row.left is not None and row.left >= 0
    may_publish = has_role(request.user, Role.BUREAU_LEAD)
    return render(request, "review/notices.html", {"page_obj": page, "on": on, "may_publish": may_publish})


@public
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice with its day clock; objections start from its lines."""
    one = get_object_or_404(queries.notice_with_entries(request.user).exclude(published_at=None), pk=pk)
    on, published_on = today(timezone.now()), today(one.published_at)
    open_lines = set(
        queries.entries_open_to_objection(request.user, on).filter(notice=one).values_list("pk", flat=True)
    )
    context = {
        "notice": one, "entries": one.entries.all(), "open_lines": open_lines, "on": on, "published_on": published_on,
        "first_on": next((day["date"] for day in notice_days(published_on, one.ends_on, on) if day["note"][0] == "第"), None),
        "days": notice_days(published_on, one.ends_on, on) if one.ends_on.toordinal() - published_on.toordinal() <= 20 else [],
        "day_number": notice_day_number(published_on, on), "left": working_days_left(one.ends_on, on),
        "is_running": on <= one.ends_on, "uncertain": uncertainty(one.ends_on),
    }  # fmt: skip
    return render(request, "review/notice.html", context)


@public
def notice_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The notice as PDF."""
    one = get_object_or_404(PublicNotice.objects.visible_to(request.user), pk=pk)
    if one.file is None:
        raise Http404("文件还在生成。")
    return file_response(one.file, as_attachment=False)


@public
def object_to(request: HttpRequest, notice_pk: int, project_pk: int) -> HttpResponse:
    """An objection to one project of a running notice."""
    at = timezone.now()
    lines = queries.entries_open_to_objection(request.user, today(at))
    entry = get_object_or_404(lines, notice=notice_pk, project=project_pk)
    form = ObjectionForm(request.POST or None, request.FILES or None)
    if posted(request, form):
        done = attempt(form, file_objection, entry, **form.cleaned_data, at=at)
        if done:
            return redirect("objection-receipt", receipt=done.result.receipt)
    return render(request, "review/objection_new.html", {"entry": entry, "form": form})


@public
def find_receipt(request: HttpRequest) -> HttpResponse:
    """Look up an objection's progress by its receipt."""
    form = ReceiptForm(request.POST or None)
    if posted(request, form):
        found = objection_of_receipt(form.cleaned_data["receipt"]).first()
        if found:
            return redirect("objection-receipt", receipt=found.receipt)
        form.add_error("receipt", "没有这个受理编号，请核对后重新填写。")
    return render(request, "review/objection_find.html", {"form": form})


@public
def receipt(request: HttpRequest, receipt: str) -> HttpResponse:
    """What the holder of a receipt may know: what was received, when the answer is due, the answer."""
    objection = get_object_or_404(objection_of_receipt(receipt))
    context = {"objection": objection, "entry": objection.entry, "complain": COMPLAIN}
    response = render(request, "review/objection_receipt.html", context)
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
