"""Checks against every other application of every year: invoices, machines, files, near matches, split projects.

What is found says that another project claims the same; whose it is stays unsaid.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from difflib import SequenceMatcher

from django.db.models import Q, QuerySet, Value

from applications.checks.findings import Problem, stop, warn
from applications.checks.sheet import Line, Sheet
from applications.models import Project, Submission, SubmissionLine, SubmissionMaterial
from applications.states import State

DAYS = 3
SHARE = Decimal("0.005")
CENT = Decimal("0.01")
AT_ONCE = 50  # near matches asked for in one query
ALIKE = 0.85
GIVEN_UP = (State.DECLINED, State.WITHDRAWN, State.LAPSED)
OF_ONE_PROJECT = ("invoices", "contracts", "payments", "nameplates")  # papers that belong to one project alone


def lines_with(column: str, keys: Iterable[str]) -> QuerySet[SubmissionLine]:
    """Submitted lines of all years with one of these keys, by the column's index."""
    return SubmissionLine.objects.filter(**{f"{column}__in": list(keys)}).order_by()


def lines_near(line: Line) -> Q:
    """Same seller, at most three days and half a percent of the amount apart, by one index."""
    low = (line.amount * (1 - SHARE)).quantize(CENT, ROUND_CEILING)
    high = (line.amount * (1 + SHARE)).quantize(CENT, ROUND_FLOOR)
    days = [line.invoiced_on + timedelta(days=shift) for shift in range(-DAYS, DAYS + 1)]
    return Q(seller_key=line.seller_key, invoiced_on__in=days, amount__gte=low, amount__lte=high)


def counting(sheet: Sheet, submissions: Iterable[int]) -> set[int]:
    """Of these submissions those that count against this filing: what other projects claim now.

    A project the same enterprise gave up, or was refused, may be filed anew.
    """
    rows = Submission.objects.filter(pk__in=set(submissions), current_of__isnull=False)
    rows = rows.exclude(project=sheet.project.pk).exclude(project__state=State.DRAFT)
    own = Q(project__enterprise=sheet.project.enterprise_id)
    return set(rows.exclude(own & Q(project__state__in=GIVEN_UP)).values_list("pk", flat=True))


