"""What care costs with money: a batch of 5,000 instalments beside bare bulk SQL, and check_invariants beside plain sums.

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
ROUNDS = 3  # of looking; the middle one counts


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
        return workbook_of(batch, batch.payments.order_by("pk"))

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
    from core import audit
    from tests.factories.core import NOW

    audit.record(call, "call.published", actor=team.lead, at=NOW, label="发布", facts={"to": call.state})
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
