"""Investment lines out to Excel and in again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from applications import services
from applications.facts import sections
from applications.facts.line_columns import COLUMNS
from applications.facts.line_workbook import workbook_of
from applications.forms.line_sheets import LineSheetForm
from applications.views.filing import own_project
from core.guards import roles
from core.models import ENTERPRISE_ROLES

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN_FAULTS = 300


@require_safe
@roles(*ENTERPRISE_ROLES)
def filing_lines_template(request: HttpRequest, pk: int) -> HttpResponse:
    """The workbook to fill in: empty, or with the saved lines where they are asked for (?lines=1)."""
    project = own_project(request, pk)
    lines = sections.lines_of(project.draft) if "lines" in request.GET else []
    name = "attachment; filename*=UTF-8''" + "%E6%8A%95%E8%B5%84%E6%98%8E%E7%BB%86.xlsx"  # 投资明细.xlsx
    return HttpResponse(workbook_of(lines), content_type=XLSX, headers={"Content-Disposition": name})


@roles(*ENTERPRISE_ROLES)
def filing_lines_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a workbook in: clean, or with a report of every fault and nothing written."""
    project = own_project(request, pk)
    services.require_open(project, request.user)
    initial = {"seen": sections.fingerprint_of(project.draft, "lines")}
    form = LineSheetForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _bring_in(request, project, form):
        return redirect("filing-lines", project.pk)
    faults = form.reading.faults if form.is_bound and hasattr(form, "reading") else []
    context = {
        "project": project,
        "form": form,
        "standing": project.draft.lines.count(),
        "columns": COLUMNS,
        "faults": faults[:SHOWN_FAULTS],
        "more_faults": max(0, len(faults) - SHOWN_FAULTS),
    }
    return render(request, "applications/filing_lines_import.html", context)


def _bring_in(request: HttpRequest, project: Any, form: LineSheetForm) -> bool:
    """Hand the lines to the service; what it refuses is said above the form."""
    try:
        services.import_lines(
            project, lines=form.reading.rows, append=form.append, actor=request.user, at=timezone.now(),
            seen=form.cleaned_data["seen"] or None,
        )  # fmt: skip
    except services.Conflict as conflict:
        form.opened_again(conflict.fingerprint)
        words = "您打开这一页之后，另一人保存了新的投资明细，这次没有导入。请先看已保存的明细，再重新选择文件。"
        form.add_error(None, words)
        return False
    except services.DraftRefused as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, f"已从 Excel 导入 {len(form.reading.rows):,} 行投资明细。")
    return True
