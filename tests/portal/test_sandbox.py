"""The policy sandbox: saved, worked out, compared, exported - and no project is any different for it."""

import io

import openpyxl
import pytest
from django.urls import reverse

from applications.models import Determination, Project
from applications.states import State
from core import files, jobs
from core.models import AuditEvent, Job
from core.money import to_fen
from disbursement.models import Pool
from portal.sandbox import services
from portal.sandbox.models import Scenario
from tests.factories import core as people
from tests.factories.portal import portfolio, reported, scenario, scenario_result
from tests.questions import Questions

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    user = people.bureau_officer()
    client.force_login(user)
    return user


def typed(client, **changed):
    """The form as the page offers it, with some entries changed."""
    form = client.get(reverse("sandbox-new")).context["form"]
    held = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    return {**{name: value for name, value in held.items() if value is not None}, "name": "点上两成", **changed}


def made(client, **changed):
    answer = client.post(reverse("sandbox-new"), typed(client, **changed))
    assert answer.status_code == 302, answer.context["form"].errors
    return Scenario.objects.get(pk=answer.url.split("/")[-2])


def test_a_scenario_keeps_what_was_changed_and_what_came_out(client, officer):
    portfolio(6)

    one = made(client, **{"rate_DIAN-OTHER": "20", "cap_XIAN-OTHER": "600", "set_dedupe": "TOP_UP", "shares": "30、70"})

    assert one.variation == {
        "standards": {
            "DIAN-OTHER": {"rate": "0.2"}, "DIAN-LEADER": {"rate": "0.2"}, "XIAN-OTHER": {"cap": "6000000.00"},
        },
        "settings": {"dedupe": "TOP_UP"},
    }  # fmt: skip
    assert one.shares == ["0.3", "0.7"]
    assert one.result.projects == 6
    assert one.result.summary["gain"][0] == 2


def test_the_form_as_it_is_offered_changes_nothing(client, officer):
    portfolio(6)

    one = made(client)

    assert one.variation == {}
    assert one.result.summary["base"] == one.result.summary["new"]
    assert "没有改动" in client.get(one.get_absolute_url()).content.decode()


def test_pools_are_those_held_unless_others_are_typed(client, officer):
    portfolio(3)
    Pool.objects.create(source="central", year=2026, budget=1_000_000)
    Pool.objects.create(source="city", year=2026, budget=500_000)
    Pool.objects.create(source="central", year=2020, budget=9_000_000)

    held, typed_in = made(client, year="2026"), made(client, year="2026", central_pool="2,000.5", local_pool="不限")

    assert (held.base_central_pool, held.central_pool, held.local_pool) == (1_000_000, 1_000_000, 500_000)
    assert (typed_in.base_central_pool, typed_in.central_pool, typed_in.local_pool) == (1_000_000, 20_005_000, None)


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"district": "tiexi"}, 4), ({"track": "line"}, 4), ({"industry": "other"}, 2), ({"industry": "pilot"}, 10),
        ({"industry": "35"}, 3), ({"year": "2026"}, 12), ({"step": "3"}, 12),
    ],
)  # fmt: skip
def test_projects_are_chosen_by_filter(client, officer, asked, count):
    portfolio(12)

    assert made(client, **asked).result.projects == count


def test_a_filter_that_finds_nothing_is_said(client, officer):
    portfolio(3)

    answer = client.post(reverse("sandbox-new"), typed(client, step="5"))

    assert answer.context["form"].errors == {"call": ["没有符合条件的已测算项目，请放宽范围。"]}
    assert not Scenario.objects.exists()


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("shares", "50、40", "各批合计须为 100%，现在是 90%。"),
        ("shares", "half", "请填写各批的百分比，用顿号隔开，例如 30、40、30。"),
        ("rate_DIAN-OTHER", "120", "请填写 0 到 100 之间的百分比，例如 15 或 17.5。"),
        ("rate_DIAN-OTHER", "", "请填写比例，例如 15。"),
        ("cap_DIAN-OTHER", "many", "请填写以万元为单位的数字，例如 2,480.00。"),
        ("central_pool", "-1", "请填写以万元为单位的数字，例如 2,480.00。"),
        ("name", "", "请给方案起个名称。"),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field(client, officer, name, value, words):
    portfolio(1)

    answer = client.post(reverse("sandbox-new"), typed(client, **{name: value}))

    assert answer.context["form"].errors == {name: [words]}


