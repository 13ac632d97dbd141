"""A 接续清单 read into rows not yet saved, or every fault of it; sheets for their pages."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum

from applications.models import Project
from applications.states import State
from core.models import Organisation, OrganisationKind
from core.money import ZERO, yuan
from core.sheet_reading import Fault
from disbursement.models import Agreement, Approval, OpeningBalance, Pool, Source, TakeOverRow, TakeOverSheet
from disbursement.sheet_cells import Table, read_table
from disbursement.take_over_sheet import LAYOUT, SOURCES

Rows = list[tuple[TakeOverRow, list[OpeningBalance]]]
SIMPLE = (
    "title", "year", "track", "industry", "chain_leader", "investment", "land_and_building", "notice_closed_on",
    "approval_number", "approved_on", "signed_on", "reached", "award",
)  # fmt: skip


def read_rows(content: bytes, *, on: date) -> tuple[Rows, list[Fault]]:
    """The rows of a workbook with their opening balances, nothing saved; or the report of all that is wrong."""
    table = read_table(content, LAYOUT)
    if table.faults:
        return [], table.faults
    known = _Known([values for _, values in table.rows])
    rows: Rows = []
    for number, values in table.rows:
        row = TakeOverRow(
            position=number, enterprise=known.enterprises.get(values["uscc"]),
            agreement_number=values["agreement_number"] or "", **{name: values[name] for name in SIMPLE},
        )  # fmt: skip
        openings = _openings(number, values, row, known, table)
        _refuse_unsound(number, values, row, openings, known, table, on)
        rows.append((row, openings))
    return ([] if table.faults else rows), table.faults


class _Known:
    """What the portal knows of the enterprises, pools, projects and papers a sheet names; a fixed number of questions."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        codes = {row["uscc"] for row in rows}
        found = Organisation.objects.filter(kind=OrganisationKind.ENTERPRISE, uscc__in=codes)
        self.enterprises = {one.uscc: one for one in found}
        self.pools = {
            (p.source, p.district_id, p.year): p for p in Pool.objects.order_by("-pk").select_related("district")
        }
        titles = {row["title"] for row in rows}
        taken = Project.objects.filter(enterprise__uscc__in=codes, title__in=titles).exclude(number=None)
        self.projects = set(taken.values_list("enterprise__uscc", "title"))
        numbers = {row["agreement_number"] for row in rows if row["agreement_number"]}
        self.agreements = set(Agreement.objects.filter(number__in=numbers).values_list("number", flat=True))
        recorded = Approval.objects.filter(number__in={row["approval_number"] for row in rows}, proposal__isnull=False)
        self.approvals = set(recorded.values_list("number", flat=True))
        self.seen: set[tuple[str, str]] = set()
        self.seen_agreements: set[str] = set()


def _openings(
    number: int, values: dict[str, Any], row: TakeOverRow, known: _Known, table: Table
) -> list[OpeningBalance]:
    found = []
    for source, name in SOURCES.items():
        granted, paid, year = (values[f"{name}_{part}"] for part in ("granted", "paid", "year"))
        if not granted:
            if paid:
                table.refuse(number, "有已拨、没有核定。", f"{source.label}核定")
            continue
        district = row.enterprise.district_id if row.enterprise and source == Source.DISTRICT else None
        pool = known.pools.get((source.value, district, year))
        if pool is None:
            table.refuse(
                number,
                f"没有{year or ''}年度的{source.label}资金池，请市财政局先建立并登记预算。",
                f"{source.label}资金年度",
            )
        elif (paid or ZERO) > granted:
            table.refuse(number, f"已拨 {yuan(paid)} 元，超过核定 {yuan(granted)} 元。", f"{source.label}已拨")
        else:
            found.append(OpeningBalance(pool=pool, granted=granted, paid=paid or ZERO))
    return found


def _refuse_unsound(
    number: int, values: dict[str, Any], row: TakeOverRow, openings: list[OpeningBalance], known: _Known,
    table: Table, on: date,
) -> None:  # fmt: skip
    code, key = values["uscc"], (values["uscc"], values["title"])
    if code not in known.enterprises:
        table.refuse(number, "这家企业还没有在本平台注册，请先注册并由区县核验。", "统一社会信用代码", code)
    if key in known.projects or key in known.seen:
        table.refuse(number, "这家企业的同名项目已在平台上，或在本表中重复。", "项目名称", values["title"])
    if row.approval_number in known.approvals:
        table.refuse(number, "这个批复由本平台记录，其项目不用接续。", "批复文号", row.approval_number)
    known.seen.add(key)
    _refuse_wrong_days(number, row, table, on)
    _refuse_wrong_sums(number, row, openings, table)
    _refuse_wrong_agreement(number, row, openings, known, table)


def _refuse_wrong_days(number: int, row: TakeOverRow, table: Table, on: date) -> None:
    days = [day for day in (row.notice_closed_on, row.approved_on, row.signed_on) if day]
    if days != sorted(days) or days[-1] > on:
        table.refuse(number, "公示结束、批复、签署的日期应依次先后，且不晚于今天。", "批复日期", str(row.approved_on))
    if row.land_and_building > row.investment:
        table.refuse(number, "土地厂房不能多于投资总额。", "土地厂房", yuan(row.land_and_building))


def _refuse_wrong_sums(number: int, row: TakeOverRow, openings: list[OpeningBalance], table: Table) -> None:
    arranged = sum((one.granted for one in openings), ZERO)
    if not row.award or arranged > row.award:
        table.refuse(number, f"各来源核定合计 {yuan(arranged)} 元，不能多于核定支持。", "核定支持", yuan(row.award))


def _refuse_wrong_agreement(
    number: int, row: TakeOverRow, openings: list[OpeningBalance], known: _Known, table: Table
) -> None:
    if row.reached == State.AGREEMENT:
        if any(one.paid for one in openings):
            table.refuse(number, "任务书还没有签署的项目不能有已拨资金。", "环节", "任务书")
        return
    if not row.agreement_number or row.signed_on is None:
        table.refuse(
            number, "任务书已签署的项目须填写任务书编号和签署日期。", "任务书编号", row.agreement_number or "（空）"
        )
    elif row.agreement_number in known.agreements | known.seen_agreements:
        table.refuse(number, "这个任务书编号已经用过。", "任务书编号", row.agreement_number)
    known.seen_agreements.add(row.agreement_number)


# --- pages ------------------------------------------------------------------------------------------------------------


def sheets_with_totals(rows: QuerySet[TakeOverSheet]) -> QuerySet[TakeOverSheet]:
    """With `project_count` and `total` (元)."""
    return (
        rows.annotate(project_count=Count("rows"), total=Sum("rows__award"))
        .select_related("imported_by")
        .order_by("-imported_at", "-pk")
    )


def rows_for_page(sheet: TakeOverSheet) -> QuerySet[TakeOverRow]:
    return sheet.rows.select_related("enterprise__district", "project").prefetch_related(
        "openings__pool__district", "papers__file"
    )


def paid_of(rows: Any) -> dict[int, Decimal]:
    """What was paid before, in 元 by row id."""
    found: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for row in rows:
        found[row.pk] = sum((one.paid for one in row.openings.all()), ZERO)
    return dict(found)
