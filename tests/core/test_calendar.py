"""Working days with 调休: the vectors of practice, the year nobody has published yet, and the clock."""

from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core import calendar
from core.models import DayOverride

pytestmark = pytest.mark.django_db
days_we_know = st.dates(date(2024, 1, 1), date(2026, 12, 31))


@pytest.fixture(autouse=True)
def _fresh_calendar():
    calendar.look_again()
    yield
    calendar.look_again()


@pytest.mark.parametrize(
    ("published", "days", "ends"),
    [
        (date(2026, 9, 28), 5, date(2026, 10, 10)),  # Saturday the 10th is worked
        (date(2026, 2, 12), 5, date(2026, 2, 26)),  # Saturday the 14th is worked, 15th to 23rd are off
        (date(2025, 9, 26), 5, date(2025, 10, 10)),  # Sunday the 28th is worked
        (date(2025, 1, 24), 5, date(2025, 2, 7)),  # Sunday the 26th is worked
        (date(2026, 12, 28), 5, date(2027, 1, 4)),  # 2027 is not published: Monday to Friday
        (date(2026, 3, 5), 0, date(2026, 3, 5)),
    ],
)
def test_a_term_ends_after_its_working_days(published, days, ends):
    assert calendar.add_working_days(published, days) == ends
    assert calendar.working_days_between(published, ends) == days


def test_a_year_nobody_has_published_warns_and_does_not_crash():
    assert [calendar.is_uncertain(year) for year in (2024, 2025, 2026, 2027)] == [False, False, False, True]
    assert calendar.is_working_day(date(2027, 10, 1))
    assert "2027 年" in calendar.uncertainty(date(2026, 12, 28), date(2027, 1, 4))
    assert calendar.uncertainty(date(2026, 12, 28)) == ""


def test_the_table_outweighs_the_data_file():
    a_friday = date(2026, 3, 6)
    assert calendar.is_working_day(a_friday)
    DayOverride.objects.create(
        date=a_friday, is_workday=False, name="临时放假", source="市政府通知", edited_at=timezone.now()
    )
    calendar.look_again()
    assert not calendar.is_working_day(a_friday)
    assert calendar.add_working_days(date(2026, 3, 5), 1) == date(2026, 3, 9)


def test_the_table_is_asked_once_between_two_looks(django_assert_num_queries):
    calendar.is_working_day(date(2026, 3, 6))
    calendar.look_again()
    with django_assert_num_queries(1):
        for day in range(1, 29):
            calendar.add_working_days(date(2026, 2, day), 20)


def test_loading_fills_the_table_once_and_keeps_what_was_edited():
    edited = DayOverride.objects.create(
        date=date(2026, 1, 2), is_workday=True, name="改为上班", source="测试", edited_at=timezone.now()
    )
    call_command("load_calendar")
    count = DayOverride.objects.count()
    call_command("load_calendar")
    edited.refresh_from_db()
    assert (DayOverride.objects.count(), count, edited.is_workday) == (len(calendar.shipped_days()),) * 2 + (True,)


def test_the_data_file_agrees_with_the_library_it_came_from():
    import chinese_calendar

    day = date(2024, 1, 1)
    while day.year < 2027:
        assert calendar.is_working_day(day) == chinese_calendar.is_workday(day), day
        day += timedelta(days=1)


@given(start=days_we_know, days=st.integers(0, 60))
def test_a_term_counts_back_to_its_length(start, days):
    end = calendar.add_working_days(start, days)
    assert calendar.working_days_between(start, end) == days
    assert days == 0 or calendar.is_working_day(end)


@given(a=days_we_know, b=days_we_know, c=days_we_know)
def test_working_days_add_up(a, b, c):
    between = calendar.working_days_between
    assert between(a, c) == between(a, b) + between(b, c)
    assert between(a, b) == -between(b, a)


@pytest.mark.parametrize(
    ("on", "state", "left", "words"),
    [
        (date(2026, 3, 5), "running", 10, "剩 10 个工作日"),
        (date(2026, 3, 17), "soon", 2, "剩 2 个工作日"),
        (date(2026, 3, 19), "soon", 0, "今天截止"),
        (date(2026, 3, 20), "over", -1, "已超期 1 个工作日"),
        (date(2026, 3, 24), "over", -3, "已超期 3 个工作日"),
    ],
)
def test_a_clock_says_where_it_stands(on, state, left, words):
    clock = calendar.clock(date(2026, 3, 5), date(2026, 3, 19), on=on)
    assert (clock.total, clock.state, clock.left, clock.words) == (10, state, left, words)
    assert sum(clock.ticks) == clock.used == min(10 - left, 10)


def test_a_term_that_ended_on_friday_is_over_on_saturday():
    assert calendar.clock(date(2026, 3, 9), date(2026, 3, 13), on=date(2026, 3, 14)).state == "over"


def test_a_held_clock_says_why():
    clock = calendar.clock(date(2026, 3, 5), date(2026, 3, 19), on=date(2026, 4, 1), held_because="异议复核中")
    assert (clock.state, clock.words) == ("held", "暂停计时（异议复核中）")


def test_moments_and_endless_terms_are_refused():
    with pytest.raises(TypeError):
        calendar.add_working_days(datetime.fromisoformat("2026-03-05T12:00:00+08:00"), 1)
    with pytest.raises(ValueError, match="期限"):
        calendar.add_working_days(date(2026, 3, 5), -1)


def test_the_date_of_a_moment_is_that_of_shenyang():
    assert calendar.today(datetime.fromisoformat("2026-03-05T16:30:00+00:00")) == date(2026, 3, 6)
