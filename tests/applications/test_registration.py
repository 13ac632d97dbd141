"""An enterprise registers itself; its district verifies or refuses; until then nothing is filed."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from applications import services
from applications.models import Registration
from core import moves
from core.audit import timeline_of
from core.models import Notice, Organisation, Role, User, Zone
from core.people import roles_of
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories.core import NOW, credit_code

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked():
    return filings.registration()


def answer(record, by, *, verified=True, reason=""):
    return services.decide_registration(record, verified=verified, reason=reason, actor=by, at=NOW)


def typed(**changes):
    form = {
        "kind": "enterprise", "uscc": credit_code(8000), "enterprise": "沈阳新来企业有限公司", "place": f"district-{people.district().pk}",
        "name": "何先生", "email": "He@Example.com", "phone": "13900000000", "password": "portal-test-2026",
        "again": "portal-test-2026",
    }  # fmt: skip
    return form | changes


def test_it_makes_the_enterprise_and_its_first_person_with_both_roles(asked):
    assert roles_of(asked.applicant) == {Role.ENTERPRISE_FILER, Role.ENTERPRISE_APPROVER}
    assert (asked.state, asked.district.slug, asked.due_on) == ("requested", "tiexi", date(2026, 3, 12))
    assert [event.event for event in timeline_of(asked)] == ["registration.requested"]


def test_the_desk_of_the_district_is_told():
    officer, elsewhere = people.district_officer(), people.district_officer("hunnan")

    filings.registration()

    assert Notice.objects.filter(recipient=officer).count() == 1
    assert not Notice.objects.filter(recipient=elsewhere).exists()


@pytest.mark.parametrize("who", [people.district_officer, people.district_lead])
def test_the_district_verifies_and_it_is_recorded(asked, who):
    fresh = answer(asked, who())

    assert fresh.state == "verified"
    assert timeline_of(fresh)[0].event == "registration.verified"
    assert Notice.objects.get(recipient=asked.applicant).subject == "注册已核验通过"


def test_the_district_refuses_with_a_reason_the_enterprise_reads(asked):
    answer(asked, people.district_lead(), verified=False, reason="名称与执照不符")

    assert "名称与执照不符" in Notice.objects.get(recipient=asked.applicant).body


@pytest.mark.parametrize(
    "who", [people.approver, people.bureau_lead, people.administrator, lambda: people.district_lead("hunnan")]
)
def test_nobody_else_answers(asked, who):
    with pytest.raises(moves.NotYours):
        answer(asked, who())


def test_it_is_answered_once(asked):
    answer(asked, people.district_lead())

    with pytest.raises(moves.Overtaken):
        answer(asked, people.district_lead(), verified=False, reason="再看")


def test_an_unverified_enterprise_starts_no_filing(asked):
    call = filings.call()
    begin = {"call": call, "enterprise": asked.organisation, "track": "point", "title": "改造", "at": NOW}

    with pytest.raises(services.DraftRefused, match="核验通过后即可开始申报"):
        services.start_project(**begin, actor=asked.applicant)
    answer(asked, people.district_lead())

    assert services.start_project(**begin, actor=asked.applicant).state == "draft"


def test_a_code_that_is_here_is_sent_to_its_own_approver(client):
    there = people.approver()

    page = client.post(reverse("register"), typed(uscc=there.organisation.uscc)).content.decode()

    assert "请联系本单位的审批人" in page
    assert there.name not in page and there.organisation.name not in page


def test_a_refused_enterprise_registers_anew_with_the_same_email(asked):
    answer(asked, people.district_lead(), verified=False, reason="区县不符")

    again = filings.registration("hunnan", uscc=asked.organisation.uscc, email=asked.applicant.email)

    assert (again.organisation, again.district.slug, again.state) == (asked.organisation, "hunnan", "requested")
    assert not User.objects.get(pk=asked.applicant_id).is_active


def test_an_email_in_use_is_refused_and_nothing_is_kept(asked):
    with pytest.raises(services.RegistrationRefused):
        filings.registration(email=asked.applicant.email.upper())

    assert (Registration.objects.count(), Organisation.objects.filter(kind="enterprise").count()) == (1, 1)


@pytest.mark.parametrize("code", ["", "9121", credit_code(7)[:17] + "!", "O" * 18, "💥", "12100000000000000X"])
def test_a_code_that_cannot_be_is_refused(code):
    with pytest.raises(ValidationError):
        filings.registration(uscc=code or " ")


def test_the_page_registers_through_the_zone_of_a_district(client):
    zone = Zone.objects.create(name="示例开发区", district=people.district("hunnan"))

    answered = client.post(reverse("register"), typed(place=f"zone-{zone.pk}"), follow=True)

    made = Registration.objects.get()
    assert (made.district.slug, made.applicant.username) == ("hunnan", "he@example.com")
    assert "注册申请已提交" in answered.content.decode()
    assert made.applicant.check_password("portal-test-2026")


@pytest.mark.parametrize(
    "wrong",
    [{"again": "other-password-1"}, {"password": "123", "again": "123"}, {"place": "zone-999999"}, {"place": "<x>"},
     {"phone": "call me"}, {"email": "no"}, {"name": ""}, {"enterprise": "\x00"}, {"uscc": "9" * 4000}],
)  # fmt: skip
def test_a_mistyped_form_comes_back_and_nothing_is_kept(client, wrong):
    page = client.post(reverse("register"), typed(**wrong))

    assert page.status_code == 200
    assert not Registration.objects.exists()


def test_a_stranger_sees_404_and_other_roles_403(client, asked):
    address = reverse("registration", args=[asked.pk])
    found = {}
    for name, who in {"elsewhere": people.district_lead("hunnan"), "bureau": people.bureau_lead()}.items():
        client.force_login(who)
        found[name] = client.get(address).status_code

    assert found == {"elsewhere": 404, "bureau": 403}


def test_the_page_answers_and_refusing_needs_a_reason(client, asked):
    client.force_login(people.district_officer())
    address = reverse("registration", args=[asked.pk])

    assert "须写明原因" in client.post(address, {"decision": "no", "reason": ""}).content.decode()
    client.post(address, {"decision": "no", "reason": "区县不符", "seen": asked.version})

    asked.refresh_from_db()
    assert (asked.state, asked.reason) == ("refused", "区县不符")


def test_the_list_asks_the_same_whatever_it_holds(client, django_assert_max_num_queries):
    client.force_login(people.district_officer())
    for count in (1, 3):
        for _ in range(count):
            filings.registration(at=timezone.now())
        with django_assert_max_num_queries(12):
            page = client.get(reverse("registrations")).content.decode()

    assert page.count("沈阳自报企业") == 4


def test_the_enterprise_reads_calmly_that_it_waits(client, asked):
    client.force_login(asked.applicant)

    assert "在此之前可以填写企业档案" in client.get(reverse("enterprise")).content.decode()
