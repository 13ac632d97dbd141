"""政策计算器 and the page of clauses, as the public sees them."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from policy import clauses
from policy.calculator import calculate
from policy.forms.calculator import CalculatorForm
from tests.policy.builders import LAW, project

MOCK_UP = {
    "industry": "3831 电线、电缆制造",
    "role": "XIAN-OTHER",
    "equipment": "2,480.00",
    "software": "160",
    "service": "50",
    "installation": "１１０",
    "building": "600.00",
}


@pytest.fixture
def ask(client):
    def get(name="calculator", **typed):
        return client.get(reverse(f"policy:{name}"), {**MOCK_UP, **typed})

    return get


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


def test_the_answer_is_explained_step_by_step_with_its_clauses(ask):
    response = ask()
    assert response.context["answer"].amount == Decimal("5000000.00")
    assert "5,000,000.00 元 · 人民币伍佰万元整" in words(response)
    assert "设备 2,480.00，软件 160.00，服务 50.00，安装 110.00，厂房等基建 600.00" in words(response)
    assert "起作用的一步：按比例算得 5,600,000.00 元，与单个项目最高 5,000,000.00 元比较，取低者" in words(response)
    assert f'href="{reverse("policy:clauses")}#a6-2-2"' in response.content.decode()


def test_it_compares_the_directions_by_evidence_and_advises_none(ask):
    response = ask()
    columns = response.context["answer"].columns
    assert [(column.title, column.amount, column.here) for column in columns] == [
        ("点", Decimal("4200000.00"), False),
        ("线 · 其他", Decimal("5000000.00"), True),
        ("面 · 其他", Decimal("5000000.00"), False),
    ]
    assert "链主牵头的上下游协同改造方案" in words(response)
    assert "系统不推荐按金额选择方向" in words(response)
    assert not re.search("更划算|更合算|建议选择|推荐选择", words(response))


def test_an_industry_is_found_by_its_name(ask):
    assert ask(industry="半导体器件专用设备").context["form"].cleaned_data["industry"].code == "3562"


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("industry", "", "请填写行业代码，例如 3831。"),
        ("industry", "9999", "没有这个行业代码。请填写四位代码，例如 3831。"),
        ("industry", "设备", "请选定一个四位代码"),
        ("industry", "不存在的行业", "没有找到这个行业。"),
        ("equipment", "-1", "请填写以万元为单位的数字"),
        ("equipment", "1e9", "请填写以万元为单位的数字"),
        ("equipment", "NaN", "请填写以万元为单位的数字"),
        ("equipment", "0.0000001", "请填写以万元为单位的数字"),
        ("role", "ALL", "所选的内容不在可选范围内"),
    ],
)
def test_what_cannot_be_read_comes_back_as_it_was_typed(ask, field, typed, message):
    response = ask(**{field: typed})
    assert response.status_code == 200
    assert message in words(response)
    assert response.context["answer"] is None
    assert response.context["form"][field].value() == typed


def test_nothing_invested_is_told(client):
    response = client.get(reverse("policy:calculator"), {"industry": "3831", "role": "DIAN-OTHER"})
    assert "请至少填写一项投资。" in words(response)


def test_a_refusal_is_explained_too(ask):
    response = ask(equipment="", software="", service="", installation="")
    assert "减去不计入的部分后没有合格投资" in words(response)
    assert response.context["answer"].determination.verdict == "REJECT_NO_ELIGIBLE"


def test_an_industry_outside_the_pilot_gets_no_central_money(ask):
    answer = ask(industry="3670", role="XIAN-LEADER").context["answer"]
    assert answer.amount == 0
    assert ask(industry="3670", role="XIAN-LEADER", demo="on").context["answer"].amount == Decimal("5600000.00")


def test_the_empty_page_asks_for_facts(client):
    response = client.get(reverse("policy:calculator"))
    assert response.context["answer"] is None
    assert "结果会显示在这里" in words(response)


def test_what_is_typed_is_never_markup(ask):
    assert "<script>" not in ask(industry="<script>alert(1)</script>").content.decode().replace("<script src", "")


def test_the_answer_is_a_pdf_too(ask):
    response = ask("calculator_pdf")
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert response.content.startswith(b"%PDF-")
    assert ask("calculator_pdf").content == response.content


def test_a_pdf_of_what_cannot_be_read_leads_back(ask):
    response = ask("calculator_pdf", equipment="many")
    assert response.status_code == 302
    assert response["Location"].startswith(f"{reverse('policy:calculator')}?industry=")


def test_the_form_and_the_rules_agree_to_the_cent():
    form = CalculatorForm({**MOCK_UP, "equipment": "0.000001"})
    assert form.is_valid()
    assert form.facts().invest_total == Decimal("9200000.01")
    assert form.facts().land_infra == Decimal("6000000.00")


def test_a_chain_leader_is_compared_as_one():
    columns = calculate(project(mode="XIAN", chain_leader=True), LAW).columns
    assert [column.title for column in columns] == ["点", "线 · 链主", "面 · 链主"]


def test_every_clause_an_explanation_cites_has_its_place_on_the_page(client):
    page = client.get(reverse("policy:clauses")).content.decode()
    cited = {
        *LAW.clauses.values(),
        LAW.uplift_clause,
        *(standard.clause for standard in LAW.standards.values()),
        *(direction.clause for direction in LAW.directions.values()),
        *(setting.clause for setting in LAW.settings.values()),
        *(clock.clause for clock in LAW.clocks.values()),
    }
    for citation in cited:
        assert f'id="{clauses.clause_anchor(citation)}"' in page, citation


def test_the_text_of_the_measures_is_whole():
    assert [article.number for article in clauses.articles()] == list(range(1, 20))
    assert [chapter.split(" ")[0] for chapter, _ in clauses.chapters()] == [
        "第一章",
        "第二章",
        "第三章",
        "第四章",
        "第五章",
    ]
    source = clauses.TEXT.read_text("utf-8-sig").split(clauses.TITLE)[-1]
    told = "".join(paragraph.text for article in clauses.articles() for paragraph in article.paragraphs)
    left = re.sub(r"第[一二三四五六七八九十]+[章条].*?[\s]|[(（][一二三]+[)）]|\d\.|\s", "", source)
    assert len(told) > 0.97 * len(left)


def test_a_clause_is_quoted_with_what_stands_under_it():
    assert clauses.clause_text("第六条（二）1").startswith("1．“点”上技改项目按照不高于技术改造投资")
    assert clauses.clause_text("第六条（二）").count("\n") == 3
    assert "有效期至2027年12月31日" in clauses.clause_text("第十八条")
    assert clauses.has_clause("第七条（三）2")
    assert not clauses.has_clause("第二十条")
    with pytest.raises(clauses.UnknownClause):
        clauses.clause_text("第六条（九）")
    with pytest.raises(clauses.UnknownClause):
        clauses.clause_text("附则")
