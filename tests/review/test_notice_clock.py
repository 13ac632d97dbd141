"""The clock of a notice: working days with 调休, from the day after publication to the last day and not beyond (第九条三)."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.models import Project
from applications.states import State
from core.calendar import add_working_days, is_working_day
from review.clocks import notice_clock, notice_day_number, notice_days
from review.models import PublicNotice
from review.services import notices
from tests.factories import core as people
from tests.factories import review as make
from tests.factories.core import SHANGHAI

pytestmark = pytest.mark.django_db
VECTORS = [
    (date(2026, 9, 28), date(2026, 10, 10)),  # ends on a Saturday that is worked
    (date(2026, 2, 12), date(2026, 2, 26)),  # 14 February is worked, 15 to 23 are 春节
    (date(2025, 9, 26), date(2025, 10, 10)),
    (date(2025, 1, 24), date(2025, 2, 7)),
]
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 1))


def publish(day, **said):
    at = datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI)
    project = make.concluded()
    return notices.publish_notice([project], number="示例公示〔2026〕7号", actor=people.bureau_lead(), at=at, **said)


@pytest.mark.parametrize(("published", "ends"), VECTORS)
def test_a_notice_of_five_working_days_ends_on_its_day(published, ends):
    notice = publish(published)
    assert (notice.days, notice.ends_on) == (5, ends)
    assert Project.objects.get().due_on == ends


def test_a_year_whose_holidays_are_not_out_is_counted_and_said(visit):
    notice = publish(date(2026, 12, 28))
    assert notice.ends_on > date(2026, 12, 31)
    assert "2027 年节假日安排尚未公布" in visit(None, "notice", notice.pk).content.decode()


def test_the_clock_closes_it_the_day_after_and_not_before():
    publish(date(2026, 9, 28))
    last_evening = datetime(2026, 10, 10, 23, 59, tzinfo=SHANGHAI)
    assert notices.close_notices_due(last_evening) == 0
    assert notices.close_notices_due(last_evening + timedelta(minutes=1)) == 1
    assert Project.objects.get().state == State.GOVERNMENT_APPROVAL


@given(published=DAYS, days=st.integers(1, 15))
def test_the_days_drawn_are_the_days_counted(published, days):
    ends = add_working_days(published, days)
    drawn = notice_days(published, ends, published)
    counted = [day["date"] for day in drawn if day["note"].startswith("第")]
    assert len(counted) == days == notice_day_number(published, ends)
    assert all(is_working_day(day) for day in counted) and counted[-1] == ends and published not in counted


@given(published=DAYS, days=st.integers(1, 15), later=st.integers(0, 40))
def test_it_runs_through_its_last_day_and_no_longer(published, days, later):
    at = datetime(published.year, published.month, published.day, 9, tzinfo=SHANGHAI)
    notice = PublicNotice(published_at=at, days=days, ends_on=add_working_days(published, days))
    said = notice_clock(notice, published + timedelta(days=later))
    assert said["is_running"] == (published + timedelta(days=later) <= notice.ends_on) == (said["left"] >= 0)
