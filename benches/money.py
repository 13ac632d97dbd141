"""What care costs with money: a batch of 5,000 instalments beside bare bulk SQL, the bank's answers to it from Excel,
and check_invariants beside plain sums.

Makes its rows on the database that DATABASE_URL names, inside transactions that are rolled back.
  script/bench money [PROJECTS]      how many projects check_invariants looks over (10 postings each)
"""

from __future__ import annotations

import io
import json
import os
import re
import sys
import time
from collections.abc import Callable
from typing import Any

INSTALMENTS = 5_000
PROJECTS = 100_000
RICH = 900_000_000_000  # 元: what the pool of so many projects has
BATCH_BAR = 4
LOOK_BAR = 3
ROUNDS = 3  # of each; the middle one counts


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


def _timed(work: Callable[[], Any], tables: set[str] | None = None) -> tuple[Any, float, int]:
    """What it gave, its seconds, its queries; the names of the tables they read are put into `tables`."""
    from django.db import connection

    known, asked = set(connection.introspection.table_names()) if tables is not None else set(), 0

    def hook(execute: Any, sql: str, *args: Any) -> Any:
        nonlocal asked
        asked += 1
        if tables is not None:
            tables.update(known & set(re.findall(r"\w+", sql)))
        return execute(sql, *args)

    with connection.execute_wrapper(hook):
        begun = time.perf_counter()
        given = work()
        return given, time.perf_counter() - begun, asked


# --- a batch --------------------------------------------------------------------------------------------------------


