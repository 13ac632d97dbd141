"""The demonstration: every row where its status says, everything that always holds holds, loaded once only."""

import pytest
from django.contrib.auth import authenticate

from applications.models import Project
from applications.states import State
from core.models import Notice, Role, User
from core.people import roles_of
from disbursement.models import PaymentBatch, Recovery
from disbursement.states import BatchState
from portal.demo.accounts import ACCOUNTS, PASSWORD
from portal.demo.load import load
from portal.demo.papers import sample_pdf
from portal.demo.rows import rows
from portal.invariants.registry import look
from portal.queries.desk import desk_of
from tests.factories.core import NOW

pytestmark = [
    pytest.mark.usefixtures("demonstration"),
    pytest.mark.django_db,
]

STANDS = {
    "草稿": {State.DRAFT},
    "初审中": {State.DISTRICT_REVIEW},
    "疑似重复": {State.DISTRICT_REVIEW},
    "退回补正": {State.CORRECTION},
    "初审不通过": {State.DECLINED},
    "已撤回": {State.WITHDRAWN},
    "评审中": {State.CITY_REVIEW},
    "公示中": {State.PUBLIC_NOTICE},
    "公示有异议": {State.PUBLIC_NOTICE},
    "市政府审定": {State.GOVERNMENT_APPROVAL},
    "任务书已签": {State.AGREEMENT, State.DISBURSEMENT},  # two of the five still wait for a signature
    "拨付中": {State.DISBURSEMENT},
    "变更审核中": {State.DISBURSEMENT},
    "终止": {State.TERMINATED},
    "验收中": {State.ACCEPTANCE},
    "验收不通过待整改": {State.RECTIFICATION},
    "验收通过": {State.SETTLEMENT, State.SETTLED},  # one of the four still waits for its last instalment
}


def test_every_row_stands_where_its_status_says():
    stands = {project.title: project.state for project in Project.objects.all()}

    astray = [row.key for row in rows() if stands[row.title] not in STANDS[row.status]]

    assert (len(stands), astray) == (39, [])  # and one of a local direction


def test_everything_that_always_holds_holds():
    assert {finding.invariant.key: finding.faults for finding in look() if not finding.holds} == {}


def test_loading_twice_changes_nothing():
    before = (Project.objects.count(), User.objects.count())

    assert load(NOW) == 0
    assert (Project.objects.count(), User.objects.count()) == before


def test_every_account_has_its_roles_and_the_password(rf):
    for account in ACCOUNTS:
        user = User.objects.get(username=account.username)
        assert roles_of(user) == frozenset(account.roles), account.username
    request = rf.post("/accounts/login/")

    assert authenticate(request, username="bureau", password=PASSWORD) is not None


@pytest.mark.parametrize(
    "username",
    ["enterprise2", "enterprise12", "enterprise14", "district-tiexi", "bureau", "bureau-lead", "expert1", "finance",
     "finance-lead", "government", "assessor"],
)  # fmt: skip
def test_every_desk_has_work(username):
    desk = desk_of(User.objects.get(username=username), at=NOW)

    assert desk.waiting > 0, username


def test_no_clock_of_the_demonstration_is_over():
    assert list(Project.objects.filter(due_on__lt=NOW.date()).values_list("title", "due_on")) == []


def test_money_waits_at_both_hands_of_finance_and_comes_back():
    states = set(PaymentBatch.objects.values_list("state", flat=True))

    assert {BatchState.CHECKED, BatchState.REVIEWED, BatchState.COMPLETED} <= states
    assert 0 < Recovery.objects.get().outstanding < Recovery.objects.get().demanded


def test_letters_of_past_days_are_not_mailed():
    assert not Notice.objects.filter(mailed_at=None).exists()


def test_all_roles_are_played():
    assert {role for account in ACCOUNTS for role in account.roles} == set(Role)


def test_sample_papers_are_small_and_distinct():
    one, other = sample_pdf(["大型矿山装备", "E001"]), sample_pdf(["五轴机床", "E002"])

    assert one.startswith(b"%PDF-1.4") and one != other
    assert len(one) < 3000


def test_every_link_of_an_enterprises_record_opens(client):
    user = User.objects.get(username="enterprise2")
    client.force_login(user)
    project = Project.objects.get(enterprise=user.organisation)

    shown = client.get(f"/projects/{project.pk}/records/").context["shown"]

    assert "拨付到账" in {event["title"] for event in shown}
    links = {event["ground_url"] for event in shown if event["ground_url"]}
    assert {client.get(link).status_code for link in links} == {200}
