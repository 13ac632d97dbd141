"""What care costs with money: a batch of 5,000 instalments beside bare bulk SQL, and check_invariants beside plain sums.

Makes its rows on the database that DATABASE_URL names, inside transactions that are rolled back.
  script/bench money [PROJECTS]      how many projects check_invariants looks over (10 postings each)
"""

from __future__ import annotations

import io
import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

INSTALMENTS = 5_000
PROJECTS = 100_000
RICH = 900_000_000_000  # 元: what the pool of so many projects has
BATCH_BAR = 4
LOOK_BAR = 3


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    call_command("migrate", verbosity=0)
    for measure in (_batch, _look):
        with transaction.atomic():
            measure()
            transaction.set_rollback(True)


def _print(**said: Any) -> None:
    print(json.dumps(said, ensure_ascii=False), flush=True)


def _timed(work: Callable[[], Any]) -> tuple[Any, float, int]:
    """What it gave, its seconds, its queries."""
    from django.db import connection

    asked = 0

    def hook(execute: Any, *args: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(*args)

    with connection.execute_wrapper(hook):
        begun = time.perf_counter()
        given = work()
        return given, time.perf_counter() - begun, asked


# --- a batch --------------------------------------------------------------------------------------------------------


def _batch() -> None:
    from django.db import connection

    from disbursement.bank_file import workbook_of
    from disbursement.models import Instalment
    from disbursement.services import batches
    from tests.factories import disbursement as money
    from tests.factories.clones import cloned
    from tests.factories.core import NOW

    team = money.team()
    money.pool(budget=RICH, received=RICH)
    [first] = money.payable(team)
    cloned(first.award.project, INSTALMENTS - 1)
    instalments = Instalment.objects.filter(position=1)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    marks = _marks()

    def deed() -> bytes:
        batch = batches.prepare_batch(instalments, actor=team.officer, at=NOW)
        batches.send_to_bank(money.released(batch, team), actor=team.officer, at=NOW)
        return workbook_of(batch, batch.payments.select_related("project", "pool__district").order_by("pk"))

    _, whole, queries = _timed(deed)
    kept = _written(marks)
    bare = _bare_sql(kept) + _bare_workbook()
    _print(name=f"a batch of {INSTALMENTS} prepared, released, sent, its bank file made", ratio=round(whole / bare, 2),
           bar=BATCH_BAR, seconds=round(whole, 2), bare=round(bare, 2), queries=queries)  # fmt: skip


def _marks() -> dict[Any, int]:
    """The last key of each table the batch writes to."""
    from django.db.models import Max

    return {model: model._base_manager.aggregate(last=Max("pk"))["last"] or 0 for model in _tables()}


def _tables() -> list[Any]:
    from core.models import AuditEvent, AuditStream, Ground
    from disbursement.models import JournalEntry, LedgerAccount, Payment, Posting

    return [Ground, Payment, AuditEvent, AuditStream, LedgerAccount, JournalEntry, Posting]


def _written(marks: dict[Any, int]) -> dict[str, tuple[int, int, int]]:
    """Per table: its name, where the batch's own rows begin and end, and how many they are."""
    from django.db.models import Max

    return {
        model._meta.db_table: (last, rows.aggregate(last=Max("pk"))["last"] or last, rows.count())
        for model, last in marks.items()
        for rows in [model._base_manager.filter(pk__gt=last)]
    }


def _bare_sql(kept: dict[str, tuple[int, int, int]]) -> float:
    """The same rows once more as bare multi-row INSERT of given values, and the same changes of state as bare UPDATE."""
    from django.db import connection

    seconds = 0.0
    with connection.cursor() as cursor:
        for table, (first, last, _) in kept.items():
            cursor.execute(f"CREATE TEMP TABLE bare (LIKE {table} INCLUDING ALL) ON COMMIT DROP")
            cursor.execute(f"SELECT * FROM {table} WHERE id > %s AND id <= %s", [first, last])
            rows = cursor.fetchall()
            width = len(cursor.description)
            begun = time.perf_counter()
            for start in range(0, len(rows), 500):
                part = rows[start : start + 500]
                row = f"({', '.join(['%s'] * width)})"
                values = [value for one in part for value in one]
                cursor.execute(
                    f"INSERT INTO bare OVERRIDING SYSTEM VALUE VALUES {', '.join([row] * len(part))}", values
                )
            seconds += time.perf_counter() - begun
            cursor.execute("DROP TABLE bare")
        begun = time.perf_counter()
        first, last, _ = kept["disbursement_payment"]
        cursor.execute(
            "UPDATE disbursement_payment SET version = version + 1 WHERE id > %s AND id <= %s", [first, last]
        )
        cursor.execute("UPDATE disbursement_instalment SET version = version + 1 WHERE state = 'in_payment'")
        cursor.execute("UPDATE disbursement_award SET in_payment = in_payment WHERE in_payment > 0")
        return seconds + time.perf_counter() - begun


def _bare_workbook() -> float:
    """The same number of rows and columns written by openpyxl alone."""
    from openpyxl import Workbook

    row = ["1", "1234567", "沈阳市工业和信息化局", "沈阳示例企业0001有限公司", "0000000000000001", "示例银行沈阳支行",
           "000221000000", "750000.00", "中央资金 2026 技术改造", "SYJG-2026-106-001", "技改补助 产线智能化改造0001"]  # fmt: skip
    begun = time.perf_counter()
    book = Workbook(write_only=True)
    sheet = book.create_sheet("拨付")
    for _ in range(INSTALMENTS + 4):
        sheet.append(row)
    book.save(io.BytesIO())
    return time.perf_counter() - begun


# --- what always holds ----------------------------------------------------------------------------------------------

REPLAY_AND_CHAIN = {"8a", "8b", "8c", "10a", "10b"}


def _look() -> None:
    from django.db import connection

    from portal.invariants.registry import all_invariants

    size = int(sys.argv[1]) if len(sys.argv) > 1 else PROJECTS
    postings = _portfolio(size)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    looked = [one for one in all_invariants() if one.key not in REPLAY_AND_CHAIN]
    _, whole, queries = _timed(lambda: [(one.count(), list(one.faults())) for one in looked])
    bare = sum(_scan(one.key) for one in looked)
    _print(name=f"check_invariants over {size} projects and {postings} postings", ratio=round(whole / bare, 2),
           bar=LOOK_BAR, seconds=round(whole, 2), bare=round(bare, 2), queries=queries)  # fmt: skip
    for one in looked:
        _, seconds, _ = _timed(lambda one=one: (one.count(), list(one.faults())))
        scan = _scan(one.key)
        _print(name=f"  {one.key} {one.sentence}", ratio=round(seconds / scan, 2), seconds=round(seconds, 2))


def _portfolio(size: int) -> int:
    """Projects with one half paid and the other on its way, by the services and copied. Returns how many postings."""
    from disbursement.models import Instalment, Posting
    from disbursement.services import batches, results
    from tests.factories import disbursement as money
    from tests.factories.clones import cloned
    from tests.factories.core import NOW

    team = money.team()
    money.pool(budget=RICH, received=RICH)
    [first] = money.payable(team)
    batch = money.sent(batches.prepare_batch([first], actor=team.officer, at=NOW), team)
    given = {payment.pk: results.Paid(f"HD{payment.pk}") for payment in batch.payments.all()}
    results.record_results(batch, given, key="回单", actor=team.officer, at=NOW)
    second = Instalment.objects.filter(award=first.award, position=2)
    second.update(met_at=NOW)
    batches.prepare_batch(second, actor=team.officer, at=NOW)
    cloned(first.award.project, size - 1)
    return Posting.objects.count()


# What each printed line reads: one plain aggregate scan of it is the measure.
READ = {
    "1a": ["core_auditevent", "applications_project", "disbursement_agreement", "disbursement_instalment",
           "disbursement_payment"],
    "1b": ["core_auditevent"], "1c": ["core_auditevent", "applications_projectground"], "1d": ["core_ground"],
    "1e": ["applications_hold"], "2a": ["applications_determination"],
    "2b": ["disbursement_award", "disbursement_awardline"], "2c": ["disbursement_award", "disbursement_awardline"],
    "3a": ["disbursement_award"],
    "3b": ["disbursement_instalment", "disbursement_instalmentline", "disbursement_payment"],
    "3c": ["disbursement_award", "disbursement_payment"],
    "4a": ["disbursement_pool"], "4b": ["disbursement_awardline", "disbursement_payment"],
    "5a": ["disbursement_posting", "disbursement_journalentry"],
    "5b": ["disbursement_posting", "disbursement_ledgeraccount"],
    "5c": ["disbursement_posting", "disbursement_ledgeraccount", "disbursement_award"],
    "6c": ["core_auditevent"], "6e": ["disbursement_paymentbatch"],
    "6f": ["disbursement_payment", "applications_project", "disbursement_agreement"],
    "7b": ["applications_submission", "applications_project"], "7c": ["applications_submission"],
    "7d": ["applications_project"],
}  # fmt: skip


def _scan(key: str) -> float:
    """Seconds of one plain aggregate over each table the invariant reads."""
    from django.db import connection

    with connection.cursor() as cursor:
        begun = time.perf_counter()
        for table in READ.get(key, ["core_ground"]):
            cursor.execute(f"SELECT count(*), sum(id), max(id) FROM {table}")
            cursor.fetchone()
        return time.perf_counter() - begun


if __name__ == "__main__":
    main()
