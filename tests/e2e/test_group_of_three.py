"""A 线 group of three, from the registration of its lead to the difference after a correction; without scripts."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from applications import services
from applications.facts.line_workbook import workbook_of
from applications.models import GroupMembership, Project, ProjectGroup, Registration
from applications.services.drafts import exact_line
from applications.states import State
from core import moves
from core.models import Ground, GroundKind, User
from tests.e2e.hands import Hand
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories import filing
from tests.factories.core import credit_code

pytestmark = pytest.mark.browser
PASSWORD = "portal-test-2026"


@pytest.fixture
def hand(page_without_scripts, live_server, enter):
    return Hand(page_without_scripts, live_server.url, enter)


def register(hand) -> User:
    """The lead comes in by itself; its district verifies it; it fills in its 一企一档."""
    place = people.district().pk
    hand.opens("/accounts/register/").fills(
        kind="enterprise", uscc=credit_code(8200), enterprise="沈阳链主机床有限公司", name="何先生", email="he@example.com",
        phone="13900000000", password=PASSWORD, again=PASSWORD, place=f"district-{place}",
    ).presses("提交注册申请")  # fmt: skip
    asked = Registration.objects.get()
    hand.becomes(people.district_officer()).opens(f"/registrations/{asked.pk}/")
    hand.page.get_by_label("核验通过").check()
    hand.presses("答复企业注册")
    hand.becomes(asked.applicant).opens("/enterprise/profile/").fills(
        address="沈阳市铁西区示例路1号", industry="金属切削机床制造", legal_person="何", contact="何先生",
        phone="13900000000",
    ).presses("保存")  # fmt: skip
    return User.objects.get(pk=asked.applicant_id)


def gather(hand, call, lead) -> ProjectGroup:
    """The lead opens the group and invites two; one joins on the page, the other has its own project ready."""
    hand.becomes(lead).opens(f"/groups/new/{call.pk}/")
    hand.fills(track="line", name="机床链", place="工业母机", plan="三家同步改造。").presses("新建协同组")
    group = ProjectGroup.objects.get()
    members = [people.approver(people.enterprise(slug=slug)) for slug in ("tiexi", "hunnan")]
    for member in members:
        hand.opens(f"/groups/{group.pk}/").fills(uscc=member.organisation.uscc).presses("邀请这家企业")
    hand.becomes(members[0]).opens(f"/groups/{group.pk}/").presses("确认加入")
    waiting = GroupMembership.objects.get(enterprise=members[1].organisation)
    services.confirm_membership(waiting, actor=members[1], at=timezone.now())
    for member in members:
        filing.ready(actor=member, of_call=call, track="line", group=group)
    return group


def workbook(unit: int) -> bytes:
    """Two hundred lines of so many 元 each."""
    return workbook_of(
        exact_line({"category": "equipment", "name": f"数控机床{n}", "amount": Decimal(unit)}) for n in range(1, 201)
    )


def bring_in(hand, project, content) -> None:
    hand.opens(f"/filing/{project.pk}/lines/import/")
    hand.page.locator('main input[type="file"]').set_input_files(
        {"name": "明细.xlsx", "mimeType": "", "buffer": content}
    )
    hand.presses("检查并导入")


def fill_in(hand, call, group) -> Project:
    """Everything but the lines through the services; the lines from Excel, first in 万元 by mistake."""
    hand.opens(f"/filing/new/{call.pk}/?track=line&group={group.pk}").fills(title="机床链主机改造").presses("建立草稿")
    project = Project.objects.get(title="机床链主机改造")
    lead = project.created_by
    values = {**filing.BASICS, "title": project.title, "industry": "3421", "task": 7, "own_funds": Decimal("60000000")}
    services.save_basics(project, values=values, actor=lead, at=timezone.now())
    services.save_indicators(project, indicators=filing.INDICATORS, actor=lead, at=timezone.now())
    services.add_material(
        project, call.materials.get(code="licence"), upload=filing.pdf(), actor=lead, at=timezone.now()
    )
    bring_in(hand, project, workbook(25))
    hand.opens(f"/filing/{project.pk}/").sees("是否把万元填成了元")
    bring_in(hand, project, workbook(250_000))
    assert "是否把万元填成了元" not in hand.opens(f"/filing/{project.pk}/").words()
    return project


def submit(hand, project) -> None:
    hand.opens(f"/filing/{project.pk}/submit/").fills(agreed=True).signs("签署承诺并提交申报")


def returned(project) -> None:
    officer = people.district_officer()
    facts = {"defects": [{"number": 1, "about": "建设内容", "what": "没有写明工艺", "todo": "请补充"}]}
    at = timezone.now()
    ground = Ground.issue(kind=GroundKind.DEFECT_LIST, title="补正通知", by=officer, at=at, facts=facts)
    due_on = timezone.localdate() + timedelta(days=7)
    moves.perform(project, "return_for_correction", actor=officer, at=at, ground=ground, due_on=due_on)


def test_a_group_of_three_files_and_its_lead_corrects(hand):
    call = filings.call(closes_at=timezone.now() + timedelta(days=30))
    lead = register(hand)
    group = gather(hand, call, lead)
    project = fill_in(hand.becomes(lead), call, group)
    hand.opens(f"/groups/{group.pk}/").sees("机床链主机改造")
    assert hand.page.locator("main tbody tr").count() == 3

    submit(hand, project)
    returned(Project.objects.get(pk=project.pk))
    hand.opens(f"/filing/{project.pk}/content/").fills(content="新建柔性线，干式切削。").presses("保存并返回")
    hand.opens(f"/filing/{project.pk}/defects/").fills(answer_1="已补充工艺。").presses("保存答复")
    submit(hand, project)

    hand.opens(f"/projects/{project.pk}/differences/").sees("新建柔性线，干式切削。")
    assert Project.objects.get(pk=project.pk).state == State.DISTRICT_REVIEW
