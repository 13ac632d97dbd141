"""A policy version stands when two persons of two bureaux adopted it (第三、十七条)."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from core import audit, moves
from core.models import GroundKind, Notice
from policy import queries, services, versions
from policy.models import PolicyAdoption
from policy.rules import Determination, determine
from policy.states import AdoptionState, Reach
from tests.factories import core as people
from tests.factories.core import NOW
from tests.policy.builders import project

pytestmark = pytest.mark.django_db

STRICTER = {"settings": {"min_eligible_investment": "2000000"}, "directions": {"equipment": {"rate": "0.1"}}}


@pytest.fixture
def bureau_lead():
    return people.bureau_lead()


@pytest.fixture
def finance_lead():
    return people.finance_lead()


@pytest.fixture
def proposal(bureau_lead):
    return services.propose("2025-03", reason="办法生效", variation=STRICTER, actor=bureau_lead, at=NOW)


def test_the_other_bureau_agrees_and_it_stands(finance_lead, bureau_lead, proposal):
    adopted = services.agree(proposal, number="沈财企〔2026〕5号", actor=finance_lead, at=NOW)
    assert adopted.state == AdoptionState.ADOPTED
    assert (adopted.agreed_by, adopted.agreed_at) == (finance_lead, NOW)
    events = [event.event for event in audit.timeline_of(adopted)]
    assert events == ["policy.adopted", "policy.proposed"]
    ground = audit.timeline_of(adopted).first().ground
    assert (ground.kind, ground.number, ground.issued_by) == (GroundKind.DECISION, "沈财企〔2026〕5号", finance_lead)
    assert Notice.objects.filter(recipient=finance_lead, subject__contains="请审阅").exists()
    assert Notice.objects.filter(recipient=bureau_lead, subject__contains="同意采用").exists()


def test_nobody_agrees_to_his_own_bureaus_proposal(proposal, bureau_lead):
    with pytest.raises(moves.NotYours, match="须由市财政局负责人同意"):
        services.agree(proposal, number="", actor=bureau_lead, at=NOW)


def test_a_person_of_both_desks_is_still_one_person(proposal, finance_lead):
    PolicyAdoption.objects.filter(pk=proposal.pk).update(proposed_by=finance_lead)
    with pytest.raises(moves.NotYours):
        services.agree(proposal, number="", actor=finance_lead, at=NOW)
    with pytest.raises(IntegrityError, match="an_adoption_takes_two_persons"), transaction.atomic():
        PolicyAdoption.objects.filter(pk=proposal.pk).update(
            state=AdoptionState.ADOPTED, agreed_by=finance_lead, agreed_at=NOW
        )


@pytest.mark.parametrize("who", ["bureau_officer", "finance_lead", "supervisor"])
def test_only_the_bureaus_lead_proposes(who):
    with pytest.raises(services.ProposalRefused, match="第三条"):
        services.propose("2025-03", reason="x", actor=getattr(people, who)(), at=NOW)


def test_data_changed_after_the_proposal_is_not_adopted(proposal, finance_lead):
    PolicyAdoption.objects.filter(pk=proposal.pk).update(version_digest="0" * 64)
    with pytest.raises(moves.ConditionUnmet, match="政策数据在提出之后有改动"):
        services.agree(proposal, number="", actor=finance_lead, at=NOW)


def test_an_adopted_version_is_named_and_loads_by_its_name(proposal, finance_lead):
    services.agree(proposal, number="", actor=finance_lead, at=NOW)
    name = f"2025-03/{proposal.pk}"
    version = versions.load(name)
    assert (version.key, version.digest) == (name, proposal.version_digest)
    assert version.min_eligible == Decimal(2_000_000)
    assert queries.is_adopted(name)
    assert not queries.is_adopted("2025-03")
    assert queries.adopted_on(date(2026, 3, 5)).key == name
    assert [choice.key for choice in queries.versions_for_calls()] == [name, "2025-03"]
    with pytest.raises(versions.UnknownVersion):
        versions.load("2025-03/0")
    with pytest.raises(versions.UnknownVersion):
        versions.load("2025-03/x")


def test_without_any_adoption_the_file_in_force_governs():
    assert queries.adopted_on(date(2026, 3, 5)).key == "2025-03"
    assert not queries.is_adopted("2025-03")


def test_a_plain_adoption_keeps_the_files_name(bureau_lead, finance_lead):
    plain = services.propose("2025-03", reason="按原文", actor=bureau_lead, at=NOW)
    services.agree(plain, number="", actor=finance_lead, at=NOW)
    assert plain.name == "2025-03"
    assert queries.is_adopted("2025-03")
    assert [choice.key for choice in queries.versions_for_calls()] == ["2025-03"]


def test_a_determination_under_an_adopted_version_replays(proposal, finance_lead):
    services.agree(proposal, number="", actor=finance_lead, at=NOW)
    stored = determine(project(local_direction="equipment"), versions.load(proposal.name)).as_dict()
    assert stored["version"]["key"] == proposal.name
    again = versions.replayed(stored)
    assert again.as_dict() == stored
    assert Determination.from_dict(stored).same_figures(again)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"reason": " "}, "请写明理由"),
        ({"version_key": "1999-01"}, "没有政策版本 1999-01"),
        ({"variation": {"settings": {"rounding": "HALF_UP"}}}, "取整方向不能是"),
        ({"reaches": Reach.LISTED}, "请逐项列明项目编号"),
    ],
)
def test_what_cannot_stand_is_not_proposed(bureau_lead, changed, message):
    given = {"version_key": "2025-03", "reason": "办法生效", **changed}
    with pytest.raises(services.ProposalRefused, match=message):
        services.propose(given.pop("version_key"), **given, actor=bureau_lead, at=NOW)


def test_the_same_content_is_not_proposed_twice(proposal, bureau_lead):
    with pytest.raises(services.ProposalRefused, match="不必再提"):
        services.propose("2025-03", reason="再提", variation=STRICTER, actor=bureau_lead, at=NOW)


def test_a_refusal_gives_its_reasons_and_frees_the_content(proposal, finance_lead, bureau_lead):
    with pytest.raises(services.ProposalRefused):
        services.refuse(proposal, reason="", actor=finance_lead, at=NOW)
    refused = services.refuse(proposal, reason="门槛过高", actor=finance_lead, at=NOW)
    assert (refused.state, refused.agreed_by) == (AdoptionState.REFUSED, None)
    assert audit.timeline_of(refused).first().summary == "门槛过高"
    again = services.propose("2025-03", reason="再提", variation=STRICTER, actor=bureau_lead, at=NOW)
    assert services.withdraw(again, reason="再议", actor=bureau_lead, at=NOW).state == AdoptionState.WITHDRAWN
    with pytest.raises(moves.Overtaken):
        services.agree(again, number="", actor=finance_lead, at=NOW)


def test_the_public_reads_what_is_adopted_and_no_more(proposal, finance_lead, client):
    address = reverse("policy:adoption", args=[proposal.pk])
    assert client.get(address).status_code == 404
    services.agree(proposal, number="", actor=finance_lead, at=NOW)
    page = client.get(address).content.decode()
    assert "2,000,000 元" in page
    assert "按现行政策，未录入比例" in page and "<b>10%</b>" in page
    assert reverse("policy:adoption", args=[proposal.pk]) in client.get(reverse("policy:adoptions")).content.decode()


def test_the_pages_carry_a_proposal_to_its_adoption(client, bureau_lead, finance_lead):
    client.force_login(bureau_lead)
    page = client.get(reverse("policy:propose", args=["2025-03"]))
    typed = {
        name: field.initial if field.initial is not None else "" for name, field in page.context["form"].fields.items()
    }
    typed |= {"reason": "设最低投资", "reaches": "listed", "listed_projects": "SYJG-2026-106-001\nSYJG-2026-106-002"}
    typed |= {"setting_min_eligible_investment": "3,000,000.00", "rate_equipment": "12.5", "cap_equipment": "800000"}
    client.post(reverse("policy:propose", args=["2025-03"]), typed)
    made = PolicyAdoption.objects.get()
    assert made.variation == {
        "settings": {"min_eligible_investment": "3000000"},
        "directions": {"equipment": {"rate": "0.125", "cap": "800000"}},
    }
    assert made.listed_projects == ["SYJG-2026-106-001", "SYJG-2026-106-002"]
    client.force_login(finance_lead)
    assert "同意采用" in client.get(reverse("policy:adoption", args=[made.pk])).content.decode()
    address = reverse("policy:adoption_agree", args=[made.pk])
    assert "3,000,000 元" in client.get(address).content.decode()
    response = client.post(address, {"number": "沈财企〔2026〕5号", "seen_version": made.version}, follow=True)
    assert "已采用" in response.content.decode()
    assert queries.is_adopted(f"2025-03/{made.pk}")


def test_a_proposal_that_changes_nothing_is_the_file_itself(client, bureau_lead):
    client.force_login(bureau_lead)
    page = client.get(reverse("policy:propose", args=["2025-03"]))
    typed = {
        name: field.initial if field.initial is not None else "" for name, field in page.context["form"].fields.items()
    }
    client.post(reverse("policy:propose", args=["2025-03"]), {**typed, "reason": "按原文"})
    made = PolicyAdoption.objects.get()
    assert (made.variation, made.version_digest) == ({}, versions.load("2025-03").digest)


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("setting_min_completion_ratio", "120", "请填写 0 到 100 之间的百分比"),
        ("rate_equipment", "ten", "请填写 0 到 100 之间的百分比"),
        ("setting_award_quantum", "0.03", ""),
        ("reason", "", "请填写理由。"),
    ],
)
def test_what_was_typed_comes_back(client, bureau_lead, field, typed, message):
    client.force_login(bureau_lead)
    address = reverse("policy:propose", args=["2025-03"])
    fields = client.get(address).context["form"].fields
    values = {name: entry.initial if entry.initial is not None else "" for name, entry in fields.items()}
    response = client.post(address, {**values, "reason": "试", field: typed})
    if message:
        assert message in response.content.decode()
        assert not PolicyAdoption.objects.exists()
    else:
        assert PolicyAdoption.objects.get().variation == {"settings": {field.removeprefix("setting_"): typed}}


@pytest.mark.parametrize("page", ["adoption_agree", "adoption_refuse", "adoption_withdraw"])
def test_a_decision_is_not_everybodys(client, proposal, page):
    client.force_login(people.bureau_officer())
    assert client.get(reverse(f"policy:{page}", args=[proposal.pk])).status_code == 403
