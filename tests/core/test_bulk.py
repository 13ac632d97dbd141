"""Many rows are written by one statement as each would be by its own save."""

from __future__ import annotations

import pytest
from django.db import DataError, connection, transaction
from django.db.models import F

from core.bulk import Same, insert_from, insert_rows, update_columns, update_rows
from core.models import AuditEvent, AuditStream, Ground
from disbursement.models import Pool
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories.core import NOW, moment

pytestmark = pytest.mark.django_db


def test_each_row_gets_its_own_values_and_no_other_row_changes():
    call = filings.call()
    first, second, third = (filings.project(of_call=call) for _ in range(3))
    first.title, first.notice_closed_at, first.number = "甲", NOW, "N-1"
    second.title, second.notice_closed_at, second.number = "乙'", None, None
    third.title = "没有保存"

    update_rows([first, second], ["title", "notice_closed_at", "number", "enterprise"])

    rows = type(first).objects.order_by("pk").values_list("title", "notice_closed_at", "number")
    assert list(rows) == [("甲", NOW, "N-1"), ("乙'", None, None), ("数控产线智能化改造", None, None)]


def test_nulls_in_the_first_row_do_not_decide_the_type_of_the_second():
    call = filings.call()
    first, second = (filings.project(of_call=call) for _ in range(2))
    first.notice_closed_at, second.notice_closed_at = None, moment(days=1)

    update_rows([first, second], ["notice_closed_at"])

    second.refresh_from_db()
    assert second.notice_closed_at == moment(days=1)


def test_rows_are_added_with_their_own_and_with_shared_values_and_give_back_their_keys():
    made = insert_rows(AuditStream, {"name": ["a", "b'"], "sequence": Same(3)}, returning=("name", "id"))

    assert dict(made) == dict(AuditStream.objects.filter(sequence=3, head="", state="").values_list("name", "pk"))


def test_texts_keep_what_an_array_would_read_otherwise():
    said = ["a,b", 'quoted "', "back\\slash", "{NULL}", "NULL", " ", "", "换\n行"]
    insert_rows(AuditStream, {"name": [f"{place}{text}" for place, text in enumerate(said)], "head": said})

    assert list(AuditStream.objects.order_by("name").values_list("head", flat=True)) == said


def test_facts_nothings_and_moments_arrive_as_a_save_would_write_them():
    facts = [{"note": 'a "b" \\ c', "n": 1}, {}, {"list": [None, True]}]
    ground, person = people.ground(), people.bureau_officer()
    moments = [moment(days=day) for day in range(3)]
    insert_rows(AuditEvent, {
        "stream": Same("test:1"), "sequence": [1, 2, 3], "event": Same("e"), "label": Same("l"), "at": moments,
        "actor": [person.pk, None, person.pk], "actor_name": Same(""), "ground": Same(ground.pk), "facts": facts,
        "refused": [True, False, True], "digest": Same(""),
    })  # fmt: skip

    rows = AuditEvent.objects.filter(stream="test:1").values_list("facts", "actor", "at", "refused")
    assert list(rows) == list(zip(facts, [person.pk, None, person.pk], moments, [True, False, True], strict=True))


def test_what_another_added_meanwhile_is_left_out_and_not_given_back():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer")
    AuditStream.objects.create(name="there", sequence=7)

    made = insert_rows(AuditStream, {"name": ["there", "new"]}, returning=["name"], unless_there=True)

    assert made == [("new",)]
    assert dict(AuditStream.objects.values_list("name", "sequence")) == {"there": 7, "new": 0}


def test_a_text_too_long_for_its_column_is_refused_and_not_cut():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite keeps texts of any length")
    with pytest.raises(DataError), transaction.atomic():
        insert_rows(AuditStream, {"name": ["x" * 81]})


def test_rows_are_added_from_a_query_with_the_columns_as_they_are():
    ground = people.ground()
    insert_from(Ground, Ground.objects.filter(pk=ground.pk), {
        "kind": F("kind"), "title": "副本", "facts": F("facts"), "digest": F("digest"),
        "issued_by": F("issued_by"), "issued_at": NOW,
    })  # fmt: skip

    copy = Ground.objects.get(title="副本")
    assert (copy.digest, copy.issued_by, copy.issued_at, copy.file) == (ground.digest, ground.issued_by, NOW, None)


def test_totals_are_raised_by_what_is_given_and_lowered_by_less_than_nothing():
    pools = [Pool.objects.create(source="city", year=year, budget=100) for year in (2025, 2026)]

    update_columns(Pool, [pool.pk for pool in pools], {"budget": [1, -2]}, add=True)

    assert list(Pool.objects.order_by("year").values_list("budget", flat=True)) == [101, 98]
