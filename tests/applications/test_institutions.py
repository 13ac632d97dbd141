"""高校、院所、社会组织、园区: they register with their kind of code and file in calls for a local direction (第七条二)."""

from decimal import Decimal

import pytest
from django.urls import reverse

from applications import services
from applications.models import Determination, Project, Track
from core.codes import inner_check_character, uscc_check_character
from core.models import Organisation, OrganisationKind
from disbursement.facts import central_cap
from policy import services as policy
from policy.rules.determination import OK_LOCAL
from review.services import district
from tests.applications.test_registration import typed
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories import filing
from tests.factories import review as reviewing
from tests.factories.core import NOW, moment

pytestmark = pytest.mark.django_db
RATES = {"directions": {"service_providers": {"rate": "0.30", "cap": "1000000.00"}}}


def code(prefix, number=1):
    body = f"{prefix}210112PDY9{number:04d}"
    body += inner_check_character(body[8:])
    return body + uscc_check_character(body)


def university(name="沈阳示例大学"):
    place = people.enterprise(name)
    Organisation.objects.filter(pk=place.pk).update(kind=OrganisationKind.UNIVERSITY, uscc=code("12", place.pk % 9999))
    return people.approver(Organisation.objects.get(pk=place.pk))


def local_call(**fields):
    adopted = policy.propose("2025-03", reason="录入比例。", variation=RATES, actor=people.bureau_lead(), at=NOW)
    policy.agree(adopted, number="示例财〔2026〕9号", actor=people.finance_lead(), at=NOW)
    return filings.call(
        direction="service_providers",
        tracks=[Track.LOCAL],
        policy_version=adopted.name,
        closes_at=moment(4000),
        **fields,
    )


def ready(call, actor):
    return filing.ready(
        of_call=call,
        actor=actor,
        track=Track.LOCAL,
        lines=[{"category": "service", "name": "诊断", "amount": Decimal(2_000_000)}],
    )


@pytest.mark.parametrize(
    ("kind", "prefix", "taken"),
    [
        ("university", "12", True), ("institute", "52", True), ("association", "51", True), ("park", "11", True),
        ("university", "91", False), ("enterprise", "12", False), ("association", "12", False), ("park", "51", False),
    ],
)  # fmt: skip
def test_each_kind_registers_with_its_kind_of_code(client, kind, prefix, taken):
    page = client.post(reverse("register"), typed(kind=kind, uscc=code(prefix)), follow=True).content.decode()

    assert Organisation.objects.filter(uscc=code(prefix), kind=kind).exists() is taken
    assert ("开头" in page) is not taken


def test_an_institution_files_nowhere_but_in_a_local_direction(live_call):
    with pytest.raises(services.DraftRefused, match="改造项目由企业申报"):
        filing.started(of_call=live_call, actor=university())

    assert filing.started(of_call=local_call(), actor=university(), track=Track.LOCAL).track == "local"


def test_an_enterprise_may_file_in_a_local_direction_too_but_not_as_a_point():
    call, approver = local_call(), people.approver()
    with pytest.raises(services.DraftRefused, match="不受理"):
        filing.started(of_call=call, actor=approver)

    assert filing.started(of_call=call, actor=approver, track=Track.LOCAL).group is None


def test_neither_industry_nor_task_nor_filing_number_is_asked():
    project = ready(local_call(), university())
    services.save_basics(
        project, values={"industry": "", "task": None, "filing_number": ""}, actor=project.created_by, at=NOW
    )

    assert services.submit(project, actor=project.created_by, at=NOW).number


def test_its_determination_is_local_money_alone_by_the_adopted_rate_with_its_clause():
    project = ready(local_call(), university())
    services.submit(project, actor=project.created_by, at=NOW)

    made = Determination.objects.get(project=project)

    assert (made.verdict, made.limit, made.ceiling) == (OK_LOCAL, Decimal(600_000), None)
    assert (Decimal(made.result["central"]), Decimal(made.result["local"])) == (0, 600_000)
    assert {step["clause"][:6] for step in made.result["steps"] if step["key"].startswith("local")} == {"第七条（二）"}
    assert central_cap(made) == 0


def test_its_people_are_called_by_what_it_is(client):
    client.force_login(university())

    shown = client.get("/enterprise/").content.decode()

    assert "单位审批人" in shown
    assert "企业审批人" not in shown


def test_it_walks_to_the_districts_recommendation():
    project = ready(local_call(), university())
    filed = services.submit(project, actor=project.created_by, at=NOW)
    judged = reviewing.with_opinion(filed, people.district_officer())

    district.countersign_and_recommend(judged, number="示例铁工信〔2026〕1号", actor=people.district_lead(), at=NOW)

    assert Project.objects.get(pk=project.pk).state == "city_review"


@pytest.mark.parametrize(
    "page", ["", "basics/", "content/", "lines/", "funding/", "indicators/", "materials/", "submit/"]
)
def test_its_pages_open_and_say_nothing_of_points_lines_and_areas(client, page):
    project = ready(local_call(), university())
    client.force_login(project.created_by)

    shown = client.get(f"/filing/{project.pk}/{page}").content.decode()

    assert "协同组" not in shown.partition("<main")[2]


def test_the_form_begins_without_a_track_to_choose(client):
    call, approver = local_call(opens_at=moment(-10)), university()
    filing.profile(approver.organisation)
    client.force_login(approver)
    address = reverse("filing-new", args=[call.pk])
    assert 'type="radio"' not in client.get(address).content.decode()

    client.post(address, {"track": "local", "title": "诊断服务"})

    assert Project.objects.get().track == "local"
