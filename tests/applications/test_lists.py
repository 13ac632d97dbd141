"""Lists ask the database as often for one row as for thirty, and never more than twelve times."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications import services
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories.core import NOW

pytestmark = pytest.mark.django_db


def queries(client, address):
    client.get(address)  # caches of the process are warm
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def grows(client, address, add):
    """The number of queries with one row and with thirty."""
    add()
    one = queries(client, address)
    for _ in range(29):
        add()
    return one, queries(client, address)


def test_the_list_of_calls(client, live_call):
    client.force_login(people.approver())

    one, thirty = grows(client, "/calls/", filings.call)

    assert one == thirty <= 12


def test_the_list_of_groups(client, live_call):
    lead = people.approver()
    client.force_login(lead)

    def add():
        group = services.open_group(
            call=live_call,
            lead=lead.organisation,
            track="line",
            name="机床链",
            place="机床",
            plan="同步",
            actor=lead,
            at=NOW,
        )
        services.invite(group, uscc=people.enterprise().uscc, actor=lead, at=NOW)

    one, thirty = grows(client, "/groups/", add)

    assert one == thirty <= 12


def test_the_list_of_accounts_to_confirm(client):
    client.force_login(people.bureau_officer())

    def add():
        person = people.approver()
        services.enter_account(
            person.organisation, holder=person.organisation.name, bank="示例银行", cnaps="000221000000",
            number="0000000000000001", actor=person, at=NOW,
        )  # fmt: skip

    one, thirty = grows(client, "/enterprise/accounts/", add)

    assert one == thirty <= 12
