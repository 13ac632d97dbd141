"""一企一档: the profile, and the bank account that one person enters and another confirms."""

from datetime import date

import pytest
from django.utils import timezone

from applications import services
from applications.facts.honesty import is_dishonest
from applications.forms.enterprises import ConfirmAccountForm
from applications.models import BankAccount, EnterpriseProfile
from core.models import AuditEvent
from tests.factories import core as people
from tests.factories import filing
from tests.factories.core import NOW

pytestmark = pytest.mark.django_db

ACCOUNT = {"bank": "示例银行沈阳示例支行", "cnaps": "000221000000", "number": "0000000000000001"}


@pytest.fixture
def person():
    return people.approver()


@pytest.fixture
def account(person):
    own = person.organisation
    return services.enter_account(own, holder=own.name, **ACCOUNT, actor=person, at=NOW)


def test_an_account_counts_only_after_another_person_confirmed_it(account, person):
    assert services.account_in_use(person.organisation) is None

    services.confirm_account(account, actor=people.bureau_officer(), at=NOW)

    assert services.account_in_use(person.organisation) == account


def test_another_approver_of_the_enterprise_may_confirm(account, person):
    colleague = people.approver(person.organisation)

    assert services.confirm_account(account, actor=colleague, at=NOW).confirmed_by == colleague


def test_the_person_who_entered_it_cannot_confirm(account, person):
    with pytest.raises(services.AccountRefused, match="另一位审批人"):
        services.confirm_account(account, actor=person, at=NOW)


@pytest.mark.parametrize("who", ["approver", "filer", "district_lead", "finance_officer", "supervisor"])
def test_strangers_and_other_desks_cannot_confirm(account, who):
    with pytest.raises(services.AccountRefused):
        services.confirm_account(account, actor=getattr(people, who)(), at=NOW)


def test_a_new_account_replaces_the_old_one_when_it_is_confirmed(account, person):
    officer, own = people.bureau_officer(), person.organisation
    services.confirm_account(account, actor=officer, at=NOW)
    second = services.enter_account(
        own, holder=own.name, **{**ACCOUNT, "number": "00000000000099"}, actor=person, at=NOW
    )
    assert services.account_in_use(own) == account

    services.confirm_account(second, actor=officer, at=NOW)

    assert services.account_in_use(own) == second
    assert BankAccount.objects.get(pk=account.pk).replaced_at == NOW


def test_the_number_is_in_no_audit_event(account):
    event = AuditEvent.objects.get(event="enterprise.account_entered")

    assert ACCOUNT["number"] not in str(event.facts) + event.summary
    assert event.facts["tail"] == "0001"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"holder": "别人的公司"}, "户名须与企业名称一致"),
        ({"number": "12ab"}, "8 至 32 位数字"),
        ({"cnaps": "123"}, "12 位数字"),
    ],
)
def test_a_wrong_account_comes_back_with_its_message(client, person, changed, said):
    client.force_login(person)
    data = {"holder": person.organisation.name, **ACCOUNT, **changed}

    page = client.post("/enterprise/account/", data).content.decode()

    assert said in page
    assert f'value="{next(iter(changed.values()))}"' in page
    assert not BankAccount.objects.exists()


def test_the_second_person_types_the_number_again(client, account):
    client.force_login(people.bureau_officer())
    address = f"/enterprise/accounts/{account.pk}/confirm/"

    assert "与录入的账号不一致" in client.post(address, {"number": "0000000000000002"}).content.decode()
    client.post(address, {"number": "0000 0000 0000 0001"})

    assert BankAccount.objects.get().confirmed_at is not None


@pytest.mark.parametrize(("deed", "why"), [("confirm", "且只复核一次。"), ("recheck", "且只核实一次。")])
def test_whoever_comes_second_reads_why_and_keeps_what_he_typed(client, account, person, monkeypatch, deed, why):
    officer, number = people.bureau_officer(), ACCOUNT["number"]
    if deed == "recheck":
        services.confirm_account(account, actor=people.bureau_lead(), at=timezone.now())
        services.confirm_account(  # another in its place: changed, to be looked at by a third person
            account := services.enter_account(
                person.organisation, holder=person.organisation.name, **ACCOUNT, actor=person, at=timezone.now()
            ),
            actor=people.bureau_lead(), at=timezone.now(),
        )  # fmt: skip
    quicker, done = people.bureau_officer(), getattr(services, f"{deed}_account")
    monkeypatch.setattr(
        ConfirmAccountForm, "clean", lambda form: done(account, actor=quicker, at=timezone.now()) and None
    )
    client.force_login(officer)

    answer = client.post(f"/enterprise/accounts/{account.pk}/{deed}/", {"number": number})

    assert (answer.status_code, why in answer.content.decode()) == (200, True)
    assert f'value="{number}"' in answer.content.decode()


def test_whoever_opens_what_is_done_is_told_by_whom(client, account):
    services.confirm_account(account, actor=people.bureau_lead(), at=NOW)
    client.force_login(people.bureau_officer())

    for deed in ("confirm", "recheck"):
        page = client.post(f"/enterprise/accounts/{account.pk}/{deed}/", {"number": "1"}, follow=True)
        assert "已由市局负责人" in page.content.decode() and page.redirect_chain


def test_the_one_who_entered_gets_403_and_a_stranger_404(client, account, person):
    address = f"/enterprise/accounts/{account.pk}/confirm/"
    client.force_login(person)
    assert client.get(address).status_code == 403

    client.force_login(people.approver())
    assert client.get(address).status_code == 404


def test_the_page_masks_the_number(client, account, person):
    client.force_login(person)

    page = client.get("/enterprise/").content.decode()

    assert "0000****0001" in page
    assert ACCOUNT["number"] not in page


def test_the_profile_is_saved_and_wrong_answers_come_back(client, person):
    client.force_login(person)
    given = {
        "address": "铁西区",
        "industry": "3421",
        "legal_person": "周一",
        "contact": "林一",
        "phone": "024-22721234",
    }
    page = client.post("/enterprise/profile/", {**given, "industry": "0000", "email": "不是邮箱"}).content.decode()
    assert "没有 0000" in page
    assert "邮箱格式不正确" in page

    client.post("/enterprise/profile/", given)

    assert EnterpriseProfile.objects.get().industry == "3421"


def test_the_register_of_dishonesty_has_a_beginning_and_an_end():
    own = people.enterprise()
    own.dishonesty_entries.create(
        ground=people.ground(), reason="虚构发票", from_on=date(2026, 1, 1), to_on=date(2026, 6, 30)
    )

    assert [is_dishonest(own, day) for day in (date(2025, 12, 31), date(2026, 3, 1), date(2026, 7, 1))] == [
        False,
        True,
        False,
    ]


def test_a_profile_is_asked_for_before_filing(live_call):
    project = filing.ready(of_call=live_call)
    EnterpriseProfile.objects.all().delete()

    with pytest.raises(services.Incomplete, match="一企一档"):
        services.submit(project, actor=project.created_by, at=NOW)
