"""Decisions that take money: a breach of their two persons, or of the hearing before them, is seen."""

import pytest

from applications.models import Project
from disbursement.models import Hearing, Recovery
from portal.invariants.registry import all_invariants
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories import disbursement as money
from tests.factories.core import NOW
from tests.portal.test_invariants import without

pytestmark = pytest.mark.django_db


def faults_of(key):
    [invariant] = [one for one in all_invariants() if one.key == key]
    return invariant.look().faults


def test_a_decision_signed_by_who_announced_it_is_found():
    heard = money.heard(filings.project("city_review"))
    without("disbursement_hearing", "who_signs_neither_announced_nor_weighed")
    signed = {
        "state": "signed",
        "closed_by": heard.notified_by,
        "closed_at": NOW,
        "decision": people.ground("decision"),
    }
    assert faults_of("6s") == []

    Hearing.objects.filter(pk=heard.pk).update(**signed)

    assert len(faults_of("6s")) == 1


def test_a_recovery_nobody_was_heard_about_is_found():
    project = filings.project("terminated")
    late = {"project": project, "ground": people.ground(), "demanded": 100, "raised_at": NOW}
    Recovery.objects.create(reason="late_payment", **late)
    assert faults_of("6t") == []

    Recovery.objects.create(reason="revoked", **late)

    assert len(faults_of("6t")) == 1


def test_a_project_that_left_while_its_enterprise_was_heard_is_found():
    made = money.hearing(filings.project("city_review"))
    assert faults_of("6u") == []

    Project.objects.filter(pk=made.project_id).update(state="withdrawn")

    assert len(faults_of("6u")) == 1
