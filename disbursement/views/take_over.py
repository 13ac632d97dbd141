"""Pages of 接续: import a sheet of running projects of earlier years, check it, confirm it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from core.audit import timeline_of
from core.files import file_response, store
from core.filetypes import PAPERS
from core.guards import roles
from core.listing import page_of
from core.models import BUREAU_ROLES, FINANCE_ROLES, Role
from core.people import has_role
from core.sheets import workbook_of
from disbursement.forms.money import ReasonForm, SeenForm
from disbursement.forms.take_over import PaperForm, SheetForm
from disbursement.models import MONEY_READERS, TakeOverPaper, TakeOverRow, TakeOverSheet
from disbursement.queries import take_over as queries
from disbursement.services import take_over as services
from disbursement.sheet_cells import TableRefused
from disbursement.take_over_sheet import LAYOUT
from disbursement.views.deeds import Step, attempt, form_of, open_steps, take, typed
from disbursement.views.tables import take_over_flow

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN_FAULTS = 300
STEPS = {
    "check": Step("check", "check_take_over", services.check_take_over, SeenForm, "复核接续清单",
                  "您没有导入这份清单。与所附资料逐项核对后，送市财政局确认。", "已复核，送市财政局负责人确认。"),
    "confirm": Step("confirm", "confirm_take_over", services.confirm_take_over, SeenForm, "确认接续清单",
                    "确认后，清单中的项目进入所列环节，期初已拨和承诺记入资金池台账，不能撤回。", "已确认，项目已接续。"),
    "discard": Step("discard", "discard_take_over", services.discard_take_over, ReasonForm, "作废接续清单",
                    "作废后可以改正文件重新导入。", "已作废。", "btn-secondary"),
}  # fmt: skip


@roles(*MONEY_READERS)
def take_overs(request: HttpRequest) -> HttpResponse:
    """All sheets, and the form of the next one."""
    may_import, faults = has_role(request.user, Role.BUREAU_OFFICER), []
    form = SheetForm(typed(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            done = attempt(
                form, services.import_sheet, said["file"], said["title"], actor=request.user, at=timezone.now()
            )
            if done:
                messages.success(request, "已导入，送市工信局负责人复核。")
                return redirect(done.result)
        except TableRefused as refused:
            faults = refused.faults
            form.add_error("file", str(refused))
    context = {
        "form": form, "may_import": may_import, "faults": faults[:SHOWN_FAULTS], "fault_count": len(faults),
        "page_obj": page_of(request, queries.sheets_with_totals(TakeOverSheet.objects.visible_to(request.user))),
    }  # fmt: skip
    return render(request, "disbursement/take_overs.html", context)


@roles(Role.BUREAU_OFFICER)
@require_safe
def take_over_template(request: HttpRequest) -> HttpResponse:
    """The empty workbook of a 接续清单."""
    name = "attachment; filename*=UTF-8''" + "%E6%8E%A5%E7%BB%AD%E6%B8%85%E5%8D%95.xlsx"  # 接续清单.xlsx
    return HttpResponse(workbook_of([], LAYOUT), content_type=XLSX, headers={"Content-Disposition": name})


@roles(*MONEY_READERS)
@require_safe
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    """One sheet: its projects, opening balances and papers, who did what, and this person's step."""
    return _page(request, _found(request, pk), at=timezone.now())


@roles(*BUREAU_ROLES, *FINANCE_ROLES)
@require_POST
def take_over_step(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Check, confirm or discard."""
    step = STEPS.get(slug)
    if step is None:
        raise Http404
    found, at = _found(request, pk), timezone.now()
    form = form_of(step, found, request.user, request.POST)
    if form.is_valid() and take(step, found, form, request.user, at=at):
        messages.success(request, step.done)
        return redirect(found)
    return _page(request, found, at=at, bound={slug: form})


@roles(Role.BUREAU_OFFICER)
def take_over_paper(request: HttpRequest, row_pk: int) -> HttpResponse:
    """Put a document beside a row."""
    rows = TakeOverRow.objects.visible_to(request.user).select_related("sheet", "enterprise")
    row, at = get_object_or_404(rows, pk=row_pk), timezone.now()
    form = PaperForm(typed(request), request.FILES or None)
    if request.method == "POST" and form.is_valid() and _added(form, row, request.user, at):
        messages.success(request, "已上传。")
        return redirect(row.sheet)
    return render(request, "disbursement/take_over_paper.html", {"row": row, "form": form})


@roles(*MONEY_READERS)
@require_safe
def take_over_paper_file(request: HttpRequest, paper_pk: int) -> Any:
    """One document."""
    papers = TakeOverPaper.objects.visible_to(request.user).select_related("file")
    return file_response(get_object_or_404(papers, pk=paper_pk).file)


# --- parts ------------------------------------------------------------------------------------------------------------


def _found(request: HttpRequest, pk: int) -> TakeOverSheet:
    rows = queries.sheets_with_totals(TakeOverSheet.objects.visible_to(request.user))
    return get_object_or_404(rows.select_related("imported_by", "checked_by", "confirmed_by", "file"), pk=pk)


def _added(form: PaperForm, row: TakeOverRow, user: Any, at: datetime) -> Any:
    said = form.cleaned_data

    def deed() -> TakeOverPaper:
        paper = store(said["file"], kind="take_over_paper", by=user, at=at, allowed=PAPERS)
        return services.add_paper(row, said["name"], paper, actor=user, at=at)

    return attempt(form, deed)


def _page(request: HttpRequest, found: TakeOverSheet, *, at: datetime, bound: Any = None) -> HttpResponse:
    page = page_of(request, queries.rows_for_page(found), per_page=100)
    paid = queries.paid_of(page.object_list)
    steps = open_steps(STEPS, found, request.user, at=at, bound=bound)
    context = {
        "sheet": found, "page_obj": page, "rows": [(row, paid[row.pk]) for row in page.object_list], "steps": steps,
        "flow": take_over_flow(found, request.user, at), "forms": list((bound or {}).values()),
        "events": timeline_of(found)[:20],
        "may_add": has_role(request.user, Role.BUREAU_OFFICER) and any(one.step.slug == "discard" for one in steps),
    }  # fmt: skip
    return render(request, "disbursement/take_over.html", context)