def _batch() -> None:
    from django.db import connection

    from disbursement.models import Instalment
    from tests.factories import disbursement as money
    from tests.factories.clones import cloned

    team = money.team()
    money.pool(budget=RICH, received=RICH)
    [first] = money.payable(team)
    cloned(first.award.project, INSTALMENTS - 1)
    instalments = Instalment.objects.filter(position=1)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    rounds = [_round(instalments, team) for _ in range(ROUNDS)]
    whole, bare, queries = (sorted(of)[ROUNDS // 2] for of in zip(*rounds, strict=True))
    _print(name=f"a batch of {INSTALMENTS} prepared, released, sent, its bank file made", ratio=round(whole / bare, 2),
           bar=BATCH_BAR, seconds=round(whole, 2), bare=round(bare, 2), queries=queries)  # fmt: skip
    _answered(instalments, team)


def _answered(instalments: Any, team: Any) -> None:
    """The template with every payment in it made, filled in, read and booked: what its two jobs do."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.db import connection, transaction

    from core import files
    from core.sheets import workbook_of
    from disbursement.result_sheet import LAYOUT, template_of
    from disbursement.services import batches
    from disbursement.services.result_import import book_results, read_results
    from tests.factories import disbursement as money
    from tests.factories.core import NOW

    with transaction.atomic():
        batch = money.sent(batches.prepare_batch(instalments, actor=team.officer, at=NOW), team)
        payments = batch.payments.select_related("batch").order_by("pk")
        _, seconds, queries = _timed(lambda: template_of(payments))
        _print(name=f"the template for {INSTALMENTS} answers", seconds=round(seconds, 2), queries=queries)
        said = {"outcome": "已到账", "reason": ""}
        rows = [
            {"key": str(one.pk), "batch": batch.number, "amount": one.amount, "receipt": f"HD{one.pk}", **said}
            for one in payments
        ]
        upload = SimpleUploadedFile("结果.xlsx", workbook_of(rows, LAYOUT))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE disbursement_payment")  # a batch is answered days after it was prepared
        stored = files.store(upload, kind="bank_result", by=team.officer, at=NOW)
        table, reading, _ = _timed(lambda: read_results(stored))
        _print(name=f"{INSTALMENTS} answers read from Excel", seconds=round(reading, 2))
        made, seconds, queries = _timed(lambda: book_results(batch, stored, table, actor=team.officer, at=NOW))
        _print(name=f"{made.paid} answers booked", seconds=round(seconds, 2), queries=queries)
        transaction.set_rollback(True)


def _round(instalments: Any, team: Any) -> tuple[float, float, int]:
    """Seconds of the portal, seconds of bare SQL and bare openpyxl, queries of the portal; leaves nothing behind."""
    from django.db import transaction

    from disbursement.bank_file import workbook_of
    from disbursement.services import batches
    from tests.factories import disbursement as money
    from tests.factories.core import NOW

    marks = _marks()

    def deed() -> None:
        batch = batches.prepare_batch(instalments, actor=team.officer, at=NOW)
        batches.send_to_bank(money.released(batch, team), actor=team.officer, at=NOW)
        _check_keys()
        workbook_of(batch, batch.payments.order_by("pk"))

    with transaction.atomic():
        _, whole, queries = _timed(deed)
        rows, changed = _written(marks), _changed(marks)
        transaction.set_rollback(True)
    with transaction.atomic():
        _, sql, _ = _timed(lambda: _write_bare(rows, changed))
        transaction.set_rollback(True)
    return whole, sql + _bare_workbook(), queries


def _check_keys() -> None:
    """What a commit would do: look whether every foreign key leads somewhere."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _marks() -> dict[Any, int]:
    """The last key of each table the batch writes to."""
    from django.db.models import Max

    return {model: model._base_manager.aggregate(last=Max("pk"))["last"] or 0 for model in _tables()}


def _tables() -> list[Any]:
    from core.models import AuditEvent, AuditStream, Ground
    from disbursement.models import JournalEntry, LedgerAccount, Payment, PaymentBatch, Posting

    return [Ground, PaymentBatch, Payment, AuditEvent, AuditStream, LedgerAccount, JournalEntry, Posting]


Rows = list[tuple[Any, ...]]


def _written(marks: dict[Any, int]) -> dict[str, Rows]:
    """The batch's own rows, by the name of their table."""
    from django.db import connection

    found = {}
    with connection.cursor() as cursor:
        for model, last in marks.items():
            cursor.execute(f"SELECT * FROM {model._meta.db_table} WHERE id > %s ORDER BY id", [last])
            found[model._meta.db_table] = cursor.fetchall()
    return found


def _changed(marks: dict[Any, int]) -> tuple[int, int]:
    """The batch's first and last payment."""
    from django.db.models import Max, Min

    from disbursement.models import Payment

    keys = Payment.objects.filter(pk__gt=marks[Payment]).aggregate(first=Min("pk"), last=Max("pk"))
    return keys["first"], keys["last"]


def _write_bare(rows: dict[str, Rows], payments: tuple[int, int]) -> None:
    """The same rows once more by bare multi-row INSERT of given values, and the same changes of rows by bare UPDATE."""
    from django.db import connection

    with connection.cursor() as cursor:
        for table, given in rows.items():
            for start in range(0, len(given), 500):
                part = given[start : start + 500]
                row = f"({', '.join(['%s'] * len(part[0]))})"
                values = [value for one in part for value in one]
                words = ", ".join([row] * len(part))
                cursor.execute(f"INSERT INTO {table} OVERRIDING SYSTEM VALUE VALUES {words}", values)
        mine = "FROM disbursement_payment payment {} payment.id BETWEEN %s AND %s"
        line = "JOIN disbursement_instalmentline line ON line.id = payment.line_id WHERE"
        for change in (
            "UPDATE disbursement_payment SET state = 'sent', version = version + 1 WHERE id BETWEEN %s AND %s",
            "UPDATE disbursement_instalment instalment SET state = 'in_payment', version = instalment.version + 1 "
            f"{mine.format(line)} AND instalment.id = line.instalment_id",
            "UPDATE disbursement_award award SET in_payment = in_payment + payment.amount "
            f"{mine.format('WHERE')} AND award.project_id = payment.project_id",
        ):
            cursor.execute(change, payments)
    _check_keys()


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

REPLAY_AND_CHAIN = {"8b", "8c", "10a", "10b"}


def _look() -> None:
    from django.db import connection

    from portal.invariants.registry import all_invariants

    size = int(sys.argv[1]) if len(sys.argv) > 1 else PROJECTS
    postings = _portfolio(size)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    rounds = [_looked(all_invariants()) for _ in range(ROUNDS)]
    whole, bare, asked = (sorted(of)[ROUNDS // 2] for of in zip(*(_sums(one) for one in rounds), strict=True))
    _print(name=f"check_invariants over {size} projects and {postings} postings", ratio=round(whole / bare, 2),
           bar=LOOK_BAR, seconds=round(whole, 2), bare=round(bare, 2), queries=asked)  # fmt: skip
    for name, seconds, scan, asked in rounds[-1]:
        _print(name=f"  {name}", ratio=round(seconds / scan, 2), seconds=round(seconds, 3), bare=round(scan, 3),
               queries=asked)  # fmt: skip


def _made_whole(call: Any, size: int, team: Any) -> None:
    """What the services would have written for a call and so many numbers, where the bench began in the middle."""
    from applications.models import NumberSeries, Project
    from applications.services.publishing import notice_facts
    from core import audit
    from core.models import Ground, GroundKind
    from tests.factories.core import NOW

    said = Ground.issue(kind=GroundKind.CALL_NOTICE, title="发布", by=team.lead, at=NOW, facts=notice_facts(call))
    audit.record(call, "call.published", actor=team.lead, at=NOW, label="发布", ground=said, facts={"to": call.state})
    first = Project.objects.order_by("pk").first()
    Project.objects.filter(pk=first.pk).update(number=f"SYJG-2026-{first.district.code[3:]}-001")
    numbers = Project.objects.exclude(number=None).count()
    NumberSeries.objects.create(year=2026, district=first.district, last=numbers)


Line = tuple[str, float, float, int]  # its name, its seconds, those of the plain scans, its queries


def _looked(invariants: list[Any]) -> list[Line]:
    """Each line looked at, and then one plain aggregate scan of each table that it read."""
    from portal.invariants.question import room_to_sort

    looks: list[tuple[str, float, int, set[str]]] = []
    with room_to_sort():
        for one in invariants:
            if one.key not in REPLAY_AND_CHAIN:
                tables: set[str] = set()
                _, seconds, asked = _timed(one.look, tables)
                looks.append((f"{one.key} {one.sentence}", seconds, asked, tables))
    return [(name, seconds, _scan(tables), asked) for name, seconds, asked, tables in looks]


def _sums(lines: list[Line]) -> tuple[float, float, int]:
    return sum(line[1] for line in lines), sum(line[2] for line in lines), sum(line[3] for line in lines)


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
    _made_whole(first.award.project.call, size, team)
    return Posting.objects.count()


def _scan(tables: set[str]) -> float:
    """Seconds of one plain aggregate over each of the tables."""
    from django.db import connection

    with connection.cursor() as cursor:
        begun = time.perf_counter()
        for table in tables:
            cursor.execute(f"SELECT count(*), sum(id), max(id) FROM {table}")
            cursor.fetchone()
        return time.perf_counter() - begun


if __name__ == "__main__":
    main()