def test_a_cap_of_nothing_is_refused_by_the_policy(client, officer):
    portfolio(1)

    answer = client.post(reverse("sandbox-new"), typed(client, **{"cap_DIAN-OTHER": "0"}))

    assert "这些改动不能一起使用" in answer.context["form"].non_field_errors()[0]


def state_of_everything():
    """What a sandbox could disturb: every project, determination and audit event, column by column."""
    models = (Project, Determination, AuditEvent)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_no_project_changes(client, officer):
    reported(portfolio(5))
    before = state_of_everything()

    one = made(client, **{"rate_DIAN-OTHER": "1", "set_pool_method": "RANK", "central_pool": "100"})
    client.get(one.get_absolute_url())
    client.get(reverse("sandbox-project", args=[one.pk, Project.objects.first().pk]))
    client.post(reverse("sandbox-again", args=[one.pk]))
    client.post(reverse("sandbox-excel", args=[one.pk]))
    client.post(reverse("sandbox-discard", args=[one.pk]))

    assert state_of_everything() == before
    assert not Scenario.objects.exists()


@pytest.mark.parametrize("count", [30, 300])
def test_the_questions_to_the_database_are_the_same_for_30_and_300_projects(client, officer, count):
    portfolio(count)
    fields = typed(client)

    with Questions() as posting:
        answer = client.post(reverse("sandbox-new"), fields)
    with Questions() as reading:
        page = client.get(answer.url)
    assert (posting.count, reading.count) == (16, 6)
    assert len(page.context["lines"]) == 25
    assert page.context["page_obj"].paginator.count == count


def test_the_list_narrows_and_sorts(client, officer):
    reported(portfolio(9))
    one = made(client, **{"rate_DIAN-OTHER": "20", "rate_XIAN-OTHER": "10"})
    address = one.get_absolute_url()

    def changes(query):
        return [line["change"] for line in client.get(f"{address}?{query}").context["lines"]]

    assert all(change.startswith("+") for change in changes("who=gain"))
    assert len(changes("who=gain")) == one.result.summary["gain"][0] > 0
    assert all(change.startswith("−") for change in changes("who=lose"))
    assert len(changes("step=0")) == one.result.summary["bindings"][0]["count"]
    places = [line["place"] for line in client.get(f"{address}?sort=-place").context["lines"]]
    assert places == sorted(places, reverse=True)


def test_an_amount_opens_its_steps_under_both_policies(client, officer):
    first, *_ = portfolio(3)
    one = made(client, **{"rate_DIAN-OTHER": "20"})

    page = client.get(reverse("sandbox-project", args=[one.pk, first.pk])).content.decode()

    assert "× 15%（“点”上技改项目）" in page
    assert "× 20%（“点”上技改项目）" in page
    assert reverse("policy:clauses") in page


def test_scenarios_stand_side_by_side(client, officer):
    portfolio(6)
    first, second = made(client), made(client, name="点上一成", **{"rate_DIAN-OTHER": "10"})

    table = client.get(reverse("sandbox-compare"), {"s": [first.pk, second.pk]}).context["table"]

    assert [one.scenario for one in table.columns] == [first, second]
    titles = [title for title, _ in table.blocks]
    assert titles[:3] == ["项目", "资金（万元）", "资金池"]
    lose = next(line for line in table.blocks[0][1] if line.label == "减少的项目")
    assert lose.cells == ["0", "2"]


def test_one_scenario_cannot_be_compared(client, officer):
    portfolio(2)
    one = made(client)

    assert "请选择二至四个已测算的方案" in client.get(reverse("sandbox-compare"), {"s": [one.pk, "x"]}).content.decode()


@pytest.mark.parametrize("count", [2, 20])
def test_the_list_asks_the_same_questions_for_2_and_20_scenarios(client, officer, count):
    portfolio(2)
    for _ in range(count):
        scenario_result(scenario(officer))

    with Questions() as asked:
        page = client.get(reverse("sandbox"))
    assert asked.count == 5
    assert len(page.context["rows"]) == count


