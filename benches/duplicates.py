"""One line against 1,000,000 indexed lines, exact and near, beside a primary-key look-up; and how much is found.

The rows are made by SQL inside a transaction that is rolled back.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import time
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

LINES = 1_000_000
ROUNDS = 400
SELLERS = 5_000
PLANTED, LOOK_ALIKES = 1_000, 10_000
BAR = 5

MANY = """
INSERT INTO applications_submissionline (submission_id, position, category, name, model, quantity, amount, tax, supplier,
  supplier_uscc, domestic, contract_number, invoice_number, invoiced_on, serial_number, invoice_key, serial_key, seller_key,
  payee)
SELECT %s, n, 'equipment', '设备', '', 1, 1000000 + (n::bigint * 7919) %% 900000000, 0, '', '', true, '',
  lpad(n::text, 20, '9'), DATE '2024-01-01' + (n * 31 %% 700), '', lpad(n::text, 20, '9'), 'SN' || n,
  'SELLER' || (n %% {sellers}), ''
FROM generate_series(1, {lines}) AS n
"""


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    call_command("migrate", verbosity=0)
    with transaction.atomic():
        submission = _submission()
        _speed(submission)
        _found(submission)
        transaction.set_rollback(True)


def _submission() -> Any:
    from applications.states import State
    from tests.factories import applications as filings

    return filings.project(State.DISTRICT_REVIEW).current_submission


def _speed(submission: Any) -> None:
    from django.db import connection

    from applications.checks.duplicates import lines_near, lines_with
    from applications.models import SubmissionLine

    with connection.cursor() as cursor:
        cursor.execute(MANY.format(sellers=SELLERS, lines=LINES), [submission.pk])
        cursor.execute("ANALYZE applications_submissionline")
    keys = list(SubmissionLine.objects.order_by("pk").values_list("pk", flat=True)[:: LINES // ROUNDS])[:ROUNDS]
    picked = [_line_of(row) for row in SubmissionLine.objects.filter(pk__in=keys)]
    chosen = random.Random(7)
    chosen.shuffle(picked)

    def by_key(n: int) -> Any:
        return SubmissionLine.objects.filter(pk=keys[n]).order_by().values_list("pk", "submission")

    def exact(n: int) -> Any:
        return lines_with("invoice_key", [picked[n].invoice_key]).values_list("pk", "submission")

    def near(n: int) -> Any:
        return SubmissionLine.objects.filter(lines_near(picked[n])).order_by().values_list("pk", "submission")

    base = _median(by_key)
    for name, ask in (("exact", exact), ("near", near)):
        seconds = _median(ask)
        _print(f"{name} match of one line against {LINES:,}", seconds / base, "most", BAR)


def _median(ask: Any) -> float:
    for n in range(20):
        assert list(ask(n))
    spent = []
    for n in range(ROUNDS):
        begun = time.perf_counter()
        assert list(ask(n))
        spent.append(time.perf_counter() - begun)
    return statistics.median(spent)


def _line_of(row: Any) -> Any:
    from applications.checks.sheet import Line

    return Line(
        row.position, row.name, row.category, row.amount, row.tax, "", "", row.invoice_number, row.invoiced_on, "",
        stored={"invoice_key": row.invoice_key, "serial_key": row.serial_key, "seller_key": row.seller_key},
    )  # fmt: skip


def _found(submission: Any) -> None:
    """1,000 lines are filed again, half as they were but typed otherwise, half with a number misread and near figures;
    10,000 look-alikes share a seller and are drawn around the same days and amounts, some by chance as near as a copy."""
    from applications.checks.duplicates import lines_near, lines_with
    from applications.facts.keys import invoice_key
    from applications.models import SubmissionLine

    draw = random.Random(20260305)
    originals = [_original(n, draw) for n in range(PLANTED)]
    rows = originals + [_alike(n, originals[n % PLANTED], draw) for n in range(LOOK_ALIKES)]
    SubmissionLine.objects.bulk_create([SubmissionLine(submission=submission, **row) for row in rows], batch_size=2_000)
    exact = 0
    right, flagged, reached = 0, 0, 0
    for n, row in enumerate(originals):
        typed = draw.choice([" ", "-", "　"]).join([row["invoice_key"][:8], row["invoice_key"][8:]])
        hit = lines_with("invoice_key", [invoice_key(typed)]).values_list("position", flat=True)
        exact += row["position"] in hit
        copy = SubmissionLine(**{
            **row, "invoice_key": f"77{n:018d}", "invoiced_on": row["invoiced_on"] + timedelta(draw.randint(-3, 3)),
            "amount": row["amount"] * (1 + Decimal(draw.randint(-49, 49)) / 10_000) // Decimal("0.01") * Decimal("0.01"),
        })  # fmt: skip
        near = set(SubmissionLine.objects.filter(lines_near(_line_of(copy))).values_list("position", flat=True))
        flagged += len(near)
        right += row["position"] in near
        reached += bool(near)
    _print("exact: planted lines found", exact / PLANTED, "least", 1)
    _print("near: planted lines found", right / PLANTED, "least", 0.95)
    _print("near: of what was flagged, planted", right / max(flagged, 1), "least", 0.9)


def _original(n: int, draw: random.Random) -> dict[str, Any]:
    return {
        "position": 2_000_000 + n, "category": "equipment", "name": "设备", "amount": Decimal(draw.randint(10**7, 10**9)) / 100,
        "invoiced_on": date(2025, 1, 1) + timedelta(draw.randint(0, 360)), "invoice_key": f"88{n:018d}",
        "seller_key": f"PLANT{n % 200}",
    }  # fmt: skip


def _alike(n: int, one: dict[str, Any], draw: random.Random) -> dict[str, Any]:
    """The same seller, within a month and a tenth of the amount: drawn blindly, so a few are near by chance."""
    return {
        **one, "position": 3_000_000 + n, "invoice_key": f"99{n:018d}",
        "invoiced_on": one["invoiced_on"] + timedelta(draw.randint(-30, 30)),
        "amount": (one["amount"] * (1 + Decimal(draw.randint(-1000, 1000)) / 10_000)).quantize(Decimal("0.01")),
    }  # fmt: skip


def _print(name: str, ratio: float, side: str, bar: float) -> None:
    print(json.dumps({"name": name, "ratio": round(ratio, 3), "bar": bar, "bar_is": side}, ensure_ascii=False))


if __name__ == "__main__":
    main()
