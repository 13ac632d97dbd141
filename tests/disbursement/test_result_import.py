"""The bank's answers from a workbook: booked whole or not at all, wrong rows told, the same file twice changes nothing."""

from __future__ import annotations

import io

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from core import files, jobs
from core.models import Job
from core.sheets import workbook_of
from disbursement.models import Instalment, JournalEntry, Payment, PaymentBatch, ResultImport
from disbursement.result_sheet import LAYOUT
from disbursement.services import batches
from disbursement.services.refusal import Refused
from disbursement.services.result_import import ask_import, book_results, read_results
from disbursement.sheet_cells import TableRefused
from disbursement.states import BatchState, InstalmentState, PaymentState
from tests.factories import core as people
from tests.factories import disbursement as money
from tests.factories.core import NOW, moment
from tests.questions import Questions

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return money.team()


@pytest.fixture
def batch(team):
    money.pool()
    return money.sent(batches.prepare_batch(money.payable(team, 2), actor=team.officer, at=NOW), team)


def row(payment, outcome="已到账", **changed):
    said = {
        "key": str(payment.pk), "batch": payment.batch.number, "holder": payment.account_holder, "amount": payment.amount,
        "outcome": outcome, "receipt": f"HD{payment.pk}" if outcome == "已到账" else "",
        "reason": "" if outcome == "已到账" else "账号有误",
    }  # fmt: skip
    return said | changed


def sheet(*rows):
    return SimpleUploadedFile("结果.xlsx", workbook_of(rows, LAYOUT))


def imported(batch, team, *rows, at=NOW):
    return import_of(batch, sheet(*rows), actor=team.officer, at=at)


def import_of(batch, upload, *, actor, at=NOW):
    stored = files.store(upload, kind="bank_result", by=actor, at=at)
    return book_results(batch, stored, read_results(stored), actor=actor, at=at)


def two(batch):
    return batch.payments.order_by("pk")


def states(batch):
    return [payment.state for payment in two(batch)]


def test_paid_and_failed_are_booked_and_the_batch_is_complete(batch, team):
    one, other = two(batch)
    made = imported(batch, team, row(one), row(other, "支付失败"))
    assert states(batch) == [PaymentState.PAID, PaymentState.FAILED]
    assert (made.paid, made.failed, PaymentBatch.objects.get().state) == (1, 1, BatchState.COMPLETED)
    assert Instalment.objects.get(lines=other.line).state == InstalmentState.PLANNED


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"key": "999999"}, "没有这个支付编号"),
        ({"batch": "2020-001"}, "批次 2020-001 的结果"),
        ({"amount": 1}, "金额与本批次不一致"),
        ({"holder": "别的公司"}, "户名与本批次不一致"),
        ({"receipt": ""}, "须填写回单号"),
        ({"outcome": "支付失败", "reason": ""}, "须写明原因"),
    ],
)
def test_one_wrong_row_books_nothing_and_is_told(batch, team, wrong, words):
    one, other = two(batch)
    entries = JournalEntry.objects.count()
    with pytest.raises(TableRefused) as refused:
        imported(batch, team, row(one), row(other, **wrong))
    assert [(fault.row, words in fault.wrong) for fault in refused.value.faults] == [(3, True)]
    assert states(batch) == [PaymentState.SENT] * 2 and JournalEntry.objects.count() == entries


def test_a_payment_or_receipt_twice_is_told(batch, team):
    one, other = two(batch)
    with pytest.raises(TableRefused) as refused:
        imported(batch, team, row(one), row(one), row(other, receipt=f"HD{one.pk}"))
    assert ["两次" in fault.wrong for fault in refused.value.faults] == [True, True]


def test_the_same_file_twice_changes_nothing(batch, team):
    upload = sheet(*[row(payment) for payment in two(batch)])
    import_of(batch, upload, actor=team.officer)
    entries = JournalEntry.objects.count()
    with pytest.raises(Refused, match="没有重复记账"):
        import_of(batch, upload, actor=team.officer)
    assert (JournalEntry.objects.count(), ResultImport.objects.count()) == (entries, 1)


def test_another_file_that_says_the_same_changes_nothing(batch, team):
    one, other = two(batch)
    imported(batch, team, row(one))
    made = imported(batch, team, row(one), row(other))
    assert (made.paid, made.known, states(batch)) == (1, 1, [PaymentState.PAID] * 2)


def test_an_answer_against_what_is_booked_is_told(batch, team):
    one, _ = two(batch)
    imported(batch, team, row(one))
    with pytest.raises(TableRefused) as refused:
        imported(batch, team, row(one, "支付失败"))
    assert "已记为“已到账”" in refused.value.faults[0].wrong


