"""The thin path through the review room by its services: district desk → city review → closed notice."""

from __future__ import annotations

import pytest

from applications.models import Project
from applications.states import State
from core import audit
from review.models import Conclusion
from review.services import conclusions, district, notices
from review.states import NoticeState
from tests.factories import core as people
from tests.factories import review as make
from tests.factories.core import NOW, moment

pytestmark = pytest.mark.django_db


def test_a_project_walks_from_the_districts_desk_to_the_closed_notice():
    project = make.at_the_district(of_call=make.small_call(3))
    officer, lead = people.district_officer(), people.district_lead()
    bureau_lead = people.bureau_lead()
    make.checked(project, officer)
    district.write_opinion(project, conclusion=Conclusion.RECOMMEND, text="建议推荐。", actor=officer, at=NOW)
    project = district.countersign_and_recommend(project, number="示例推〔2026〕1号", actor=lead, at=NOW)
    assert project.state == State.CITY_REVIEW
    make.scored(make.form_checked(project), [70, 80, 84])
    report = conclusions.conclude([project], number="示例评审〔2026〕1号", text="通过。", actor=bureau_lead, at=NOW)
    assert str(report.entries.get().mean) == "78.00"
    project = Project.objects.get(pk=project.pk)
    notice = make.published(project, lead=bureau_lead)
    assert notices.close_notices_due(moment(days=4)) == 0
    assert notices.close_notices_due(moment(days=8)) == 1
    project = Project.objects.get(pk=project.pk)
    notice = type(notice).objects.get(pk=notice.pk)
    assert (project.state, notice.state) == (State.GOVERNMENT_APPROVAL, NoticeState.CLOSED)
    assert list(audit.faults()) == []
