"""Two hands at one draw on real connections: a seat is taken once, and the draw runs once."""

from __future__ import annotations

import pytest
from django.db import connection

from core.moves import Overtaken
from review.models import Draw, DrawNumber
from review.services import drawing_lots, draws
from tests.disbursement.test_races import at_once
from tests.factories import core as people
from tests.factories import review as make
from tests.factories.core import NOW

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer"),
]


def test_two_officers_for_one_seat():
    make.declared()
    draw = make.committed(make.under_review(of_call=make.small_call(1)))
    officers = [people.bureau_officer(), people.bureau_officer()]
    found = at_once([lambda one=one: draws.seal_number(draw, "first", "1234", actor=one, at=NOW) for one in officers])
    assert {type(one) for one in found} == {DrawNumber, Overtaken}
    assert DrawNumber.objects.count() == 1


def test_a_draw_run_by_two_workers_asks_each_expert_once():
    project = make.under_review(of_call=make.small_call(3))
    for _ in range(4):
        make.declared()
    draw = make.sealed(make.committed(project))
    at_once([lambda: drawing_lots.draw_now(Draw.objects.get(pk=draw.pk), at=NOW)] * 2)
    assert project.assignments.count() == 3
