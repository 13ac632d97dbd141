"""The district's clock stands still while the enterprise corrects, and goes on with what was left (第九条二)."""

from datetime import date

import pytest

from applications.models import Project
from applications.states import State
from core.models import Notice
from review.clocks import district_clock
from review.services import district, handling
from tests.factories import core as people
from tests.factories import filing
from tests.factories import review as make
from tests.factories.core import NOW, moment

pytestmark = pytest.mark.django_db
DEFECT = [{"about": "备案证明", "what": "总投资少于申报投资", "todo": "提供备案变更证明"}]


def given_back(project, at):
    district.return_for_correction(project, DEFECT, actor=people.district_officer(), at=at)
    return Project.objects.get(pk=project.pk)


def test_what_was_left_is_kept_and_shown_as_paused():
    project = given_back(make.at_the_district(), moment(days=5))  # due 2026-03-19; returned on Tuesday the 10th
    assert (project.state, project.days_kept) == (State.CORRECTION, 7)
    assert district_clock(project, date(2026, 3, 12))["held"] == "补正中暂停，余 7 个工作日"


def test_it_goes_on_with_what_was_left_after_the_correction():
    from applications import services

    project = filing.filed()
    officer = people.district_officer()
    handling.take(project, actor=officer, at=NOW)
    told = district.return_for_correction(project, DEFECT, actor=officer, at=moment(days=5))
    project = Project.objects.get(pk=project.pk)
    services.answer_defects(project, told.ground, answers={1: "已换"}, actor=project.created_by, at=moment(days=6))
    again = services.resubmit(Project.objects.get(pk=project.pk), actor=project.created_by, at=moment(days=11))
    assert (again.due_on, again.days_kept, again.taken_by) == (date(2026, 3, 25), None, officer)


@pytest.mark.parametrize("day", [14, 20])
def test_on_the_last_day_and_after_it_one_day_is_left(day):
    assert given_back(make.at_the_district(), moment(days=day)).days_kept == 1


def test_the_enterprise_is_told_that_the_clock_stands_still():
    project = make.at_the_district()
    owner = people.approver(project.enterprise)
    given_back(project, moment(days=5))
    assert "补正期间初审暂停计时，重新提交后初审还有 7 个工作日" in Notice.objects.get(recipient=owner).body


def test_the_enterprise_reads_what_is_left_of_the_stopped_clock(visit):
    project = make.at_the_district()
    type(project).objects.update(state=State.CORRECTION, days_kept=7)
    page = visit(people.approver(project.enterprise), "project", project.pk).content.decode()
    assert "区县初审暂停计时，重新提交后还有 7 个工作日" in page