def test_money_sent_back_is_payable_again(batch, team):
    one, other = two(batch)
    imported(batch, team, row(one), row(other))
    made = imported(batch, team, row(one, "退票"), at=moment(days=2))
    assert (made.returned, states(batch)[0]) == (1, PaymentState.RETURNED)
    assert Instalment.objects.get(lines=one.line).state == InstalmentState.PLANNED


def test_money_that_never_arrived_is_failed_with_the_reason(batch, team):
    one, _ = two(batch)
    imported(batch, team, row(one, "退票"))
    payment = Payment.objects.get(pk=one.pk)
    assert (payment.state, payment.reason) == (PaymentState.FAILED, "退票：账号有误")


def test_a_file_that_repeats_money_sent_back_and_adds_a_row_is_booked(batch, team):
    one, other = two(batch)
    imported(batch, team, row(one, "退票"))
    made = imported(batch, team, row(one, "退票"), row(other))
    assert (made.known, made.paid, states(batch)) == (1, 1, [PaymentState.FAILED, PaymentState.PAID])


def test_one_import_asks_for_one_job_of_notices(batch, team):
    imported(batch, team, *[row(payment) for payment in two(batch)])
    assert Job.objects.filter(kind="payment.notices").count() == 1


def test_nobody_else_imports(batch):
    for actor in (people.finance_officer(), people.supervisor(), people.approver()):
        with pytest.raises(PermissionDenied):
            ask_import(batch, sheet(row(two(batch)[0])), actor=actor, at=NOW)


def asked(client, address, batch, **posted):
    """The job that a page asked for, done."""
    answer = client.post(reverse(address, args=[batch.pk]), posted)
    job = Job.objects.latest("created_at")
    assert answer.headers["Location"] == reverse("job", args=[job.pk])
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


def test_the_template_comes_filled_in_and_goes_back_in(client, batch, team):
    client.force_login(team.officer)
    made = asked(client, "batch-results-template", batch).result_file
    book = load_workbook(io.BytesIO(files.read_stored(made)))
    page = book.worksheets[0]
    assert [page.cell(line, 1).value for line in (2, 3)] == [str(payment.pk) for payment in two(batch)]
    for line in (2, 3):
        page.cell(line, 5).value, page.cell(line, 6).value = "已到账", f"HD{line}"
    kept = io.BytesIO()
    book.save(kept)
    job = asked(client, "batch-results-import", batch, file=SimpleUploadedFile("a.xlsx", kept.getvalue()))
    assert (states(batch), job.state, "到账 2 笔" in job.message) == ([PaymentState.PAID] * 2, "done", True)


def test_the_page_lists_what_is_wrong_row_by_row_until_the_file_is_right(client, batch, team):
    client.force_login(team.officer)
    one, _ = two(batch)
    job = asked(client, "batch-results-import", batch, file=sheet(row(one, amount=5)))
    page = client.get(job.back_url).content.decode()
    assert "1 处需要改正" in job.message and states(batch) == [PaymentState.SENT] * 2
    assert "需要改正的地方" in page and "金额与本批次不一致" in page
    asked(client, "batch-results-import", batch, file=sheet(row(one)))
    assert "需要改正的地方" not in client.get(job.back_url).content.decode()


def test_a_file_imported_before_is_refused_on_its_page(client, batch, team):
    client.force_login(team.officer)
    upload = sheet(*[row(payment) for payment in two(batch)])
    asked(client, "batch-results-import", batch, file=upload)
    upload.seek(0)
    answer = client.post(reverse("batch-results-import", args=[batch.pk]), {"file": upload})
    assert "没有重复记账" in answer.content.decode() and Job.objects.filter(kind="batch.results").count() == 1


def test_an_import_whose_worker_died_after_booking_is_done_once(batch, team):
    job = ask_import(batch, sheet(*[row(payment) for payment in two(batch)]), actor=team.officer, at=NOW)
    jobs.run(job.pk)
    entries = JournalEntry.objects.count()
    Job.objects.filter(pk=job.pk).update(state="waiting", finished_at=None)
    jobs.run(job.pk)
    assert (Job.objects.get(pk=job.pk).state, JournalEntry.objects.count()) == ("done", entries)


@pytest.mark.parametrize("outcome", ["已到账", "支付失败", "退票"])
def test_an_import_asks_as_much_for_three_as_for_one(outcome):
    money.pool()
    counts = []
    for parts in (1, 3):
        team = money.team()
        batch = money.sent(batches.prepare_batch(money.payable(team, parts), actor=team.officer, at=NOW), team)
        if outcome == "退票":
            imported(batch, team, *[row(payment) for payment in batch.payments.all()])
        upload = sheet(*[row(payment, outcome) for payment in batch.payments.all()])
        with Questions() as asked_of:
            import_of(batch, upload, actor=team.officer)
        counts.append(asked_of.count)
    assert counts[0] == counts[1]
