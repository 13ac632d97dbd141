"""The conflict graph: each kind found, said in words with its source row, and asked in the same number of questions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.models import SubmissionLine
from review.conflicts import exclusions_of, graph_of
from review.models import Conflict, Expert
from review.models.experts import years_before
from review.services import assignments
from tests.factories import core as people
from tests.factories import filing
from tests.factories import review as make
from tests.factories.core import NOW, moment

pytestmark = pytest.mark.django_db
ON = NOW.date()


def employed_by(organisation) -> Expert:
    made = make.expert()
    Expert.objects.filter(pk=made.pk).update(employer=organisation)
    return made


def bought_from(project, organisation, position=3):
    return SubmissionLine.objects.create(
        submission=project.current_submission, position=position, category="equipment", name="机床", amount=Decimal(1),
        supplier=organisation.name, supplier_uscc=organisation.uscc,
    )  # fmt: skip


def the_one(project, expert):
    """The only exclusion of the only expert excluded."""
    found = exclusions_of(project, ON)
    assert set(found) == {expert.pk}
    [exclusion] = found[expert.pk]
    return exclusion


def test_an_employer_is_found_and_said_in_words():
    project = make.under_review()
    expert = employed_by(project.enterprise)
    found = the_one(project, expert)
    assert (found.kind, found.words) == ("employer", f"任职于{project.enterprise.name}")
    assert found.source == f"review.expert:{expert.pk}"


@pytest.mark.parametrize("kind", ["shareholding", "service", "kin", "other"])
def test_a_declared_interest_is_found_with_its_row(kind):
    project, expert = make.under_review(), make.expert()
    said = assignments.declare_conflict(expert, project.enterprise, kind=kind, actor=expert.user, at=NOW)
    found = the_one(project, expert)
    assert (found.kind, found.source) == (kind, f"review.conflict:{said.pk}")


@pytest.mark.parametrize(("ended", "binds"), [(ON, True), (date(2023, 3, 5), True), (date(2023, 3, 4), False)])
def test_an_ended_service_binds_for_three_years(ended, binds):
    project, expert = make.under_review(), make.expert()
    Conflict.objects.create(
        expert=expert, organisation=project.enterprise, kind="service", ended_on=ended, declared_at=NOW,
        declared_by=expert.user,
    )  # fmt: skip
    assert (expert.pk in exclusions_of(project, ON)) is binds


def test_three_years_before_a_leap_day_is_the_28th():
    assert years_before(date(2028, 2, 29), 3) == date(2025, 2, 28)


def test_a_body_of_the_same_group_is_found_over_any_distance():
    project = make.under_review()
    holding, sister = people.enterprise(), people.enterprise()
    make.related(holding, project.enterprise)
    make.related(holding, sister)
    expert = employed_by(sister)
    found = the_one(project, expert)
    assert found.kind == "group"
    assert "同属一个企业集团" in found.words and "review.enterpriserelation:" in found.source


def test_a_relation_that_ended_binds_nobody():
    project = make.under_review()
    relation = make.related(people.enterprise(), project.enterprise)
    employed_by(relation.one)
    type(relation).objects.update(to_on=moment(days=-1).date())
    assert exclusions_of(project, ON) == {}


def test_a_supplier_in_the_investment_lines_is_found_by_credit_code():
    project, maker = make.under_review(), people.enterprise()
    line = bought_from(project, maker)
    found = the_one(project, employed_by(maker))
    assert found.kind == "supplier" and "第 3 行" in found.words
    assert found.source.endswith(f"applications.submissionline:{line.pk}")


def test_a_body_outside_the_register_is_declared_by_code_and_found_as_supplier():
    project, expert, maker = make.under_review(), make.expert(), people.enterprise()
    bought_from(project, maker)
    code = maker.uscc
    type(maker).objects.filter(pk=maker.pk).update(uscc=people.credit_code(7777))
    assignments.declare_own_interest(expert, code, kind="kin", name="某厂", actor=expert.user, at=NOW)
    assert the_one(project, expert).kind == "supplier"


def test_a_sister_of_the_supplier_is_found_too():
    project, maker, sister = make.under_review(), people.enterprise(), people.enterprise()
    bought_from(project, maker)
    make.related(maker, sister)
    assert the_one(project, employed_by(sister)).kind == "supplier"


def test_a_contractor_of_the_district_judges_none_of_its_projects():
    project, elsewhere, expert = make.under_review(), make.under_review(), make.expert()
    assignments.declare_contract(expert, project.district, actor=expert.user, at=NOW)
    type(elsewhere).objects.filter(pk=elsewhere.pk).update(district=people.district("hunnan"))
    found = graph_of([project, elsewhere], ON)
    assert set(found) == {project.pk}
    assert found[project.pk][expert.pk][0].kind == "district"


def test_the_graph_asks_the_same_questions_of_one_and_of_many():
    def asked(projects):
        with CaptureQueriesContext(connection) as questions:
            graph_of(projects, ON)
        return len(questions)

    call, maker = make.small_call(), people.enterprise()
    first = make.under_review(of_call=call)
    employed_by(first.enterprise)
    bought_from(first, maker)
    one = asked([first])
    for _ in range(5):
        project = make.under_review(of_call=call)
        employed_by(project.enterprise)
        make.related(people.enterprise(), project.enterprise)
    assert asked(list(call.projects.all())) == one <= 12


def test_an_expert_who_judged_the_project_at_its_district_does_not_judge_it_at_the_city():
    project, one = make.under_review(), make.expert()
    assert one.pk not in exclusions_of(project, NOW.date())
    make.district_hand(project, one.user)

    [found] = exclusions_of(project, NOW.date())[one.pk]
    assert found.words == "办理过这个项目的区县初审"


def test_who_bears_a_name_of_the_applicants_profile_is_left_out():
    project, expert = make.under_review(), make.expert()
    profile = filing.profile(project.enterprise)
    type(profile).objects.update(legal_person=expert.user.name.replace(" ", ""))
    found = the_one(project, expert)
    assert (found.kind, found.source) == ("named", f"applications.enterpriseprofile:{profile.pk}")
    assert "法定代表人" in found.words


def test_who_bears_the_name_of_one_of_its_accounts_too():
    project, expert = make.under_review(), make.expert()
    people.filer(project.enterprise).__class__.objects.filter(organisation=project.enterprise).update(
        name=expert.user.name
    )
    assert {one.kind for one in exclusions_of(project, ON)[expert.pk]} == {"named"}
