"""The first check takes a project: the enterprise can no longer recall it."""

import pytest

from applications.models import Project
from core import audit, moves
from core.moves import NotYours, Overtaken
from review.services import district
from tests.factories import applications as filed
from tests.factories import core as people
from tests.factories import review as make
from tests.factories.core import NOW, moment

pytestmark = pytest.mark.django_db


def test_taking_is_recorded_and_ends_the_recall():
    project, officer = make.at_the_district(), people.district_officer()
    district.take(project, actor=officer, at=NOW)
    taken = Project.objects.get(pk=project.pk)
    assert (taken.taken_by, taken.taken_at) == (officer, NOW)
    assert [event.label for event in audit.timeline_of(taken)] == ["开始核验材料"]
    assert not moves.may(taken, "recall", people.approver(taken.enterprise), at=NOW)


def test_taking_again_changes_nothing():
    project, officer = make.at_the_district(), people.district_officer()
    district.take(project, actor=officer, at=NOW)
    district.take(project, actor=people.district_lead(), at=moment(days=1))
    assert Project.objects.get(pk=project.pk).taken_by == officer
    assert audit.timeline_of(project).count() == 1


@pytest.mark.parametrize("who", ["approver", "bureau_officer", "expert", "supervisor", "administrator"])
def test_others_do_not_take(who):
    with pytest.raises(NotYours):
        district.take(make.at_the_district(), actor=getattr(people, who)(), at=NOW)


def test_another_district_does_not_take():
    with pytest.raises(NotYours):
        district.take(make.at_the_district("tiexi"), actor=people.district_officer("hunnan"), at=NOW)


def test_a_draft_is_not_taken():
    with pytest.raises(Overtaken):
        district.take(filed.project("draft"), actor=people.district_officer(), at=NOW)
