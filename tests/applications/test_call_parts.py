"""A call is written part by part: what each page keeps, refuses and shows; nothing typed is lost (第八条)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from applications import services
from applications.facts import call_parts
from applications.models import Call, RuleKind
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories import filing
from tests.factories.core import NOW
from tests.posting import sent_by
from tests.questions import Questions

pytestmark = pytest.mark.django_db
PAGES = (
    "call-edit",
    "call-text",
    "call-window",
    "call-attachments",
    "call-rules",
    "call-materials",
    "call-rubric",
    "call-terms",
)


@pytest.fixture
def officer(client):
    client.force_login(people.bureau_officer())
    return client


def opened(**fields):
    start = timezone.now() + timedelta(days=2)
    window = {"opens_at": start, "closes_at": start + timedelta(days=20)}
    given = {"title": "2026 年第一批", "year": 2026, "text": "支持重点……", **window, **fields}
    filings.adopted_version()
    return services.open_call(**given, actor=people.bureau_officer(), at=NOW)


def typed(page, **changes):
    """What the page would post as it stands, with some answers changed."""
    data = {"seen": page.context["seen"]}
    for form in filter(None, [page.context.get("form"), *_forms_of(page.context.get("grid"))]):
        data |= {bound.html_name: _text(bound) for bound in form if bound.name != "DELETE"}
    grid = page.context.get("grid")
    for bound in getattr(grid, "management_form", ()):
        data[bound.html_name] = bound.value()
    return {name: value for name, value in {**data, **changes}.items() if value is not False}


def _forms_of(grid):
    return grid.forms if grid is not None else []


def _text(bound):
    value = bound.value()
    if hasattr(value, "tzinfo"):
        value = value.strftime("%Y-%m-%dT%H:%M")
    return "" if value is None else value


def send(client, call, part, **changes):
    address = reverse(f"call-{part}", args=[call.pk])
    return client.post(address, typed(client.get(address), **changes))


def test_a_new_call_begins_with_the_defaults_of_its_kind(officer):
    start = timezone.localtime() + timedelta(days=1)
    window = {"opens_at": f"{start:%Y-%m-%dT%H:%M}", "closes_at": f"{start + timedelta(days=9):%Y-%m-%dT%H:%M}"}

    officer.post("/calls/new/", {"direction": "service_providers", "title": "服务商", "year": "2026", **window})

    call = Call.objects.get()
    assert (call.tracks, call.rules.count(), call.materials.count(), call.rubric.count()) == (["local"], 6, 10, 7)


def test_every_part_is_a_page_with_a_fixed_number_of_queries(officer):
    small, large = opened(materials=[{"code": "licence", "name": "营业执照", "need": "required"}], rules=[]), opened()
    officer.get(reverse("calls"))  # the first visit of a session asks more
    for name in PAGES:
        counts = []
        for call in (small, large):
            with Questions() as asked:
                assert officer.get(reverse(name, args=[call.pk])).status_code == 200
            counts.append(asked.count)
        assert counts[0] == counts[1], name


def test_a_rubric_that_is_not_a_hundred_is_refused_and_kept(officer):
    call = opened()

    page = send(officer, call, "rubric", **{"rubric-0-points": "9", "rubric-0-name": "装备水平（改）"}).content.decode()

    assert "现在是 99 分" in page
    assert "装备水平（改）" in page
    assert not call.rubric.filter(name="装备水平（改）").exists()


def test_points_that_no_step_reaches_are_refused(officer):
    page = send(
        officer, opened(), "rubric", **{"rubric-0-points": "10", "rubric-0-step": "5.0", "rubric-2-step": "5.0"}
    )

    assert "8 分不能按 5 分一档评满" in page.content.decode()


def test_materials_are_reordered_removed_and_flagged(officer):
    call = opened()

    send(
        officer, call, "materials",
        **{"materials-1-order": "0", "materials-1-blind": "on", "materials-2-DELETE": "on", "materials-0-need": "begun_only"},
    )  # fmt: skip

    first, second = call.materials.all()[:2]
    assert (first.code, first.blind, second.need, call.materials.count()) == ("licence", True, "begun_only", 15)


def test_a_material_list_sent_as_its_page_shows_it_is_the_same_list(officer):
    ticked = {"code": "plan", "name": "实施方案（匿名稿）", "need": "required", "blind": True}
    secret = {"code": "secret", "name": "涉密设备清单", "need": "optional", "confidential": True}
    call = opened(materials=[ticked, secret, {"code": "licence", "name": "营业执照", "need": "required"}])
    address, before = reverse("call-materials", args=[call.pk]), call_parts.rows_of(call, "materials")

    answer = officer.post(address, sent_by(officer.get(address)))

    assert (answer.status_code, call_parts.rows_of(call, "materials")) == (302, before)


def test_a_material_due_from_an_amount_asks_for_it(officer):
    page = send(officer, opened(), "materials", **{"materials-0-need": "from_amount"}).content.decode()

    assert "须填写投资额" in page


def test_conditions_are_ticked_and_get_their_thresholds(officer):
    call = opened()
    changes = {
        "least_investment-0-used": "on", "least_investment-0-amount": "2,000,000", "above_scale-0-used": False,
        "other-0-used": "on", "other-0-note": "项目在沈阳市内实施",
    }  # fmt: skip

    send(officer, call, "rules", **changes)

    kinds = dict(call.rules.values_list("kind", "amount"))
    assert kinds[RuleKind.LEAST_INVESTMENT] == 2_000_000
    assert RuleKind.ABOVE_SCALE not in kinds
    assert call.rules.get(kind=RuleKind.OTHER).note == "项目在沈阳市内实施"


def test_a_condition_without_its_threshold_is_refused_at_its_place(officer):
    page = send(officer, opened(), "rules", **{"invoice_window-0-used": "on"}).content.decode()

    assert "“发票开具时间”：须填写起期或止期" in page
    assert page.count("须填写起期或止期") == 2


def test_a_window_that_ends_before_it_begins_is_refused(officer):
    page = send(officer, opened(), "window", opens_at="2026-05-01T09:00", closes_at="2026-04-01T09:00").content.decode()

    assert "截止时间须晚于开始时间" in page


def test_a_track_without_a_task_is_refused(officer):
    page = send(officer, opened(), "text", tracks=["point", "area"], tasks=["1"]).content.decode()

    assert "“面”类没有可选的方案任务" in page


def test_what_another_person_saved_is_shown_and_nothing_typed_is_lost(officer):
    call = opened()
    address = reverse("call-text", args=[call.pk])
    data = typed(officer.get(address), title="我的标题")
    services.save_call(call, values={"title": "他的标题"}, actor=people.bureau_lead(), at=NOW)

    page = officer.post(address, data)

    assert "另一个人修改了这一部分" in page.content.decode()
    assert "我的标题" in page.content.decode()
    officer.post(address, {**data, "seen": page.context["form"]["seen"].value()})
    assert Call.objects.get(pk=call.pk).title == "我的标题"


def test_a_paper_is_added_downloaded_by_anybody_once_published_and_removed(officer, client):
    call = opened()
    officer.post(reverse("call-attachments", args=[call.pk]), {"title": "附件1", "file": filing.pdf("样式.pdf")})
    paper = call.attachments.get()
    address = reverse("call-attachment", args=[call.pk, paper.pk])
    officer.logout()
    assert client.get(address).status_code == 404

    services.publish_call(call, actor=people.bureau_lead(), at=NOW)

    answer = client.get(address)
    assert (answer.headers["Content-Type"], b"".join(answer.streaming_content)[:4]) == ("application/pdf", b"%PDF")
    answer.close()


@pytest.mark.parametrize("part", ["text", "rules", "materials", "rubric", "attachments"])
def test_nothing_of_a_published_call_changes(officer, part):
    call = opened()
    services.publish_call(call, actor=people.bureau_lead(), at=NOW)
    before = call_parts.fingerprint_of(call, "rules") + call_parts.fingerprint_of(call, "materials")

    assert officer.post(reverse(f"call-{part}", args=[call.pk]), {"file": filing.pdf()}).status_code == 409
    assert before == call_parts.fingerprint_of(call, "rules") + call_parts.fingerprint_of(call, "materials")


def test_the_notice_reads_the_same_before_and_after_it_is_published(officer, client):
    call = opened()
    draft = officer.get(reverse("call", args=[call.pk])).context
    services.publish_call(call, actor=people.bureau_lead(), at=NOW)
    officer.logout()

    public = client.get(reverse("call", args=[call.pk])).context

    for name in ("conditions", "tasks", "tracks"):
        assert draft[name] == public[name]
    assert list(draft["materials"]) == list(public["materials"])
    assert any("信用报告" in said for said, _ in public["conditions"])
