"""The summary list (汇总表) of a letter of recommendation as Excel; amounts in 元, exact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from core.sheet_writing import workbook_of as written
from review.models import Opinion, RecommendationLetter

HEADS = (
    "序号", "项目编号", "项目名称", "申报企业", "统一社会信用代码", "类别", "建设地点", "投资总额（元）", "测算上限（元）",
    "初审意见", "填写人", "签批人",
)  # fmt: skip
WIDTHS = (6, 22, 36, 32, 22, 8, 30, 18, 18, 50, 12, 12)


def workbook_of(letter: RecommendationLetter, opinions: Iterable[Opinion]) -> bytes:
    """One sheet: the letter's number, a row for each project, the sums in the last row."""
    title = [f"{letter.district.bureau_name}推荐项目汇总表", letter.number]
    return written("推荐项目汇总表", title, WIDTHS, _rows(opinions))


def _rows(opinions: Iterable[Opinion]) -> Iterator[Sequence[Any]]:
    yield HEADS
    invested = limits = 0
    for place, one in enumerate(opinions, start=1):
        project, filed = one.project, one.submission
        invested, limits = invested + filed.investment, limits + (one.limit or 0)
        yield (
            place, project.number, project.title, filed.enterprise_name, filed.uscc, project.get_track_display(),
            filed.site, filed.investment, one.limit, one.text, str(one.written_by), str(one.countersigned_by),
        )  # fmt: skip
    yield ["合计", "", "", "", "", "", "", invested, limits]
