"""Many rows are updated by one statement as each would be by its own save."""

from __future__ import annotations

import pytest

from core.bulk import update_rows
from tests.factories import applications as filings
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
