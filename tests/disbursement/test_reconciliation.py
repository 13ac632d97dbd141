"""The bank's statement beside the ledger: imported once, matched one to one, differences explained, months closed."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from core import jobs
from core.delegations import delegate
from core.models import Job, User
from core.models.jobs import JobState
from disbursement.models import BankLine, BankStatement, Explanation, MonthStatement, Payment, Source
from disbursement.queries import differences as shown
from disbursement.services import batches, differences, reconciliation, recoveries, results
from disbursement.services.refusal import Refused
from disbursement.services.results import Paid
from disbursement.sheet_cells import TableRefused
from disbursement.statement_sheet import LAYOUT
from tests.disbursement import situations
from tests.factories import core as people
from tests.factories import disbursement as money
from tests.factories.core import NOW, moment
from tests.questions import Questions

pytestmark = pytest.mark.django_db
HEADS = [column.heading for column in LAYOUT.columns]
TODAY = NOW.date()


def workbook(*rows, heads=HEADS):
    book = Workbook()
    for row in (heads, *rows):
        book.active.append(list(row))
    held = io.BytesIO()
    book.save(held)
    return SimpleUploadedFile("流水.xlsx", held.getvalue())


def line(amount, receipt="", tail="0001", way="支出", on=TODAY, memo=""):
    return (on, way, amount, receipt, "沈阳示例企业", f"000000000000{tail}", memo)


def imported(team, *rows, at=NOW):
    return reconciliation.import_statement(workbook(*rows), name="技改专户", actor=team.officer, at=at)


@pytest.fixture
def team():
    return money.team()


@pytest.fixture
def paid(team):
    """Two payments of 750,000 元 with the receipts HD<pk>."""
    money.pool()
    instalments = money.payable(team, 2, investment=10_000_000)
    batch = money.sent(batches.prepare_batch(instalments, actor=team.officer, at=NOW), team)
    answers = {p.pk: Paid(f"HD{p.pk}") for p in batch.payments.all()}
    results.record_results(batch, answers, key="示例", actor=team.officer, at=NOW)
    return list(Payment.objects.order_by("pk"))


# --- matching ---------------------------------------------------------------------------------------------------------


def test_a_receipt_number_with_its_amount_finds_its_payment(team, paid):
    imported(team, line(750_000, f"HD{paid[1].pk}"))
    found = BankLine.objects.get()
    assert (found.payment, found.matched_by) == (paid[1], reconciliation.BY_RECEIPT)


def test_amount_tail_and_day_match_only_where_one_thing_fits(team, paid):
    imported(team, line("750,000.00"))
    assert not BankLine.objects.get().is_matched  # two payments of the same amount to accounts of the same tail
    imported(team, line(750_000, f"HD{paid[0].pk}", memo="第二次"))
    assert BankLine.objects.filter(payment=paid[1], matched_by=reconciliation.BY_ACCOUNT).exists()


@pytest.mark.parametrize(
    "row",
    [line(749_999, "HD?"), line(750_000, tail="9999"), line(750_000, on=TODAY - timedelta(days=6)),
     line(750_000, way="收入")],
)  # fmt: skip
def test_what_differs_in_amount_account_day_or_way_is_left_open(team, paid, row):
    Payment.objects.filter(pk=paid[1].pk).update(amount=1)
    row = (*row[:3], row[3].replace("?", str(paid[0].pk)), *row[4:])
    imported(team, row)
    assert not BankLine.objects.get().is_matched


def test_returned_money_other_spending_and_receipts_are_matched_too(team, paid):
    results.record_return(paid[0], "户名不符", actor=team.officer, at=NOW)
    spent = money.spent(money.pool(Source.CITY, received=8_000_000), 300_000, by=team)
    rows = [
        line(750_000, way="收入", on=TODAY),
        line(300_000, spent.receipt_number),
        line(8_000_000, way="收入", on=date(2026, 1, 5)),
    ]
    imported(team, *rows)
    found = {one.amount: (one.payment, one.spending, one.budget_line) for one in BankLine.objects.all()}
    assert found[Decimal(750_000)][0] == paid[0] and found[Decimal(300_000)][1] == spent
    assert found[Decimal(8_000_000)][2].amount == 8_000_000


# --- once -------------------------------------------------------------------------------------------------------------


def test_the_same_file_and_the_same_rows_count_once(team, paid):
    file = workbook(line(750_000, f"HD{paid[0].pk}"))
    reconciliation.import_statement(file, name="技改专户", actor=team.officer, at=NOW)
    with pytest.raises(Refused, match="导入过"):
        reconciliation.import_statement(file, name="技改专户", actor=team.officer, at=NOW)
    _, fresh, known = imported(team, line(750_000, f"HD{paid[0].pk}"), line(1, "新"))
    assert (fresh, known, BankLine.objects.count()) == (1, 1, 2)


def test_two_equal_rows_of_one_file_are_two_movements(team, paid):
    _, fresh, _ = imported(team, line(750_000), line(750_000))
    assert fresh == 2


def test_a_wrong_row_keeps_the_whole_file_out_and_says_why(client, team, paid):
    client.force_login(team.officer)
    file = workbook(line(750_000), ("昨天", "转出", "12.345", "", "", "账号", ""))
    page = client.post(reverse("bank-statements"), {"name": "技改专户", "file": file}).content.decode()
    for words in ("日期不正确", "支出、收入", "两位小数", "对方账号应为数字"):
        assert words in page
    assert not BankStatement.objects.exists()


def test_a_movement_of_tomorrow_is_refused(team):
    with pytest.raises(TableRefused) as refused:
        imported(team, line(1, on=TODAY + timedelta(days=1)))
    assert [fault.wrong for fault in refused.value.faults] == ["交易日期晚于今天。"]


def test_what_is_no_workbook_of_ours_is_refused(team):
    for file in (
        SimpleUploadedFile("a.xlsx", b""),
        SimpleUploadedFile("a.xlsx", b"PK no"),
        workbook(heads=["甲", "乙"]),
    ):
        with pytest.raises(TableRefused):
            reconciliation.import_statement(file, name="技改专户", actor=team.officer, at=NOW)


def test_the_template_is_the_workbook_that_is_read(client, team):
    client.force_login(team.officer)
    content = client.get(reverse("bank-statement-template")).content
    assert [cell.value for cell in load_workbook(io.BytesIO(content)).worksheets[0][1]] == HEADS


# --- differences ------------------------------------------------------------------------------------------------------


def in_the_bank(team):
    return shown.in_the_bank(team.officer, shown.Pending.now(team.officer))


def in_the_ledger(team):
    return shown.in_the_ledger(team.officer, shown.Pending.now(team.officer))


def kinds(found):
    return [(one.slug, one.kind, one.amount) for one in found]


def test_each_kind_of_difference_is_named(team, paid):
    first, second = paid
    Payment.objects.filter(pk=second.pk).update(amount=700_000)  # else its amount would fit the double
    imported(team, line(750_000, f"HD{first.pk}"), line(749_999, f"HD{second.pk}"), line(88, "不明"))
    imported(team, line(750_000, f"HD{first.pk}", memo="又一次"))
    assert kinds(in_the_bank(team)) == [
        ("line", "金额不符", 749_999), ("line", "台账没有", 88), ("line", "重复", 750_000),
    ]  # fmt: skip
    assert kinds(in_the_ledger(team)) == [("payment", "银行没有", 700_000)]


def test_money_back_and_money_received_are_missed_too(team, paid):
    results.record_return(paid[0], "户名不符", actor=team.officer, at=NOW)
    money.brought(paid[0].pool, "receipt", 5_000_000, by=team)
    project = situations.revoked(paid[1].project)
    recovery = recoveries.demand(project.recoveries.get(), number="示例追〔2026〕1号", actor=team.lead, at=NOW)
    recoveries.record_receipt(
        recovery, amount=Decimal(100), receipt_number="R1", on=TODAY, actor=team.finance_officer, at=NOW
    )
    imported(team, *(line(750_000, f"HD{one.pk}") for one in paid))
    assert sorted(slug for slug, _, _ in kinds(in_the_ledger(team))) == [
        "budget-line", "payment", "recovery-receipt",
    ]  # fmt: skip


def test_a_difference_stands_open_until_a_second_person_closed_it(client, team, paid):
    imported(team, line(750_000, f"HD{paid[0].pk}"), line(88, "不明"))
    stray = BankLine.objects.get(amount=88)
    client.force_login(team.officer)
    said = {"words": "银行手续费", "document_number": "回单88"}
    client.post(reverse("difference-explain", args=["line", stray.pk]), said)
    explanation = Explanation.objects.get()
    assert [one.thing for one in in_the_bank(team)] == [stray]
    assert client.post(reverse("difference-close", args=[explanation.pk])).status_code == 403

    client.force_login(team.finance_officer)
    assert client.post(reverse("difference-close", args=[explanation.pk])).status_code == 302
    assert in_the_bank(team) == []
    page = client.get(reverse("bank-statements")).content.decode()
    assert "没有对不上的银行流水" in page and "银行手续费" in page


def test_what_a_stand_in_explained_counts_as_the_hand_of_the_absent(team, paid):
    imported(team, line(88, "不明"))
    absent, day = people.finance_officer(), timezone.localdate()
    delegate(absent, team.finance_officer, from_on=day, to_on=day, reason="休假", actor=absent, at=timezone.now())
    stand_in = User.objects.get(pk=team.finance_officer.pk)
    stand_in._acts_for = absent
    made = differences.explain(BankLine.objects.get(), "手续费", actor=stand_in, at=NOW)

    with pytest.raises(PermissionDenied):
        differences.close_difference(made, actor=User.objects.get(pk=absent.pk), at=NOW)


def test_an_explanation_that_does_not_hold_falls(client, team, paid):
    imported(team, line(88, "不明"))
    made = differences.explain(BankLine.objects.get(), "手续费", actor=team.officer, at=NOW)
    client.force_login(team.finance_officer)
    client.post(reverse("difference-refuse", args=[made.pk]), {"reason": "没有回单。"})
    [difference] = in_the_bank(team)
    assert (difference.explanation, made.verdict.holds) == (None, False)
    assert differences.explain(BankLine.objects.get(), "银行已冲回", actor=team.officer, at=NOW) != made


def test_a_matched_line_and_an_explained_one_are_not_explained(team, paid):
    imported(team, line(750_000, f"HD{paid[0].pk}"))
    matched = BankLine.objects.get()
    with pytest.raises(Refused, match="已经勾对"):
        differences.explain(matched, "手续费", actor=team.officer, at=NOW)
    differences.explain(paid[1], "银行次日入账", actor=team.officer, at=NOW)
    with pytest.raises(Refused, match="已经说明过"):
        differences.explain(paid[1], "又一次", actor=team.officer, at=NOW)


def test_what_the_bank_shows_is_not_explained(team, paid):
    imported(team, line(750_000, f"HD{paid[0].pk}"))

    with pytest.raises(Refused, match="没有差异"):
        differences.explain(paid[0], "银行次日入账", actor=team.officer, at=NOW)


def closed_by_two(team, thing, at=NOW):
    made = differences.explain(thing, "银行次日入账", actor=team.officer, at=at)
    return differences.close_difference(made, actor=team.finance_officer, at=at)


def test_what_came_back_after_a_closure_is_a_difference_of_its_own(team, paid):
    imported(team, line(750_000, f"HD{paid[0].pk}"))
    closed_by_two(team, paid[1])
    imported(team, line(1, "次日", on=TODAY + timedelta(days=1)), at=moment(days=1))
    assert in_the_ledger(team) == []

    results.record_return(paid[1], "户名不符", actor=team.officer, at=moment(days=1))

    [found] = in_the_ledger(team)
    assert (found.thing, found.outgoing, found.on) == (paid[1], False, TODAY + timedelta(days=1))
    closed_by_two(team, paid[1], at=moment(days=1))
    assert in_the_ledger(team) == []


def test_what_came_back_counts_on_the_day_it_came_back(team, paid):
    imported(team, *(line(750_000, f"HD{one.pk}") for one in paid))
    Payment.objects.filter(pk=paid[0].pk).update(paid_at=moment(days=-40))

    results.record_return(paid[0], "户名不符", actor=team.officer, at=NOW)
    results.record_return(paid[1], "户名不符", actor=team.officer, at=moment(days=1))

    assert [(one.thing, one.on) for one in in_the_ledger(team)] == [(paid[0], TODAY)]


def test_a_reason_too_long_for_its_column_is_refused_at_its_field(client, team, paid):
    imported(team, line(88, "不明"))
    made = differences.explain(BankLine.objects.get(), "手续费", actor=team.officer, at=NOW)
    client.force_login(team.finance_officer)

    answer = client.post(reverse("difference-refuse", args=[made.pk]), {"reason": "长" * 201})

    assert answer.status_code == 422 and "长" * 201 in answer.content.decode()
    assert client.post(reverse("difference-refuse", args=[made.pk]), {"reason": "长" * 200}).status_code == 302


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_the_same_whatever_it_holds(client, team, paid, rows):
    imported(team, *(line(n + 1, f"不明{n}") for n in range(rows)))
    client.force_login(team.officer)
    client.get(reverse("bank-statements"))
    with Questions() as asked:
        client.get(reverse("bank-statements"))
    assert asked.count == 17


# --- months -----------------------------------------------------------------------------------------------------------


def closed(team, pool, month=TODAY, at=None):
    return reconciliation.close_month(pool, month, actor=team.finance_officer, at=at or moment(days=40))


def test_a_month_is_opening_movements_and_closing_of_the_ledger(team, paid):
    imported(team, line(750_000, f"HD{paid[0].pk}"))
    made = closed(team, paid[0].pool)
    cash, promised = made.figures["cash"], made.figures["paid"]
    assert (cash["came"], cash["went"], cash["closing"]) == ("100000000.00", "1500000.00", "98500000.00")
    assert (promised["opening"], promised["closing"]) == ("0.00", "1500000.00")
    assert (made.bank_paid, made.bank_open) == (750_000, 1)


def test_a_month_counts_what_the_page_of_differences_shows_of_its_pool(team, paid):
    imported(team, *(line(750_000, f"HD{one.pk}") for one in paid))
    results.record_return(paid[0], "户名不符", actor=team.officer, at=NOW)
    money.brought(paid[0].pool, "receipt", 5_000_000, by=team)
    money.brought(money.pool(Source.CITY), "receipt", 1_000_000, by=team)
    shown_here = [one for one in in_the_ledger(team) if one.amount != 1_000_000]

    assert closed(team, paid[0].pool).bank_open == len(shown_here) == 2


def test_the_next_month_opens_with_the_closing_of_the_last(team, paid):
    first = closed(team, paid[0].pool)
    following = closed(team, paid[0].pool, month=date(2026, 4, 1), at=moment(days=70))
    assert {name: one["closing"] for name, one in first.figures.items()} == {
        name: one["opening"] for name, one in following.figures.items()
    }


def test_a_month_is_closed_once_and_when_it_is_over(team, paid):
    with pytest.raises(Refused, match="还没有结束"):
        closed(team, paid[0].pool, at=NOW)
    closed(team, paid[0].pool)
    with pytest.raises(Refused, match="已经编制"):
        closed(team, paid[0].pool)


def test_its_papers_are_made_by_jobs_and_downloaded(client, team, paid):
    client.force_login(team.finance_officer)
    made = closed(team, paid[0].pool)
    assert "月结单 PDF正在生成" in client.get(made.get_absolute_url()).content.decode()
    for job in Job.objects.filter(kind__startswith="month."):
        jobs.run(job.pk)
    assert set(Job.objects.filter(kind__startswith="month.").values_list("state", flat=True)) == {JobState.DONE}
    assert "下载 PDF" in client.get(made.get_absolute_url()).content.decode()
    for form in ("pdf", "excel"):
        answer = client.get(reverse("month-file", args=[made.pk, form]))
        assert answer.status_code == 200 and b"".join(answer.streaming_content)


def test_the_pages_form_closes_a_month(client, team, paid):
    client.force_login(team.finance_officer)
    client.post(reverse("month-close", args=[paid[0].pool_id]), {"month": "2026年3月"})
    assert MonthStatement.objects.get().month == date(2026, 3, 1)
    page = client.post(reverse("month-close", args=[paid[0].pool_id]), {"month": "三月"}).content.decode()
    assert MonthStatement.objects.count() == 1
    assert "请按 2026-03 的样子填写月份。" in page and 'value="三月"' in page
