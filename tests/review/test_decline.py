"""A refusal at any step reaches the enterprise with reasons, clause and where to turn (第九条)."""

import pytest

from applications.models import Project
from applications.states import State
from core import audit
from core.models import Notice
from core.moves import NotYours, Overtaken
from review.models import Assignment, EntryOutcome, NoticeEntry
from review.services import decisions
from review.services.refusals import ReviewRefused
from tests.factories import applications as filed
from tests.factories import core as people
from tests.factories import review as make
from tests.factories.core import NOW

pytestmark = pytest.mark.django_db
SAID = {"reasons": "项目行业不属于试点行业。", "clause": "第五条", "number": "示例决〔2026〕1号"}
DECIDERS = {
    State.DISTRICT_REVIEW: "district_lead",
    State.CITY_REVIEW: "bureau_lead",
    State.PUBLIC_NOTICE: "bureau_lead",
    State.GOVERNMENT_APPROVAL: "government",
}


def refuse(project, actor, **said):
    return decisions.decline(project, **{**SAID, **said}, actor=actor, at=NOW)


@pytest.mark.parametrize("state", DECIDERS)
def test_the_decider_of_each_step_declines_and_it_is_recorded(state):
    moved = refuse(filed.project(state), getattr(people, DECIDERS[state])())
    event = audit.timeline_of(moved).first()
    assert (moved.state, event.event, event.ground.facts["clause"]) == (State.DECLINED, "project.declined", "第五条")


@pytest.mark.parametrize("state", DECIDERS)
@pytest.mark.parametrize("who", ["approver", "district_officer", "bureau_officer", "expert", "supervisor"])
def test_nobody_else_declines(state, who):
    with pytest.raises(NotYours):
        refuse(filed.project(state), getattr(people, who)())


@pytest.mark.parametrize("state", [State.DRAFT, State.CORRECTION, State.AGREEMENT, State.SETTLED])
def test_other_states_are_not_declined(state):
    with pytest.raises(Overtaken):
        refuse(filed.project(state), people.bureau_lead())


def test_the_letter_says_why_by_which_clause_and_where_to_turn():
    project = filed.project(State.DISTRICT_REVIEW)
    owner = people.approver(project.enterprise)
    refuse(project, people.district_lead())
    body = Notice.objects.get(recipient=owner).body
    for said in ("项目行业不属于试点行业。", "第五条", "示例决〔2026〕1号", "行政复议"):
        assert said in body


@pytest.mark.parametrize("missing", ["reasons", "clause"])
def test_a_refusal_without_reasons_or_clause_is_none(missing):
    with pytest.raises(ReviewRefused):
        refuse(filed.project(State.DISTRICT_REVIEW), people.district_lead(), **{missing: " "})


def test_it_shuts_the_experts_window_and_takes_the_project_out_of_its_notice():
    project = make.under_review()
    make.assigned(project)
    refuse(project, people.bureau_lead())
    assert not Assignment.objects.filter(open=True).exists()
    shown = make.concluded()
    make.published(shown)
    refuse(Project.objects.get(pk=shown.pk), people.bureau_lead())
    assert NoticeEntry.objects.get(project=shown).outcome == EntryOutcome.REMOVED


def test_the_page_declines_for_the_lead_and_is_404_to_a_stranger(visit, post):
    project = make.at_the_district("tiexi")
    assert visit(people.district_lead("hunnan"), "project-decline", project.pk).status_code == 404
    assert visit(people.approver(project.enterprise), "project-decline", project.pk).status_code == 403
    assert visit(people.bureau_lead(), "project-decline", project.pk).status_code == 403
    answer = post(people.district_lead(), "project-decline", project.pk, data={**SAID, "turn_to": "行政复议。"})
    assert answer.status_code == 302
    assert Project.objects.get(pk=project.pk).state == State.DECLINED
