"""The pool: brought in all or none with every fault told, filtered, edited with a reason, declared for a year."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from core.models import Notice, Organisation, User
from core.sheet_reading import read_rows
from review.models import EnterpriseRelation, Expert, InterestDeclaration
from review.pool_queries import deviation_of, listed
from review.pool_sheet import COLUMNS, LAYOUT
from review.services import conclusions, pool
from review.services.refusals import ReviewRefused
from tests.factories import core as people
from tests.factories import review as make
from tests.factories.core import NOW, moment
from tests.questions import Questions

pytestmark = pytest.mark.django_db


def questions_of(client, address):
    client.get(address)  # what is asked once per process is asked now
    with Questions() as asked:
        assert client.get(address).status_code == 200
    return asked.count


ROW = [
    "zhang",
    "张工",
    "zhang@example.com",
    "教授级高工",
    "电力装备、机器人",
    "沈阳示例大学",
    people.credit_code(4321),
    "铁西区",
]


def sheet(*rows):
    book = Workbook()
    book.active.title = "专家"
    book.active.append([column.heading for column in COLUMNS])
    for row in rows:
        book.active.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return SimpleUploadedFile("专家.xlsx", kept.getvalue())


def brought_in(*rows):
    people.district("tiexi")
    return pool.import_experts(read_rows(sheet(*rows), LAYOUT), actor=people.bureau_officer(), at=NOW)


def test_a_row_becomes_an_account_without_a_password_and_a_place_in_the_pool():
    (one,) = brought_in(ROW)
    assert (one.user.name, one.fields, one.title, str(one.district)) == (
        "张工",
        ["机器人", "电力装备"],
        "教授级高工",
        "铁西区",
    )
    assert not one.user.has_usable_password()
    assert one.employer.uscc == people.credit_code(4321)
    assert list(one.user.groups.values_list("name", flat=True)) == ["expert"]


def test_an_employer_the_register_knows_is_that_one():
    known = people.enterprise()
    (one,) = brought_in([*ROW[:6], known.uscc, ROW[7]])
    assert one.employer == known


def test_one_fault_keeps_all_out_and_every_fault_is_told(post):
    officer = people.bureau_officer()
    people.district("tiexi")
    bad = ["li", "", "no-mail", "", "炼金术", "某校", "123", "火星区"]
    answer = post(officer, "experts-import", data={"file": sheet(ROW, bad)}).content.decode()
    for words in ("没有填写姓名", "邮箱写法不对", "没有这个专业领域：炼金术", "没有这个区县"):
        assert words in answer
    assert not Expert.objects.exists() and not User.objects.filter(username="zhang").exists()


def test_a_name_taken_or_twice_in_the_sheet_is_told_with_its_row(post):
    officer = people.bureau_officer()
    brought_in(ROW)
    double = ["lisi", *ROW[1:]]
    answer = post(officer, "experts-import", data={"file": sheet(ROW, double, double)}).content.decode()
    assert "已有这个登录名的账号" in answer and "出现了不止一次" in answer
    assert Expert.objects.count() == 1


def test_the_template_is_empty_and_the_export_comes_in_again(visit):
    officer = people.bureau_officer()
    brought_in(ROW)
    empty = load_workbook(io.BytesIO(visit(officer, "experts-template").content))["专家"]
    assert [cell.value for cell in empty[1]] == [column.heading for column in COLUMNS] and empty.max_row == 1
    out = read_rows(io.BytesIO(visit(officer, "experts-export").content), LAYOUT)
    assert (out.faults, out.rows[0]["fields"]) == ([], ["机器人", "电力装备"])


def test_filters_ask_for_name_field_district_declaration_and_standing():
    one, other = make.declared(fields=["机器人"]), make.expert(fields=["电力装备"])
    gone = make.expert(fields=["机器人"], is_active=False, inactive_because="退休")
    lead, on = people.bureau_lead(), NOW.date()
    Expert.objects.filter(pk=one.pk).update(district=people.district("hunnan"))

    def found(**asked):
        return set(listed(lead, on, **asked))

    assert found() == {one, other}
    assert found(field="机器人") == {one}
    assert found(district=people.district("hunnan")) == {one}
    assert (found(declared="yes"), found(declared="no")) == ({one}, {other})
    assert (found(place="out"), found(place="all")) == ({gone}, {one, other, gone})
    assert found(q=other.code) == {other}


def test_the_list_asks_the_same_of_one_and_of_three(client):
    client.force_login(people.bureau_lead())
    make.declared()
    one = questions_of(client, "/experts/")
    make.declared(), make.declared()
    assert questions_of(client, "/experts/") == one


def test_taking_out_needs_a_reason_and_is_recorded(post):
    expert, officer = make.expert(), people.bureau_officer()
    data = {"fields_of": ["机器人"], "title": "", "district": "", "is_active": "no", "inactive_because": ""}
    assert "请写明出库的原因" in post(officer, "expert-edit", expert.pk, data=data).content.decode()
    assert post(officer, "expert-edit", expert.pk, data=data | {"inactive_because": "退休"}).status_code == 302
    expert.refresh_from_db()
    assert (expert.is_active, expert.inactive_because, expert.fields) == (False, "退休", ["机器人"])


def test_the_history_counts_and_the_deviation_is_from_the_concluded_mean():
    call, lead = make.small_call(2), people.bureau_lead()
    project = make.scored(make.under_review(of_call=call), [80, 70])
    high = project.assignments.order_by("pk").first().expert
    assert deviation_of(high) is None
    conclusions.conclude([project], number="示例〔2026〕9号", text="通过。", actor=lead, at=NOW)
    assert deviation_of(high) == 500
    assert listed(lead, NOW.date()).get(pk=high.pk).asked == 1


def test_an_expert_declares_for_a_year_and_is_reminded_once_a_day_before_it_ends(post):
    expert = make.expert()
    assert post(expert.user, "expert-declare").status_code == 302
    until = InterestDeclaration.objects.get().valid_to
    InterestDeclaration.objects.update(valid_to=moment(days=7).date())
    assert until > NOW.date()
    assert (pool.remind_of_declarations(NOW), pool.remind_of_declarations(NOW)) == (1, 0)
    assert Notice.objects.filter(recipient=expert.user, subject="请更新利益关系声明").count() == 1


def test_nobody_declares_for_another():
    with pytest.raises(ReviewRefused):
        pool.declare_all(make.expert(), actor=people.bureau_lead(), at=NOW)


def test_the_bureau_keeps_the_groups_of_companies(post, visit):
    officer, one, other = people.bureau_officer(), people.enterprise(), people.enterprise()
    data = {"one": one.uscc, "kind": "parent", "other": other.uscc, "source": "公示系统", "from_on": "2026-01-01"}
    assert post(officer, "relations", data=data).status_code == 302
    relation = EnterpriseRelation.objects.get()
    assert post(officer, "relation-end", relation.pk, data={"to_on": "2025-01-01"}).status_code == 200
    assert post(officer, "relation-end", relation.pk, data={"to_on": "2026-02-01"}).status_code == 302
    assert "2026年2月1日" in visit(people.supervisor(), "relations").content.decode()
    assert (
        "系统里没有这个代码"
        in post(officer, "relations", data=data | {"one": people.credit_code(8888)}).content.decode()
    )


@pytest.mark.parametrize("who", ["expert", "approver", "district_lead", "finance_lead"])
def test_others_do_not_read_the_pool(visit, who):
    user = getattr(people, who)()
    make.expert()
    for name in ("experts", "draws", "relations", "review-progress"):
        assert visit(user, name).status_code == 403
    assert Organisation.objects.count()


def test_a_district_contract_is_declared_on_the_page(post):
    expert, district = make.expert(), people.district("hunnan")
    data = {"kind": "district", "uscc": "", "district": district.pk}
    assert post(expert.user, "expert-interests", data={**data, "district": ""}).status_code == 200
    assert post(expert.user, "expert-interests", data=data).status_code == 302
    assert expert.conflicts.get().about == "浑南区"


NEW = {
    "username": "expert-zhou", "name": "周 新", "email": "zhou@example.com", "fields_of": ["智能制造"],
    "employer": "沈阳示例研究院",
}  # fmt: skip


def test_one_expert_is_entered_by_hand(post):
    answer = post(people.bureau_officer(), "expert-new", data=NEW)
    made = Expert.objects.get(user__username="expert-zhou")
    assert answer.url.endswith(f"/experts/{made.pk}/")
    assert (made.employer.name, made.fields, made.user.has_usable_password()) == ("沈阳示例研究院", ["智能制造"], False)


def test_a_login_that_exists_and_a_wrong_code_are_told_at_their_fields(post):
    taken = people.expert()
    said = {**NEW, "username": taken.username, "uscc": "912101060000000000"}
    page = post(people.bureau_officer(), "expert-new", data={**said, "uscc": ""}).content.decode()
    assert "已有这个登录名的账号" in page and "沈阳示例研究院" in page
    assert "id_uscc" in post(people.bureau_officer(), "expert-new", data=said).content.decode()
    assert not Expert.objects.exists()
    assert post(people.supervisor(), "expert-new", data=NEW).status_code == 403
