"""Saving by itself: what reads is saved, the rest is kept as typed; nothing is overwritten, nothing is lost with the session."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from applications import services
from applications.facts import tickets
from applications.models import Draft, UnsavedText
from applications.queries.unsaved import unsaved_sections
from tests.factories import core as people
from tests.factories import filing
from tests.factories.core import NOW
from tests.questions import Questions

pytestmark = pytest.mark.django_db
BASICS = {"title": "喷涂线改造", "industry": "3511", "task": "3", "filing_number": "", "site": "铁西区", "contact": "林一",
          "contact_phone": "02422721234"}  # fmt: skip


@pytest.fixture
def draft(live_call):
    return filing.started(of_call=live_call).draft


@pytest.fixture
def own(client, draft):
    client.force_login(draft.project.created_by)
    return client


def place(draft, section, part=""):
    return f"/filing/{draft.project_id}/{section}/{part}"


def autosave(client, draft, section, **typed):
    typed.setdefault("seen", "")
    return client.post(place(draft, section, "autosave/"), typed, headers={"X-Requested-With": "autosave"})


def ticket(draft, section="basics", person=None):
    return tickets.ticket_for(person or draft.project.created_by, draft.project, section)


def test_what_reads_is_saved_and_the_half_typed_amount_is_kept_with_its_message(own, draft):
    told = autosave(own, draft, "funding", own_funds="3,000", bank_loan="12万", received_elsewhere="").json()

    assert told["said"].startswith("已自动保存") and "1 处还不能识别" in told["said"]
    assert told["faults"] == {"bank_loan": "请按元填写，不要写“万元”。例如 150 万元写作 1,500,000.00。"}
    saved = Draft.objects.get(pk=draft.pk)
    assert (saved.own_funds, saved.bank_loan) == (Decimal("3000.00"), 0)


def test_the_page_opened_again_shows_it_as_it_was_typed(own, draft):
    autosave(own, draft, "funding", own_funds="3,000", bank_loan="12万", received_elsewhere="")

    page = own.get(place(draft, "funding")).content.decode()

    assert 'value="12万"' in page and 'value="3,000.00"' in page
    assert "按原样放回" in page


def test_it_goes_once_it_reads(own, draft):
    mark = autosave(own, draft, "funding", own_funds="3,000", bank_loan="12万", received_elsewhere="").json()["seen"]

    autosave(own, draft, "funding", own_funds="3,000", bank_loan="120000", received_elsewhere="", seen=mark)

    assert not UnsavedText.objects.exists()
    assert Draft.objects.get(pk=draft.pk).bank_loan == Decimal("120000.00")


def test_what_is_kept_is_ciphertext_and_its_authors_alone(own, draft):
    autosave(own, draft, "basics", **{**BASICS, "contact_phone": "1380000"})

    colleague = people.filer(draft.project.enterprise)
    assert UnsavedText.objects.visible_to(colleague).count() == 0
    assert UnsavedText.objects.extra(select={"raw": "content"}).values_list("raw", flat=True)[0].find("1380000") == -1
    own.force_login(colleague)
    assert "1380000" not in own.get(place(draft, "basics")).content.decode()


def test_saving_without_a_change_makes_no_new_version(own, draft):
    mark = own.get(place(draft, "basics")).context["form"].marks
    before = Draft.objects.get(pk=draft.pk).version
    told = autosave(own, draft, "funding", own_funds="", bank_loan="", received_elsewhere="")

    assert told.status_code == 200
    assert Draft.objects.get(pk=draft.pk).version == before
    assert own.get(place(draft, "basics")).context["form"].marks == mark


def test_a_colleagues_text_is_never_overwritten(own, draft):
    seen = own.get(place(draft, "basics")).context["form"].marks
    services.save_section(
        draft.project, "basics", values={"site": "沈阳市浑南区"}, actor=people.filer(draft.project.enterprise), at=NOW
    )

    told = autosave(own, draft, "basics", **BASICS, seen=seen)

    assert (told.status_code, told.json()["conflict"]) == (409, True)
    assert Draft.objects.get(pk=draft.pk).site == "沈阳市浑南区"
    page = own.get(place(draft, "basics"))
    assert {one.mine.name: (one.mine.value(), one.theirs) for one in page.context["form"].both}["site"] == (
        "铁西区",
        "沈阳市浑南区",
    )


def test_each_field_is_chosen_for_itself(own, draft):
    seen = own.get(place(draft, "basics")).context["form"].marks
    theirs = {"site": "沈阳市浑南区", "contact": "韩梅"}
    services.save_section(draft.project, "basics", values=theirs, actor=people.filer(draft.project.enterprise), at=NOW)
    again = own.post(place(draft, "basics"), {**BASICS, "seen": seen}).context["form"]

    own.post(
        place(draft, "basics"),
        {**BASICS, "seen": again["seen"].value(), "pick-site": "theirs", "pick-contact": "mine", "pick-title": "mine"},
    )

    saved = Draft.objects.get(pk=draft.pk)
    assert (saved.site, saved.contact, saved.title) == ("沈阳市浑南区", "林一", "喷涂线改造")


def test_a_field_i_did_not_touch_is_preselected_as_theirs(own, draft):
    form = own.get(place(draft, "basics")).context["form"]
    untouched = {name: form[name].value() or "" for name in form.standing}
    theirs = {"site": "沈阳市浑南区"}
    services.save_section(draft.project, "basics", values=theirs, actor=people.filer(draft.project.enterprise), at=NOW)

    both = own.post(place(draft, "basics"), {**untouched, "title": "新名", "seen": form.marks}).context["form"].both

    assert {one.mine.name: one.pick for one in both} == {"title": "mine", "site": "theirs"}


def test_what_is_left_unsaved_is_found_by_whom_it_is_visible_to(own, draft):
    autosave(own, draft, "funding", own_funds="12万", bank_loan="", received_elsewhere="")
    author, project = draft.project.created_by, draft.project
    people_asked = author, people.filer(project.enterprise), people.approver(), people.bureau_lead()

    found = [unsaved_sections(one, project) for one in people_asked]

    visible = [UnsavedText.objects.visible_to(one).filter(draft=draft) for one in people_asked]
    assert found == [[kept.section for kept in rows] for rows in visible] == [["funding"], [], [], []]


def test_what_was_left_unsaved_can_be_given_up(own, draft):
    autosave(own, draft, "funding", own_funds="3,000", bank_loan="12万", received_elsewhere="")

    own.post(place(draft, "funding"), {"action": "discard"})

    assert "12万" not in own.get(place(draft, "funding")).content.decode()


# --- indicators and answers ------------------------------------------------------------------------------------------


def targets(*figures, seen=""):
    data = {"indicators-TOTAL_FORMS": str(len(figures)), "indicators-INITIAL_FORMS": "0", "seen": seen}
    for number, figure in enumerate(figures):
        row = {
            "kind": "产出",
            "name": f"指标{number}",
            "direction": "≥",
            "baseline": "",
            "target": figure,
            "unit": "台",
        }
        data |= {f"indicators-{number}-{name}": text for name, text in row.items()}
    return data


def test_a_target_that_does_not_read_stays_in_its_row(own, draft):
    told = autosave(own, draft, "indicators", **targets("12", "约80")).json()

    assert told["faults"] == {"indicators-1-target": "请填写数字。"}
    assert [row["target"] for row in Draft.objects.get(pk=draft.pk).indicators] == ["12", None]
    assert 'value="约80"' in own.get(place(draft, "indicators")).content.decode()


def test_two_peoples_targets_are_chosen_row_by_row(own, draft):
    seen = autosave(own, draft, "indicators", **targets("12", "80")).json()["seen"]
    theirs = [*Draft.objects.get(pk=draft.pk).indicators, {"kind": "效益", "name": "能耗下降", "target": "9"}]
    theirs[0] = {**theirs[0], "target": "99"}
    services.save_indicators(draft.project, indicators=theirs, actor=people.filer(draft.project.enterprise), at=NOW)
    form = own.post(place(draft, "indicators"), targets("13", "81", seen=seen)).context["form"]
    assert [one.name for one in form.both] == ["指标0", "指标1", "能耗下降"]

    picks = {"pick-0": "theirs", "pick-1": "mine", "pick-2": "theirs", "only-2": "1", "seen": form.marks}
    own.post(place(draft, "indicators"), {**form.data, **picks})

    saved = {row["name"]: row["target"] for row in Draft.objects.get(pk=draft.pk).indicators}
    assert saved == {"指标0": "99", "指标1": "81", "能耗下降": "9"}


# --- the session has ended -------------------------------------------------------------------------------------------


def test_a_plain_post_after_the_session_waits_for_its_author(client, draft):
    answer = client.post(place(draft, "basics"), {**BASICS, "site": "浑南区新址", "ticket": ticket(draft), "seen": ""})

    assert answer.url == f"/accounts/login/?next={place(draft, 'basics')}"
    assert "替您留好" in client.get(answer.url).content.decode()
    assert Draft.objects.get(pk=draft.pk).site != "浑南区新址"
    client.force_login(draft.project.created_by)
    assert 'value="浑南区新址"' in client.get(place(draft, "basics")).content.decode()


def test_an_autosave_after_the_session_says_so_and_is_kept(client, draft):
    told = autosave(client, draft, "basics", **BASICS, ticket=ticket(draft))

    assert told.status_code == 401
    assert told.json()["kept"] is True and "登录已失效" in told.json()["said"]
    assert UnsavedText.objects.get().fields["site"] == "铁西区"


def test_without_a_ticket_nothing_is_kept_and_nothing_is_claimed(client, draft):
    told = autosave(client, draft, "basics", **BASICS)

    assert told.json() == {"said": "登录已失效，刚才填写的内容还没有存入，仍在本页。", "kept": False}
    assert not UnsavedText.objects.exists()


@pytest.mark.parametrize(
    "forged",
    ["x", signing.dumps([1, 1, "basics"], salt="elsewhere"), ""],
    ids=["no ticket", "signed for another use", "empty"],  # the signature has the moment in it
)
def test_a_forged_ticket_keeps_nothing(client, draft, forged):
    autosave(client, draft, "basics", **BASICS, ticket=forged)

    assert not UnsavedText.objects.exists()


def test_a_ticket_of_another_enterprise_reaches_no_draft(client, draft):
    stranger = people.approver()

    told = autosave(client, draft, "basics", **BASICS, ticket=ticket(draft, person=stranger))

    assert told.json()["kept"] is False


def test_nobody_else_who_signs_in_meets_the_text(client, draft):
    client.post(place(draft, "basics"), {**BASICS, "site": "浑南区新址", "ticket": ticket(draft), "seen": ""})

    client.force_login(people.filer(draft.project.enterprise))

    assert "浑南区新址" not in client.get(place(draft, "basics")).content.decode()


def test_a_page_whose_token_is_stale_keeps_the_text_too(draft):
    client = Client(enforce_csrf_checks=True)
    client.force_login(draft.project.created_by)

    answer = client.post(place(draft, "basics"), {**BASICS, "ticket": ticket(draft), "seen": ""})

    assert answer.status_code == 403
    assert "替您留好" in answer.content.decode()
    assert UnsavedText.objects.get().person == draft.project.created_by


def test_what_nobody_comes_back_for_goes(own, draft):
    autosave(own, draft, "funding", own_funds="x", bank_loan="", received_elsewhere="")

    assert services.drop_old_typed(timezone.now() + timedelta(days=29)) == 0
    assert services.drop_old_typed(timezone.now() + timedelta(days=31)) == 1


def test_a_save_asks_a_fixed_number_of_questions(own, draft):
    autosave(own, draft, "funding", own_funds="1", bank_loan="", received_elsewhere="")
    with Questions() as asked:
        autosave(own, draft, "funding", own_funds="2", bank_loan="y", received_elsewhere="")

    assert asked.count <= 12


def test_whoever_signs_is_told_what_is_not_among_it(own, draft):
    assert "还有没有存入的内容" not in own.get(f"/filing/{draft.project_id}/submit/").content.decode()

    autosave(own, draft, "funding", own_funds="12万", bank_loan="", received_elsewhere="")

    page = own.get(f"/filing/{draft.project_id}/submit/").content.decode()
    assert "还有没有存入的内容" in page and f'<a href="/filing/{draft.project_id}/funding/">资金来源</a>' in page
