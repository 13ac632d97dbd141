"""Determinations and holds: results are kept side by side, holds stop a project until lifted."""

from datetime import date
from decimal import Decimal

import pytest

from applications import services
from applications.models import Determination
from core import moves
from core.models import AuditEvent, GroundKind
from policy.rules import recompute
from policy.rules.determination import Determination as Answer
from policy.versions import load
from tests.factories import core as people
from tests.factories import filing
from tests.factories.core import NOW

pytestmark = pytest.mark.django_db


def test_a_stored_determination_recomputes_to_the_same_figures():
    stored = Determination.objects.get(project=filing.filed())

    kept = Answer.from_dict(stored.result)

    assert recompute(kept.facts, load(stored.policy_version)).same_figures(kept)


def test_determining_again_keeps_the_earlier_result_and_says_why():
    project = filing.filed()

    again = services.determine_again(
        project, actor=people.bureau_officer(), at=NOW, reason="核减重复发票", dup_invoice=Decimal("4600000")
    )

    assert [row.ceiling for row in project.determinations.order_by("pk")] == [
        Decimal("3690000.00"),
        Decimal("3000000.00"),
    ]
    assert project.determinations.get(is_current=True) == again
    assert AuditEvent.objects.get(event="project.determined_again").summary == "核减重复发票"


def test_an_industry_outside_the_four_is_filed_for_local_money(live_call):
    project = filing.ready(of_call=live_call)
    services.save_basics(project, values={"industry": "3612"}, actor=project.created_by, at=NOW)

    filed = services.submit(project, actor=project.created_by, at=NOW)

    stored = Determination.objects.get(project=filed)
    assert stored.result["central"] in ("0.00", None, "0")


def test_a_hold_stops_the_way_until_it_is_lifted():
    project, lead = filing.filed(), people.district_lead()
    hold = services.place_hold(
        project, kind="inspection", note="核查发票", ground=people.ground(), actor=people.bureau_lead(), at=NOW
    )
    opinion = people.ground(GroundKind.OPINION)
    with pytest.raises(moves.ConditionUnmet, match="未解除的暂停"):
        moves.perform(project, "recommend", actor=lead, at=NOW, ground=opinion, due_on=date(2026, 4, 1))

    services.lift_hold(hold, ground=people.ground(), actor=people.bureau_lead(), at=NOW)

    assert not services.open_holds(project).exists()
    assert moves.perform(project, "recommend", actor=lead, at=NOW, ground=opinion, due_on=date(2026, 4, 1))
