"""The conditions of the call (申报条件) as checks: the bureau set what is asked and how much it weighs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

from applications.checks import applicant
from applications.checks.findings import SHOWN, Finding, Problem, joined
from applications.checks.sheet import Line, Sheet
from applications.facts import conditions
from applications.models import CallRule, CheckOutcome, RuleKind, RuleWeight
from core.money import yuan

OUTCOME = {
    RuleWeight.HARD: CheckOutcome.STOP, RuleWeight.HINT: CheckOutcome.WARN, RuleWeight.MANUAL: CheckOutcome.MANUAL,
}  # fmt: skip
NOT_NEW = re.compile(r"二手|旧设备|翻新|再制造|自制|办公|打印机|复印机|空调|家具|投影仪|笔记本电脑|轿车|商务车")
STATISTICS = "statistics"  # the code of its entry in the material list


def answers(sheet: Sheet) -> list[Finding]:
    """What the conditions of the call say of a filing, in the order of the call."""
    return [answer(rule, sheet) for rule in sheet.rules]


def key_of(rule: CallRule) -> str:
    """The key under which an answer is stored; conditions in words are told apart by their place."""
    place = f"_{rule.position}" if rule.kind == RuleKind.OTHER else ""
    return f"call_{rule.kind}{place}"


def answer(rule: CallRule, sheet: Sheet) -> Finding:
    """One condition: its own weight where it is not met; by hand where the portal cannot tell."""
    condition, label = conditions.CATALOGUE[rule.kind], str(RuleKind(rule.kind).label)
    asked = f"通知要求：{conditions.words(rule)}。"
    check = CHECKS.get(rule.kind)
    found = [f"{asked}请人工核对。"] if check is None else list(check(sheet, rule))
    if not found:
        return Finding(key_of(rule), label, condition.clause, condition.section, CheckOutcome.OK, asked, "")
    said = found[0] if check is None else f"{joined(found)}{asked}"
    outcome = OUTCOME[RuleWeight(rule.weight)]
    return Finding(key_of(rule), label, condition.clause, condition.section, outcome, said, condition.todo)


# --- what each finds; nothing found is a condition met ----------------------------------------------------------------


def least_investment(sheet: Sheet, rule: CallRule) -> Iterator[str]:
    counted = sheet.totals.eligible
    if sheet.lines and rule.amount is not None and counted < rule.amount:
        yield f"计入的投资合计 {yuan(counted)} 元。"


def filing_window(sheet: Sheet, rule: CallRule) -> Iterator[str]:
    if sheet.filing_date is None:
        yield "还没有填写备案日期。"
    elif not conditions.is_within(sheet.filing_date, rule):
        yield f"备案日期是 {sheet.filing_date:%Y-%m-%d}。"


def invoice_window(sheet: Sheet, rule: CallRule) -> Iterator[str]:
    outside = [line for line in sheet.lines if line.invoiced_on and not conditions.is_within(line.invoiced_on, rule)]
    if outside:
        yield f"第 {rows_of(outside)} 行的开票日期不在期间内。"


def above_scale(sheet: Sheet, rule: CallRule) -> Iterator[str]:
    if not sheet.above_scale:
        yield "企业档案没有标明规上工业企业。"


def statistics(sheet: Sheet, rule: CallRule) -> Iterator[str]:
    if all(code != STATISTICS for _, code, _ in sheet.files):
        yield "没有上传纳统证明。"


def credit_report(sheet: Sheet, rule: CallRule) -> Iterator[str]:
    """Counted back from the day of the first submission, so that a correction does not age the report."""
    queried = sheet.credit_report_date
    if queried is None:
        yield "还没有填写信用报告的查询日期。"
    elif queried > sheet.on:
        yield f"信用报告的查询日期 {queried:%Y-%m-%d} 晚于今天。"
    elif queried < (sheet.first_on or sheet.on) - timedelta(days=rule.days or 0):
        yield f"信用报告的查询日期是 {queried:%Y-%m-%d}。"


def unfinished(sheet: Sheet, rule: CallRule) -> Iterator[str]:
    yield from _found(applicant.unfinished(sheet))


def other_central(sheet: Sheet, rule: CallRule) -> Iterator[str]:
    if sheet.received:
        yield f"同一项目已获其他财政支持 {yuan(sheet.received)} 元，资金性质待核。"


def second_hand(sheet: Sheet, rule: CallRule) -> Iterator[str]:
    named = [line for line in sheet.lines if NOT_NEW.search(line.name)]
    if named:
        yield f"第 {rows_of(named)} 行的名称像二手、办公或自制设备。"


def rows_of(lines: list[Line]) -> str:
    """1、4、7 等 12 处."""
    more = f" 等 {len(lines)} 处" if len(lines) > SHOWN else ""
    return "、".join(str(line.position) for line in lines[:SHOWN]) + more


def _found(problems: Iterator[Problem]) -> Iterator[str]:
    return (problem.found for problem in problems)


CHECKS: dict[str, Callable[[Sheet, CallRule], Iterator[str]]] = {
    RuleKind.LEAST_INVESTMENT: least_investment,
    RuleKind.FILING_WINDOW: filing_window,
    RuleKind.INVOICE_WINDOW: invoice_window,
    RuleKind.ABOVE_SCALE: above_scale,
    RuleKind.STATISTICS: statistics,
    RuleKind.CREDIT_REPORT: credit_report,
    RuleKind.UNFINISHED: unfinished,
    RuleKind.OTHER_CENTRAL: other_central,
    RuleKind.SECOND_HAND: second_hand,
}