# --- who -------------------------------------------------------------------------------------------------------------


def test_each_side_sees_its_own_scenarios_and_supervision_all(client):
    portfolio(2)
    of_bureau, of_finance = scenario(), scenario(people.finance_officer(), name="财政的方案")

    def seen(user):
        return set(Scenario.objects.visible_to(user))

    assert seen(people.bureau_lead()) == {of_bureau}
    assert seen(people.finance_lead()) == {of_finance}
    assert seen(people.supervisor()) == {of_bureau, of_finance}
    assert seen(people.district_lead()) == seen(people.expert()) == seen(people.filer()) == set()


def test_the_other_side_finds_nothing_and_others_may_not_enter(client):
    one = scenario()
    client.force_login(people.finance_officer())
    assert client.get(one.get_absolute_url()).status_code == 404
    client.force_login(people.district_lead())
    assert client.get(reverse("sandbox")).status_code == 403
    assert client.get(one.get_absolute_url()).status_code == 403


def test_supervision_reads_and_makes_none(client):
    portfolio(2)
    result = scenario_result()
    client.force_login(people.supervisor())

    assert client.get(result.scenario.get_absolute_url()).status_code == 200
    assert client.get(reverse("sandbox-new")).status_code == 403
    assert client.post(reverse("sandbox-excel", args=[result.scenario.pk])).status_code == 403


def test_only_who_made_a_scenario_deletes_it(client, officer):
    one = scenario(people.bureau_lead())

    assert client.post(reverse("sandbox-discard", args=[one.pk])).status_code == 403
    assert Scenario.objects.filter(pk=one.pk).exists()


def test_finance_works_on_projects_after_the_notice_only(client):
    shown, hidden, *_ = portfolio(3)
    Project.objects.filter(pk=hidden.pk).update(notice_closed_at=None)
    client.force_login(people.finance_officer())

    assert made(client).result.projects == 2


def test_projects_that_left_the_road_count_only_when_asked_for(client, officer):
    portfolio(2)
    portfolio(1, state=State.DECLINED)

    assert made(client).result.projects == 2
    assert made(client, step="ended").result.projects == 1


# --- long tasks ------------------------------------------------------------------------------------------------------


def test_above_three_thousand_it_is_a_job_with_progress(client, officer, monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 3)
    portfolio(4)
    one = made(client, **{"rate_DIAN-OTHER": "20"})

    assert not hasattr(one, "result")
    assert "正在后台测算" in client.get(one.get_absolute_url()).content.decode()
    jobs.run(one.job_id)

    task, one = Job.objects.get(pk=one.job_id), Scenario.objects.get(pk=one.pk)
    assert (task.state, task.progress, task.total) == ("done", 5, 5)
    assert one.result.projects == 4


def test_excel_holds_every_project_and_no_formula(client, officer, settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {**settings.STORAGES["private"], "OPTIONS": {"location": tmp_path}},
    }
    first, *_ = portfolio(30)
    Project.objects.filter(pk=first.pk).update(title="=1+1\x07")
    one = made(client, name="=方案", **{"rate_DIAN-OTHER": "20"})

    answer = client.post(reverse("sandbox-excel", args=[one.pk]))
    task = Job.objects.get(kind="sandbox.excel")
    jobs.run(task.pk)

    assert answer.url == reverse("job", args=[task.pk])
    task.refresh_from_db()
    book = openpyxl.load_workbook(io.BytesIO(files.read_stored(task.result_file)))
    assert book.sheetnames == ["条件", "汇总", "项目"]
    assert book["条件"]["A1"].value == "测算，不改变任何项目。金额单位为元。"
    rows = list(book["项目"].iter_rows(min_row=2))
    assert len(rows) == 30
    assert (rows[0][1].value, rows[0][1].data_type) == ("=1+1", "s")
    assert sum(to_fen(str(row[10].value)) for row in rows) == one.result.summary["new"]["total"]


def test_facts_that_cannot_be_read_are_counted_and_said(client, officer):
    first, *_ = portfolio(3)
    Determination.objects.filter(project=first).update(facts={})

    one = made(client)

    assert one.result.projects == 2
    assert "另有 1 个项目的测算事实不能读取" in client.get(one.get_absolute_url()).content.decode()
