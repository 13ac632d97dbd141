"""Nobody acts at two levels on one project, and maker ≠ checker, whoever lent his place (第十六条, 代理)."""

import pytest
from django.utils import timezone

from applications.models import CheckWaiver
from core import audit, delegations
from core.hands import has_a_hand_in
from core.models import User
from core.moves import NotYours
from review import hands
from review.models import FormAnswer, FormPoint
from review.services import decisions, form_checks, handling, recommending
from tests.factories import core as people
from tests.factories import review as make
from tests.factories.core import NOW

pytestmark = pytest.mark.django_db


def lent(absent, to):
    """The stand-in, as he is read on the day."""
    day = timezone.localdate()
    delegations.delegate(absent, to, from_on=day, to_on=day, reason="休假", actor=absent, at=timezone.now())
    return User.objects.get(pk=to.pk)


def seated(meeting, person):
    """He sat there; nobody of a district is seated by the service."""
    meeting.members.filter(pk=meeting.members.first().pk).update(user=person)


@pytest.mark.parametrize("of_the_district", [people.district_officer, people.district_lead])
def test_who_sat_on_the_panel_does_not_act_at_the_district_afterwards(of_the_district):
    project, member = make.scored(make.under_review(of_call=make.small_call())), of_the_district()
    meeting = make.panel(project)
    decisions.send_back(project, reasons="投资真实性须再核。", actor=people.bureau_officer(), at=NOW)
    seated(meeting, member)
    with pytest.raises(NotYours, match="办理过这个项目的市级评审"):
        handling.take(project, actor=member, at=NOW)


def test_nor_does_he_sign_or_decline_there():
    project, lead = make.with_opinion(make.at_the_district(of_call=make.small_call())), people.district_lead()
    meeting = make.panel(make.scored(make.under_review(of_call=project.call)))
    meeting.items.update(project=project)
    seated(meeting, lead)
    with pytest.raises(NotYours, match="办理过这个项目的市级评审"):
        recommending.recommend_all([project], actor=lead, at=NOW)
    with pytest.raises(NotYours, match="办理过这个项目的市级评审"):
        decisions.decline(project, reasons="不符合。", clause="第五条", actor=lead, at=NOW)


def test_whom_a_stand_in_took_a_filing_for_counts_as_the_districts_hand():
    absent, stand_in = people.district_lead(), people.district_officer()
    project = make.at_the_district()
    stand_in = lent(absent, stand_in)
    stand_in._acts_for = absent
    audit.record(project, "project.taken", actor=stand_in, at=NOW, label="领取，开始经办")
    assert (project.pk, absent.pk) in hands.hands_of_the_district([project.pk])


def test_who_has_a_filing_in_hand_counts_and_who_let_a_finding_pass():
    project, lead = make.at_the_district(), people.district_lead()
    taken = handling.take(project, actor=people.district_officer(), at=NOW)
    CheckWaiver.objects.create(
        submission=project.current_submission, rule="sums", found="不符", reason="已核对", waived_at=NOW, waived_by=lead
    )
    judged = hands.hands_of_the_district([project.pk])
    assert judged == {(project.pk, taken.taken_by_id), (project.pk, lead.pk)}


def test_whom_a_stand_in_looked_a_project_over_for_does_not_act_at_its_district():
    absent, stand_in = people.bureau_officer(), people.bureau_officer()
    project = make.unlooked_at(of_call=make.small_call())
    form_checks.take(project, actor=stand_in, at=NOW)
    stand_in._acts_for = absent
    audit.record(project, "project.form_check_passed", actor=stand_in, at=NOW, label="形式审查通过")
    assert hands.hands_of_the_bureau([project.pk]) == {(project.pk, absent.pk), (project.pk, stand_in.pk)}


def test_who_judged_only_points_of_it_counts_too():
    project, other = make.unlooked_at(of_call=make.small_call()), people.bureau_officer()
    check = form_checks.take(project, actor=people.bureau_officer(), at=NOW)
    FormAnswer.objects.create(form_check=check, point=FormPoint.values[0], verdict="verified", at=NOW, by=other)
    assert (project.pk, other.pk) in hands.hands_of_the_bureau([project.pk])


def test_maker_and_checker_count_whom_the_maker_stood_in_for():
    absent, maker, other = (people.finance_officer() for _ in range(3))
    record, maker = make.at_the_district(), lent(absent, maker)
    maker._acts_for = absent
    audit.record(record, "budget.entered", actor=maker, at=NOW, label="录入")
    assert has_a_hand_in(record, {maker.pk}, absent)
    assert has_a_hand_in(record, {maker.pk}, maker)
    assert not has_a_hand_in(record, {maker.pk}, other)
    assert not has_a_hand_in(make.at_the_district(), {maker.pk}, absent)


def test_who_was_never_stood_in_for_is_asked_of_no_trail(django_assert_num_queries):
    record, maker, checker = make.at_the_district(), people.finance_officer(), people.finance_officer()
    checker = User.objects.get(pk=checker.pk)
    has_a_hand_in(record, {maker.pk}, checker)
    with django_assert_num_queries(0):
        assert not has_a_hand_in(record, {maker.pk}, checker)
