"""Pages for everybody: public notices, an objection, its receipt. Published fields only."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from core.calendar import today, working_days_left
from core.files import file_response
from core.guards import public
from core.listing import page_of
from core.models import Role
from core.people import has_role
from core.throttle import too_often
from review import queries
from review.clocks import notice_clock
from review.forms import NoticeFilter
from review.models import PublicNotice
from review.objection_forms import ObjectionForm, ReceiptForm
from review.objection_queries import objection_of_receipt
from review.services.objections import COMPLAIN, file_objection
from review.views.attempts import attempt, posted

OBJECTIONS_AN_HOUR, RECEIPTS_AN_HOUR = 10, 30  # from one address; an office of many people may share one


@public
def notices(request: HttpRequest) -> HttpResponse:
    """Published notices, newest first: running ones, and the archive of those that ended."""
    on = today(timezone.now())
    tab = request.GET.get("tab") if request.GET.get("tab") in queries.NOTICE_TABS else "running"
    form = NoticeFilter(request.GET)
    page = page_of(
        request, queries.notices_visible_to(request.user, tab, **(form.cleaned_data if form.is_valid() else {}))
    )
    for row in page.object_list:
        row.left = working_days_left(row.ends_on, on)
    tabs = [{"label": label, "url": f"?tab={key}", "current": key == tab} for key, label in queries.NOTICE_TABS.items()]
    context = {
        "page_obj": page, "on": on, "tabs": tabs, "tab": tab, "form": form,
        "may_publish": has_role(request.user, Role.BUREAU_LEAD),
    }  # fmt: skip
    return render(request, "review/notices.html", context)


@public
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice with its day clock; objections start from its lines."""
    one = get_object_or_404(queries.notice_with_entries(request.user).exclude(published_at=None), pk=pk)
    on = today(timezone.now())
    open_lines = set(
        queries.entries_open_to_objection(request.user, on).filter(notice=one).values_list("pk", flat=True)
    )
    context = {"notice": one, "entries": one.entries.all(), "open_lines": open_lines, **notice_clock(one, on)}
    return render(request, "review/notice.html", context)


@public
def notice_entry(request: HttpRequest, notice_pk: int, project_pk: int) -> HttpResponse:
    """One project as it was published, and what became of it."""
    lines = queries.published_entries(request.user)
    entry = get_object_or_404(lines, notice=notice_pk, project=project_pk)
    on = today(timezone.now())
    is_open = queries.entries_open_to_objection(request.user, on).filter(pk=entry.pk).exists()
    context = {"entry": entry, "notice": entry.notice, "is_open": is_open, **notice_clock(entry.notice, on)}
    return render(request, "review/notice_entry.html", context)


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
    if posted(request, form) and not too_often(request, form, "objection", most=OBJECTIONS_AN_HOUR):
        done = attempt(form, file_objection, entry, **form.cleaned_data, at=at)
        if done:
            return redirect("objection-receipt", receipt=done.result.receipt)
    return render(request, "review/objection_new.html", {"entry": entry, "form": form})


@public
def find_receipt(request: HttpRequest) -> HttpResponse:
    """Look up an objection's progress by its receipt."""
    form = ReceiptForm(request.POST or None)
    if posted(request, form) and not too_often(request, form, "receipt", most=RECEIPTS_AN_HOUR):
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
