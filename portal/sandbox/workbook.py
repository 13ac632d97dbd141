"""A result of the sandbox as Excel: the terms, the sums, every project. Amounts in 元, exact."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from applications.models import Project
from core.money import from_fen
from portal.sandbox.figures import TRACKS, Shown, rows_of, shown
from portal.sandbox.models import Scenario
from portal.sandbox.terms import plan_words, pool_words

NOTICE = "测算，不改变任何项目。金额单位为元。"
PROJECT_HEADS = (
    "编号", "项目", "企业", "区县", "方向", "行业大类", "合格投资", "基准合计", "方案中央", "方案地方", "方案合计", "增减",
    "待安排", "评审分", "分配次序", "起决定作用的一步", "条款",
)  # fmt: skip
CHUNK = 1_000


def workbook_of(scenario: Scenario, reader: Any) -> bytes:
    """The kept result, with the titles of the projects which the reader sees."""
    said = shown(scenario, scenario.result)
    book = Workbook(write_only=True)
    _fill(book.create_sheet("条件"), _terms(said))
    _fill(book.create_sheet("汇总"), _sums(said))
    _fill(book.create_sheet("项目"), _projects(said, reader))
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _terms(said: Shown) -> Iterator[Sequence[Any]]:
    scenario = said.scenario
    yield [NOTICE]
    yield ["方案", scenario.name]
    yield ["基准版本", scenario.base_version]
    yield ["测算时间", said.result.made_at.strftime("%Y-%m-%d %H:%M")]
    yield ["项目数", said.result.projects]
    yield ["中央资金", pool_words(scenario.central_pool)]
    yield ["地方资金", pool_words(scenario.local_pool)]
    yield ["分批比例", plan_words(scenario.plan)]
    yield ["改动", "基准", "方案", "条款"]
    for change in said.changes:
        yield [change.label, change.before, change.after, change.clause]


def _sums(said: Shown) -> Iterator[Sequence[Any]]:
    yield ["项", "基准", "方案", "增减"]
    for line in said.sums:
        yield [line.label, line.base, line.new, line.change]
    yield ["增加的项目", "", said.gain["count"], said.gain["amount"]]
    yield ["减少的项目", "", said.lose["count"], said.lose["amount"]]
    yield ["须由地方补足", "", said.pool["gap"]]
    for group in said.groups:
        yield []
        yield [group["head"], "项目", "基准合计", "方案中央", "方案地方", "方案合计", "待安排", "增加", "减少"]
        for row in group["rows"]:
            parts = ("label", "projects", "base", "central", "local", "total", "unfunded", "gain", "lose")
            yield [row[part] for part in parts]
    yield []
    yield ["起决定作用的一步", "条款", "项目", "方案合计"]
    for step in said.bindings:
        yield [step["label"], step["clause"], step["count"], step["total"]]


def _projects(said: Shown, reader: Any) -> Iterator[Sequence[Any]]:
    rows = rows_of(said.result)
    yield PROJECT_HEADS
    for start in range(0, len(rows), CHUNK):
        part = rows[start : start + CHUNK]
        seen = Project.objects.visible_to(reader).filter(pk__in=[row.project for row in part])
        names = {
            pk: (title, enterprise) for pk, title, enterprise in seen.values_list("pk", "title", "enterprise__name")
        }
        for row in part:
            title, enterprise = names.get(row.project, ("", ""))
            step = said.bindings[row.binding]
            yield [
                row.number, title, enterprise, row.district, TRACKS[row.mode], row.major,
                None if row.eligible is None else from_fen(row.eligible), from_fen(row.base_total),
                from_fen(row.central), from_fen(row.local), from_fen(row.total), from_fen(row.change),
                from_fen(row.unfunded), None if row.score is None else Decimal(row.score), row.place, step["label"],
                step["clause"],
            ]  # fmt: skip


def _fill(sheet: Any, rows: Iterable[Sequence[Any]]) -> None:
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])


def _cell(sheet: Any, value: Any) -> Any:
    """Text stays text: a title that begins with = is no formula, control characters are left out."""
    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value=value)
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"
    return cell
