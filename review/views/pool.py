"""The pool of experts: list, one expert, editing, import and export; and the groups of companies behind 回避."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.calendar import today
from core.guards import roles
from core.listing import ordered, page_of
from core.models import BUREAU_ROLES, Role
from core.people import has_role
from core.sheets import workbook_of
from review import pool_queries
from review.models import Conflict, EnterpriseRelation, Expert, InterestDeclaration
from review.pool_forms import EndForm, ExpertForm, NewExpertForm, PoolFilter, PoolSheetForm, RelationForm
from review.pool_sheet import COLUMNS, LAYOUT, row_of
from review.services import pool
from review.views.attempts import attempt, posted

READERS = (*BUREAU_ROLES, Role.SUPERVISOR)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SORTED = {"name": "user__name", "asked": "asked", "no": "said_no", "hand": "in_hand", "until": "declared_to"}
SHOWN_FAULTS = 300


@roles(*READERS)
@require_safe
def experts(request: HttpRequest) -> HttpResponse:
    """The pool, filtered, with what each was asked and said."""
    on = today(timezone.now())
    form = PoolFilter(request.GET)
    rows = pool_queries.listed(request.user, on, **(form.cleaned_data if form.is_valid() else {}))
    page = page_of(request, ordered(request, rows, SORTED, "name"))
    context = {
        "page_obj": page, "form": form, "on": on, "may_edit": has_role(request.user, *BUREAU_ROLES),
        "query": request.GET.urlencode(),
    }  # fmt: skip
    return render(request, "review/experts.html", context)


@roles(*READERS)
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The pool as the filters ask, as a sheet of the same shape as the import; at most 2,000 rows of text, made at once."""
    form = PoolFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = pool_queries.listed(request.user, today(timezone.now()), **asked).order_by("user__name", "pk")
    return _sheet(workbook_of((row_of(one) for one in rows[: LAYOUT.most_rows]), LAYOUT))


@roles(*BUREAU_ROLES)
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """The empty sheet to fill in."""
    return _sheet(workbook_of((), LAYOUT))


def _sheet(content: bytes) -> HttpResponse:
    name = "attachment; filename*=UTF-8''%E4%B8%93%E5%AE%B6%E5%BA%93.xlsx"  # 专家库.xlsx
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": name})


@roles(*BUREAU_ROLES)
def bring_in(request: HttpRequest) -> HttpResponse:
    """Take a sheet in: clean, or with a report of every fault and nothing written."""
    form = PoolSheetForm(request.POST or None, request.FILES or None)
    faults: list[Any] = []
    if posted(request, form):
        try:
            made = pool.import_experts(form.reading, actor=request.user, at=timezone.now())
        except pool.SheetRefused as refused:
            faults = refused.faults
            form.add_error("file", f"文件里有 {len(faults)} 处需要改正，一名也没有导入。")
        else:
            messages.success(request, f"已导入 {len(made)} 名专家。账号口令由系统管理员发放。")
            return redirect("experts")
    elif form.is_bound and hasattr(form, "reading"):
        faults = form.reading.faults
    context = {
        "form": form, "columns": COLUMNS, "faults": faults[:SHOWN_FAULTS],
        "more_faults": max(0, len(faults) - SHOWN_FAULTS),
    }  # fmt: skip
    return render(request, "review/experts_import.html", context)


def _expert(request: HttpRequest, pk: int) -> Expert:
    rows = Expert.objects.visible_to(request.user).select_related("user", "employer", "district")
    return get_object_or_404(pool_queries.with_history(rows), pk=pk)


@roles(*READERS)
@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One expert: what he knows, what binds him, what he was asked."""
    expert, on = _expert(request, pk), today(timezone.now())
    deviation = pool_queries.deviation_of(expert)
    context = {
        "expert": expert, "on": on, "may_edit": has_role(request.user, *BUREAU_ROLES),
        "page_obj": page_of(request, pool_queries.past_of(expert)),
        "deviation": None if deviation is None else (Decimal(round(deviation)).scaleb(-2)),
        "conflicts": list(
            Conflict.objects.visible_to(request.user).filter(expert=expert).select_related("organisation", "district")
        ),
        "declarations": list(InterestDeclaration.objects.visible_to(request.user).filter(expert=expert)[:5]),
    }  # fmt: skip
    return render(request, "review/expert_page.html", context)


@roles(*BUREAU_ROLES)
def add(request: HttpRequest) -> HttpResponse:
    """One expert into the pool."""
    form = NewExpertForm(request.POST or None)
    if posted(request, form):
        done = attempt(form, pool.add_expert, **form.said(), actor=request.user, at=timezone.now())
        if done:
            messages.success(request, f"{done.result} 已入库。账号口令由系统管理员发放。")
            return redirect("expert-page", pk=done.result.pk)
    return render(request, "review/expert_new.html", {"form": form})


@roles(*BUREAU_ROLES)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Fields, title, district; in the pool or out of it with a reason."""
    expert = _expert(request, pk)
    form = ExpertForm.of(expert, request.POST or None)
    if posted(request, form) and attempt(
        form, pool.edit_expert, expert, **form.said(), actor=request.user, at=timezone.now()
    ):
        messages.success(request, f"已保存 {expert} 的信息。")
        return redirect("expert-page", pk=pk)
    return render(request, "review/expert_edit.html", {"expert": expert, "form": form})


@roles(*READERS)
def relations(request: HttpRequest) -> HttpResponse:
    """Which bodies belong to one group of companies; the bureau adds to it."""
    may_edit = has_role(request.user, *BUREAU_ROLES)
    form = RelationForm(request.POST or None) if may_edit else None
    said = {"actor": request.user, "at": timezone.now()}
    if form and posted(request, form) and attempt(form, pool.relate, **form.cleaned_data, **said):
        messages.success(request, "企业关系已登记，今后抽取按此回避。")
        return redirect("relations")
    rows = EnterpriseRelation.objects.visible_to(request.user).select_related("one", "other")
    context = {"form": form, "page_obj": page_of(request, rows.order_by("-entered_at", "-pk")), "may_edit": may_edit}
    return render(request, "review/relations.html", context)


@roles(*BUREAU_ROLES)
def end_relation(request: HttpRequest, pk: int) -> HttpResponse:
    """Say when a relation ended."""
    rows = EnterpriseRelation.objects.visible_to(request.user).select_related("one", "other")
    relation = get_object_or_404(rows, pk=pk)
    form = EndForm(request.POST or None)
    if posted(request, form) and attempt(
        form, pool.end_relation, relation, **form.cleaned_data, actor=request.user, at=timezone.now()
    ):
        messages.success(request, "已登记结束日期。")
        return redirect("relations")
    return render(request, "review/relation_end.html", {"relation": relation, "form": form})
