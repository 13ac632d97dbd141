"""The conditions of the call (申报条件) as checks: the bureau set what is asked and how much it weighs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

from applications.checks import applicant, payments
from applications.checks.findings import Finding, Problem, by_hand, heaviest, joined, rows_of
from applications.checks.sheet import Sheet
from applications.facts import conditions
from applications.models import CallRule, CheckOutcome, RuleKind, RuleWeight
from core.money import yuan

OUTCOME = {
    RuleWeight.HARD: CheckOutcome.STOP, RuleWeight.HINT: CheckOutcome.WARN, RuleWeight.MANUAL: CheckOutcome.MANUAL,
}  # fmt: skip
NOT_NEW = re.compile(r"二手|旧设备|翻新|再制造|自制|办公|打印机|复印机|空调|家具|投影仪|笔记本电脑|轿车|商务车")
Found = str | Problem  # words weigh what the call says; a problem has its own weight
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
    found = list(check(sheet, rule)) if check else [by_hand("请人工核对。")]
    if not found:
        return Finding(key_of(rule), label, condition.clause, condition.section, CheckOutcome.OK, asked, "")
    weight = OUTCOME[RuleWeight(rule.weight)]
    problems = [one if isinstance(one, Problem) else Problem(weight, one) for one in found]
    words = joined([problem.found for problem in problems])
    said = f"{words}{asked}" if check else f"{asked}{words}"
    outcome = heaviest(problems)
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


def contract_window(sheet: Sheet, rule: CallRule) -> Iterator[Found]:
    yield from _dates(sheet, rule, "contracted_on", "合同签订日期", "合同")


def payment_window(sheet: Sheet, rule: CallRule) -> Iterator[Found]:
    yield from _dates(sheet, rule, "paid_on", "付款日期", "付款凭证")


def _dates(sheet: Sheet, rule: CallRule, column: str, name: str, paper: str) -> Iterator[Found]:
    """Days outside the window; a line that was ordered and does not say its day is left to a person."""
    days = [(line, getattr(line, column)) for line in sheet.lines if line.is_bought]
    outside = [line for line, day in days if day and not conditions.is_within(day, rule)]
    if outside:
        yield f"第 {rows_of(outside)} 行的{name}不在期间内。"
    unsaid = [line for line, day in days if line.is_ordered and not day]
    if unsaid:
        yield by_hand(f"第 {rows_of(unsaid)} 行没有填写{name}，请对照{paper}人工核对。")


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


def _found(problems: Iterator[Problem]) -> Iterator[str]:
    return (problem.found for problem in problems)


CHECKS: dict[str, Callable[[Sheet, CallRule], Iterator[Found]]] = {
    RuleKind.LEAST_INVESTMENT: least_investment,
    RuleKind.FILING_WINDOW: filing_window,
    RuleKind.INVOICE_WINDOW: invoice_window,
    RuleKind.CONTRACT_WINDOW: contract_window,
    RuleKind.PAYMENT_WINDOW: payment_window,
    RuleKind.PAYMENTS: payments.payments,
    RuleKind.ABOVE_SCALE: above_scale,
    RuleKind.STATISTICS: statistics,
    RuleKind.CREDIT_REPORT: credit_report,
    RuleKind.UNFINISHED: unfinished,
    RuleKind.OTHER_CENTRAL: other_central,
    RuleKind.SECOND_HAND: second_hand,
}
