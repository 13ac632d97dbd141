"""A stop of the automatic checks blocks the recommendation until a lead waives it with a reason."""

import pytest

from applications.models import CheckResult
from core.models import AuditEvent
from core.moves import NotYours
from review.queries import what_stops_a_recommendation
from review.services import district
from review.services.refusals import ReviewRefused
from tests.factories import core as people
from tests.factories import review as make
from tests.factories.core import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def stopped():
    """A project whose every material is verified, and whose stored answers hold one stop."""
    project = make.at_the_district()
    make.checked(project, people.district_officer())
    CheckResult.objects.create(
        submission=project.current_submission, position=1, rule="same_invoice", label="发票不重复", outcome="stop",
        found="第 1 行的发票已在另一个项目中申报。", clause="第十三条", checked_at=NOW,
    )  # fmt: skip
    return project


def test_a_stop_blocks_until_it_is_waived(stopped):
    assert "发票不重复" in what_stops_a_recommendation(stopped)

    district.waive_check(stopped, "same_invoice", reason="已核对分摊协议", actor=people.district_lead(), at=NOW)

    assert what_stops_a_recommendation(stopped) == ""
    assert AuditEvent.objects.filter(event="submission.check_waived", summary="已核对分摊协议").count() == 1


def test_a_waiver_covers_only_what_was_found_then(stopped):
    district.waive_check(stopped, "same_invoice", reason="已核对", actor=people.district_lead(), at=NOW)
    CheckResult.objects.filter(submission=stopped.current_submission).update(found="第 2 行的发票也是。")

    assert "发票不重复" in what_stops_a_recommendation(stopped)


def test_an_officer_and_another_district_may_not_waive(client, stopped):
    with pytest.raises(NotYours):
        district.waive_check(stopped, "same_invoice", reason="x", actor=people.district_officer(), at=NOW)
    client.force_login(people.district_lead("hunnan"))
    assert client.get(f"/district/{stopped.pk}/checks/same_invoice/waive/").status_code == 404


def test_a_waiver_needs_a_reason(stopped):
    with pytest.raises(ReviewRefused, match="理由"):
        district.waive_check(stopped, "same_invoice", reason=" ", actor=people.district_lead(), at=NOW)


def test_the_lead_waives_on_the_page(client, stopped):
    client.force_login(people.district_lead())
    address = f"/district/{stopped.pk}/checks/same_invoice/waive/"
    assert address in client.get(f"/district/{stopped.pk}/").content.decode()

    client.post(address, {"reason": "已核对分摊协议"})

    assert "已放行" in client.get(f"/district/{stopped.pk}/").content.decode()
