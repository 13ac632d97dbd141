"""The 链主 list is the bureau's: dated entries with their document, ended and never erased, each step recorded."""

from datetime import date

import pytest
from django.urls import reverse

from applications import services
from applications.models import ChainLeaderCertificate
from core.audit import timeline_of
from tests.factories import core as people
from tests.factories.core import NOW, credit_code

pytestmark = pytest.mark.django_db

FROM = date(2026, 1, 1)
OTHERS = ["approver", "district_lead", "finance_lead", "supervisor", "administrator"]


@pytest.fixture
def enterprise():
    return people.enterprise()


def certify(enterprise, by=None, **changes):
    given = {"chain": "汽车", "document_number": "示例〔2026〕3号", "valid_from": FROM} | changes
    return services.certify_chain_leader(uscc=enterprise.uscc, **given, actor=by or people.bureau_officer(), at=NOW)


def test_an_entry_covers_its_days_and_is_recorded(enterprise):
    entry = certify(enterprise)
    services.end_chain_leader(
        entry, valid_to=date(2026, 6, 30), document_number="示例〔2026〕9号", actor=people.bureau_lead(), at=NOW
    )

    covered = [ChainLeaderCertificate.covers(enterprise.pk, date(2026, *day)) for day in ((1, 1), (6, 30), (7, 1))]
    assert covered == [True, True, False]
    assert [event.event for event in timeline_of(enterprise)] == [
        "enterprise.chain_leader_ended", "enterprise.chain_leader_certified",
    ]  # fmt: skip


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_changes_the_list(client, enterprise, who):
    person = getattr(people, who)()
    client.force_login(person)

    assert client.get(reverse("chain-leaders")).status_code == 403
    with pytest.raises(services.ChainLeaderRefused):
        certify(enterprise, by=person)


@pytest.mark.parametrize(
    "wrong", [{"valid_to": date(2025, 1, 1)}, {}], ids=["ends before it begins", "stands there already"]
)
def test_an_entry_that_cannot_be_is_refused(enterprise, wrong):
    if not wrong:
        certify(enterprise)

    with pytest.raises(services.ChainLeaderRefused):
        certify(enterprise, **wrong)


def test_the_page_adds_and_ends_and_says_what_is_unknown(client, enterprise):
    client.force_login(people.bureau_officer())
    typed = {"uscc": enterprise.uscc, "chain": "汽车", "document_number": "示例〔2026〕3号", "valid_from": "2026-01-01"}
    unknown = client.post(reverse("chain-leaders"), typed | {"uscc": credit_code(8500)}).content.decode()
    client.post(reverse("chain-leaders"), typed)
    entry = ChainLeaderCertificate.objects.get()
    client.post(reverse("chain-leader-end", args=[entry.pk]), {"valid_to": "2026-06-30", "document_number": "9号"})

    entry.refresh_from_db()
    assert "请企业先注册" in unknown
    assert (entry.organisation, entry.valid_to) == (enterprise, date(2026, 6, 30))


def test_the_list_asks_the_same_whatever_it_holds(client, django_assert_max_num_queries):
    client.force_login(people.bureau_officer())
    for count in (1, 3):
        for _ in range(count):
            certify(people.enterprise(), by=people.bureau_lead())
        with django_assert_max_num_queries(12):
            client.get(reverse("chain-leaders"))
