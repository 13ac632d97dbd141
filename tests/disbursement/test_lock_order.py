"""Pools first, always: whoever ends or settles a project waits for its pools with nothing else in his hands."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction

from applications.models import Project
from disbursement import funds
from disbursement.models import Award, HearingKind, Pool
from disbursement.services import closing, ending, hearings, settlements
from tests.disbursement import situations as given
from tests.factories import core as people
from tests.factories import disbursement as money
from tests.factories.core import NOW

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer"),
]
WAITING = "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
PAPER = {"reason": "伪造设备发票。", "number": "示例决〔2026〕1号", "at": NOW}


def somebody_waits() -> bool:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return True
        time.sleep(0.02)
    return False


def nothing_but_pools_is_held(project: Project, deed: Callable[[], Any]) -> Any:
    """What the deed gives. It waits while the pools are held as a payment's results hold them; award and project are free."""

    def on_its_own_connection() -> Any:
        try:
            return deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as hands:
        with transaction.atomic():
            funds.lock_pools(Pool.objects.values_list("pk", flat=True))
            answer = hands.submit(on_its_own_connection)
            assert somebody_waits()
            Award.objects.select_for_update(nowait=True).get(project=project)
            Project.objects.select_for_update(of=("self",), nowait=True).get(pk=project.pk)
        return answer.result(timeout=60)


def test_to_announce_and_to_revoke():
    with transaction.atomic():
        project, officer, lead = given.half_paid(), people.bureau_officer(), people.bureau_lead()

    made = nothing_but_pools_is_held(project, lambda: money.hearing(project, by=officer))
    with transaction.atomic():
        hearings.answer(made, words="不实。", actor=given.approver_of(project), at=NOW)
        hearings.weigh(made, upheld=False, reasons="已核。", actor=officer, at=NOW)
    moved = nothing_but_pools_is_held(project, lambda: ending.revoke(project, actor=lead, **PAPER))

    assert moved.state == "revoked"


def test_to_terminate_and_to_fail():
    with transaction.atomic():
        lead, parts = people.bureau_lead(), {money.pool(): 7_500_000}
        ended, acceptance = given.half_paid(parts=parts), given.reported(given.half_paid(parts=parts))
        money.heard(ended, HearingKind.TERMINATE)
        money.heard(acceptance.project, HearingKind.FAIL)

    moved = nothing_but_pools_is_held(ended, lambda: ending.terminate(ended, actor=lead, **PAPER))
    failed = nothing_but_pools_is_held(acceptance.project, lambda: closing.fail(acceptance, actor=lead, **PAPER))

    assert (moved.state, failed.state) == ("terminated", "failed")


def test_to_settle_and_to_close():
    with transaction.atomic():
        project = given.in_settlement(given.half_paid(), "25000000.00")
        officer, lead = people.bureau_officer(), people.bureau_lead()

    made = nothing_but_pools_is_held(project, lambda: settlements.prepare_settlement(project, actor=officer, at=NOW))
    confirmed = nothing_but_pools_is_held(project, lambda: settlements.confirm_settlement(made, actor=lead, at=NOW))
    closed = nothing_but_pools_is_held(project, lambda: settlements.close(project, actor=lead, at=NOW))

    assert (confirmed.confirmed_by, closed.state) == (lead, "settled")