def filed_before(sheet: Sheet, submissions: set[int]) -> set[int]:
    """Of these submissions those of projects first filed before this one: who came first is warned, not stopped."""
    if sheet.first_at is None or not submissions:
        return submissions
    rows = Submission.objects.filter(pk__in=submissions, project__submissions__sequence=1)
    return set(rows.filter(project__submissions__submitted_at__lt=sheet.first_at).values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class Claims:
    """What other filings claim of this one's invoices and machines. `hits`: (column, key, submission); `count`: the
    submissions of them that count; `first`: those filed before this one."""

    hits: list[tuple[str, str, int]]
    count: set[int]
    first: set[int]

    def taken(self, column: str) -> tuple[set[str], set[str]]:
        """Keys that another project claims too: all, and those claimed there first."""
        mine = [(key, pk) for name, key, pk in self.hits if name == column]
        return {key for key, pk in mine if pk in self.count}, {key for key, pk in mine if pk in self.first}


def claims_of(sheet: Sheet) -> Claims:
    """Asked once for invoices and machines together."""
    if "claims" not in sheet.asked:
        hits = _hits(sheet)
        count = counting(sheet, (pk for _, _, pk in hits)) if hits else set()
        sheet.asked["claims"] = Claims(hits, count, filed_before(sheet, count))
    return sheet.asked["claims"]


def _hits(sheet: Sheet) -> list[tuple[str, str, int]]:
    parts = []
    for column in ("invoice_key", "serial_key"):
        wanted = {key for line in sheet.lines if (key := getattr(line, column))}
        rows = lines_with(column, wanted).exclude(submission__in=sheet.own)
        parts += [rows.values_list(Value(column), column, "submission")] if wanted else []
    return list(parts[0].union(*parts[1:], all=True)) if parts else []


def same_invoice(sheet: Sheet) -> Iterator[Problem]:
    taken, first = claims_of(sheet).taken("invoice_key")
    for line in sheet.lines:
        if line.invoice_key in taken:
            yield (stop if line.invoice_key in first else warn)(
                f"第 {line.position} 行的发票 {line.invoice_key} 已在另一个项目中申报。"
            )


def same_machine(sheet: Sheet) -> Iterator[Problem]:
    taken, first = claims_of(sheet).taken("serial_key")
    for line in sheet.lines:
        if line.serial_key in taken:
            yield (stop if line.serial_key in first else warn)(
                f"第 {line.position} 行的设备编号 {line.serial_key} 已在另一个项目中申报。"
            )


def same_file(sheet: Sheet) -> Iterator[Problem]:
    """The same bytes in another project: any paper of another enterprise, papers of one project also of its own."""
    if not sheet.files:
        return
    names = {sha: name for sha, _, name in sheet.files}
    bound = {sha for sha, code, _ in sheet.files if code in OF_ONE_PROJECT}
    rows = SubmissionMaterial.objects.filter(file__sha256__in=names).exclude(submission__in=sheet.own).order_by()
    hits = list(rows.values_list("file__sha256", "submission", "submission__project__enterprise").distinct())
    count = counting(sheet, (pk for _, pk, _ in hits)) if hits else set()
    own = sheet.project.enterprise_id
    for sha in sorted({sha for sha, pk, who in hits if pk in count and (who != own or sha in bound)}):
        yield warn(f"材料“{names[sha]}”的文件与另一个项目的文件内容完全相同。")


def near_invoice(sheet: Sheet) -> Iterator[Problem]:
    dated = [line for line in sheet.lines if line.seller_key and line.invoiced_on and line.amount]
    for first in range(0, len(dated), AT_ONCE):
        part = dated[first : first + AT_ONCE]
        asked = Q()
        for line in part:
            asked |= lines_near(line)
        near = SubmissionLine.objects.filter(asked).exclude(submission__in=sheet.own).order_by()
        rows = list(near.only("submission_id", "invoice_key", "seller_key", "invoiced_on", "amount"))
        count = counting(sheet, (row.submission_id for row in rows)) if rows else set()
        yield from _near(part, [row for row in rows if row.submission_id in count])


def _near(lines: list[Line], rows: list[SubmissionLine]) -> Iterator[Problem]:
    for line in lines:
        if any(is_near(line, row) for row in rows):
            yield warn(
                f"第 {line.position} 行与另一个项目的一行相近：同一销售方，开票相差不超过 {DAYS} 天，金额相差不超过 0.5%。"
            )


def is_near(line: Line, row: SubmissionLine) -> bool:
    """The definition of near; the same invoice is not near but the same, and told by its own rule."""
    same = line.invoice_key and line.invoice_key == row.invoice_key
    return (
        not same
        and line.seller_key == row.seller_key
        and abs((line.invoiced_on - row.invoiced_on).days) <= DAYS
        and abs(line.amount - row.amount) <= line.amount * SHARE
    )


def split_project(sheet: Sheet) -> Iterator[Problem]:
    """Another project of the same enterprise at the same site that shares an invoice or machine, or is named alike."""
    site = _plain(sheet.site)
    if not site:
        return
    own = Project.objects.filter(enterprise=sheet.project.enterprise_id, current_submission__isnull=False)
    own = own.exclude(pk=sheet.project.pk).exclude(state__in=(State.DRAFT, *GIVEN_UP))
    beside = {pk: title for pk, title, place in own.values_list(
        "current_submission", "current_submission__title", "current_submission__site"
    ) if _plain(place) == site}  # fmt: skip
    if not beside:
        return
    if any(pk in beside for _, _, pk in claims_of(sheet).hits):
        yield warn("本单位在同一建设地点另有项目，且有相同的发票或设备，可能是一个项目拆成两个申报。")
    elif any(_alike(sheet.title, title) for title in beside.values()):
        yield warn("本单位在同一建设地点另有名称相近的项目，可能是一个项目拆成两个申报。")


def _plain(text: str) -> str:
    return re.sub(r"[\s,，。.·()\-]", "", unicodedata.normalize("NFKC", text))


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, _plain(one), _plain(other)).ratio() >= ALIKE
