"""Components: the right words and marks, whatever they are given."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.safestring import mark_safe

from core.clauses import anchor_of
from core.forms import PortalForm, YuanFormField
from core.listing import ordered, page_of
from core.templatetags import figure_tags, mark_tags, page_tags, text_tags
from core.templatetags.field_tags import edit_grid, error_summary
from core.templatetags.mark_tags import tag

ROOT = Path(__file__).resolve().parents[2]


def render(source, path="/", **values):
    context = Context({"request": RequestFactory().get(path), **values})
    context.request = context["request"]
    return Template(source).render(context)


# --- formats ---------------------------------------------------------------------------------------------------------


def test_amounts_are_read_in_wan_and_counted_in_yuan():
    assert text_tags.wan(Decimal(15_000_000)) == "1,500.00"
    assert text_tags.wan(Decimal(-4_000_000)) == "−400.00"
    assert text_tags.yuan(Decimal("15000000.5")) == "15,000,000.50"
    assert text_tags.capitals(Decimal(15_000_000)) == "人民币壹仟伍佰万元整"


@pytest.mark.parametrize("nothing", [None, "", "abc", Decimal("NaN"), True])
def test_no_amount_is_a_dash(nothing):
    assert text_tags.wan(nothing) == text_tags.yuan(nothing) == "—"
    assert text_tags.wan(0) == "0.00"


def test_days_are_written_the_chinese_way_in_shanghai():
    late = datetime(2026, 3, 5, 17, 30, tzinfo=UTC)
    assert text_tags.cn_date(date(2026, 3, 5)) == "2026年3月5日"
    assert text_tags.cn_datetime(late) == "2026年3月6日 01:30"
    assert text_tags.cn_month(late) == "2026年3月"
    assert text_tags.cn_day_time(late) == "3月6日 01:30"
    assert text_tags.weekday(date(2026, 3, 5)) == "星期四"
    assert text_tags.cn_date(None) == text_tags.cn_datetime("soon") == "—"


def test_percent_and_size():
    assert text_tags.percent(Decimal("0.735")) == "73.5%"
    assert text_tags.percent(Decimal("-0.024")) == "−2.4%"
    assert text_tags.size(219_136) == "214 KB"
    assert text_tags.size(3_355_443) == "3.2 MB"


@pytest.mark.parametrize(
    ("citation", "anchor"),
    [
        ("第六条（二）1", "a6-2-1"),
        ("第六条（二）", "a6-2"),
        ("第十三条", "a13"),
        ("第二十一条第二项", "a21-2"),
        ("办法第九条(三)", "a9-3"),
        ("方案 二、工作目标", ""),
        ("", ""),
    ],
)
def test_a_citation_knows_its_place(citation, anchor):
    assert anchor_of(citation) == anchor


def test_a_clause_is_a_link_and_its_words_are_escaped():
    assert '#a6-2-1">第六条（二）1</a>' in text_tags.clause("第六条（二）1")
    assert text_tags.clause("<b>") == '<span class="clause">&lt;b&gt;</span>'


# --- marks -----------------------------------------------------------------------------------------------------------


def test_icons_of_the_sprite_are_those_the_script_names():
    sprite = ElementTree.parse(ROOT / "static" / "icons.svg")
    drawn = {symbol.get("id") for symbol in sprite.iter("{http://www.w3.org/2000/svg}symbol")}
    assert {f"i-{name}" for name in mark_tags.TONES.values()} <= drawn


@pytest.mark.parametrize(
    ("left", "held", "words", "tone"),
    [
        (6, "", "剩 6 个工作日", "clock"),
        (2, "", "剩 2 个工作日", "clock clock-soon"),
        (0, "", "今日到期", "clock clock-soon"),
        (-1, "", "超期 1 个工作日", "clock clock-over"),
        (5, "已暂停", "已暂停", "clock clock-held"),
    ],
)
def test_a_clock_says_what_is_left(left, held, words, tone):
    html = mark_tags.clock(left, 10, held)
    assert f'<span class="{tone}">' in html and words in html
    assert html.count("<rect") == 10
    assert html.count('class="on"') == min(10, max(0, 10 - left))


def test_no_clock_where_there_is_no_deadline():
    assert mark_tags.clock(None) == ""
    assert mark_tags.clock({"left": 3, "term": 5}).count("<rect") == 5


def test_a_status_tag_carries_icon_and_words():
    html = mark_tags.tag("已完成", "ok")
    assert 'class="tag tag-ok"' in html and "#i-check" in html and "已完成" in html
    assert mark_tags.tag(None) == ""
    assert "&lt;x&gt;" in mark_tags.tag("<x>", "unknown tone")


def test_kinds_are_point_line_and_area():
    assert ">点</span>" in mark_tags.kind("point")
    assert ">线 · 链主</span>" in mark_tags.kind("线", leader=True)
    assert mark_tags.kind("") == ""


def test_the_step_bar_marks_done_now_and_to_come():
    html = mark_tags.step_bar([("申报", "3月1日"), ("初审", ""), ("评审", "")], 2)
    assert html.count('class="done"') == 1
    assert html.count('aria-current="step"') == 1
    assert "第 2 步，共 3 步：" in html and "未到" in html


def test_the_small_step_bar_says_its_step_in_words():
    html = mark_tags.step_mini(7, "分批拨付")
    assert 'aria-label="第 7 步，共 8 步：分批拨付"' in html
    assert html.count('class="done"') == 6


# --- figures ---------------------------------------------------------------------------------------------------------


def test_an_explained_amount_cites_its_clause_at_the_step_that_binds():
    steps = [
        {"label": "合格投资", "amount": Decimal(24_600_000)},
        {"label": "× 15%", "amount": Decimal(3_690_000), "clause": "第六条（二）1", "binds": True},
    ]
    html = figure_tags.explain(steps, total=Decimal(3_690_000), total_label="上限（万元）")
    assert 'class="binds"' in html and "起作用的一步 · <a" in html
    assert html.index("2,460.00") < html.index("369.00") < html.index("上限（万元）")


def test_steps_of_a_determination_pass_as_they_are():
    stored = [
        {"label": "减 土地", "arithmetic": "subtract", "taken": "取", "done": "减去", "result": "24600000.00", "change": "-4000000.00"},
        {"label": "单个项目最高", "arithmetic": "cap", "taken": "按比例算得 1", "done": "取低者", "result": "5000000.00", "change": None,
         "clause": "第六条（二）2", "binds": True},
    ]  # fmt: skip
    html = figure_tags.explain(stored)
    assert "−400.00" in html and "减去" not in html
    assert "起作用的一步：按比例算得 1，取低者 · <a" in html and "500.00" in html


def test_the_pool_bar_says_its_parts_in_words():
    html = figure_tags.pool_bar("中央 2025", paid=Decimal(50_000_000), free=Decimal(50_000_000))
    assert 'aria-label="中央 2025：已拨 5,000.00，可用 5,000.00 万元"' in html
    assert html.count('width="50.00"') == 2


def test_empty_figures_do_not_fall_over():
    assert "<ol" in figure_tags.explain(None)
    assert "0.00" in figure_tags.pool_bar("空")
    assert "<svg" in figure_tags.bar_chart([], "无")
    assert "<svg" in figure_tags.goal_bar(None, None)


# --- pages -----------------------------------------------------------------------------------------------------------


def test_a_panel_is_named_by_its_title_and_keeps_its_slots():
    html = render('{% panel "标题" aside="单位 元" %}<p>文</p>{% slot "footer" %}<b>尾</b>{% endslot %}{% endpanel %}')
    assert 'aria-labelledby="h-1"' in html and '<h2 id="h-1">标题</h2>' in html
    assert '<footer class="small"><b>尾</b></footer>' in html


def test_two_panels_have_two_ids():
    html = render('{% panel "甲" %}{% endpanel %}{% panel "乙" %}{% endpanel %}')
    assert 'id="h-1"' in html and 'id="h-2"' in html


def test_a_page_head_escapes_its_title_and_keeps_its_buttons():
    html = render('{% page_head title %}<a href="#">打印</a>{% endpage_head %}', title="<script>")
    assert "<h1>&lt;script&gt;</h1>" in html and '<div class="actions"><a href="#">打印</a></div>' in html


def test_the_breadcrumb_ends_where_one_is():
    html = page_tags.breadcrumb("我的项目", "/projects/", "SYJG-2025-106-001")
    assert html.count("<a ") == 1 and 'aria-current="page">SYJG-2025-106-001' in html


def test_tabs_know_the_page_they_are_on():
    items = [{"label": "甲", "url": "/a/"}, {"label": "乙", "url": "/b/", "count": 0}]
    html = render("{% tabs items %}", path="/b/", items=items)
    assert '<a href="/b/" aria-current="page">乙 <span class="n">0</span></a>' in html


def test_a_locked_task_is_no_link():
    html = page_tags.task_list([{"title": "提交", "url": "/x/", "locked": True, "tag": ("暂不能开始", "off")}])
    assert "<a " not in html and "tag-off" in html


@pytest.mark.parametrize("block", ["timeline", "defects", "summary", "link_rows", "task_list"])
def test_lists_of_nothing_are_empty_lists(block):
    assert "<li" not in render(f"{{% {block} rows %}}", rows=None)


# --- lists -----------------------------------------------------------------------------------------------------------


def test_paging_keeps_the_question_and_says_where_one_is():
    html = render("{% page_links page %}", path="/?q=a%26b&page=3", page=Paginator(range(312), 25).page(3))
    assert "第 51–75 项" in html and "共 312 项" in html
    assert 'rel="next" href="?q=a%26b&amp;page=4"' in html


def test_one_page_needs_no_way_through():
    assert "<nav" not in render("{% page_links page %}", page=Paginator(range(3), 25).page(1))


def test_a_sorted_head_says_so_and_turns_round():
    html = render('{% sort_head "时限" "due" %}', path="/?sort=due&q=x&page=4")
    assert 'aria-sort="ascending"' in html and 'href="?sort=-due&amp;q=x"' in html
    assert "aria-sort" not in render('{% sort_head "金额" "total" %}', path="/?sort=due")


class Rows:
    def order_by(self, *fields):
        return fields


@pytest.mark.parametrize(
    ("asked", "order"),
    [("", "-due_on"), ("due", "due_on"), ("-due", "-due_on"), ("password", "-due_on"), ("--due", "-due_on")],
)
def test_lists_are_ordered_by_offered_columns_only(asked, order):
    request = RequestFactory().get("/", {"sort": asked})
    assert ordered(request, Rows(), {"due": "due_on"}, "-due") == (order, "pk")


@pytest.mark.parametrize(("asked", "number"), [("", 1), ("2", 2), ("99", 3), ("0", 3), ("x", 1)])
def test_a_page_that_does_not_exist_gives_a_near_one(asked, number):
    assert page_of(RequestFactory().get("/", {"page": asked}), list(range(60))).number == number


# --- forms on pages --------------------------------------------------------------------------------------------------


class Line(PortalForm):
    grid_columns = ["name", "price", ("amount", "金额（元）")]
    name = forms.CharField(label="名称")
    price = YuanFormField(label="单价")

    @property
    def amount(self):
        return "<9>"


def lines(**typed):
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-name": "甲", "form-0-price": "1", **typed}
    return forms.formset_factory(Line, can_delete=True)(data)


def test_the_error_summary_leads_to_each_field():
    formset = lines(**{"form-1-name": "乙", "form-1-price": "-5"})
    html = error_summary(formset)
    assert '<a href="#id_form-1-price">第 2 行 单价：金额不能为负数。</a>' in html
    assert "有 1 处需要改正" in html and 'tabindex="-1"' in html


def test_no_errors_no_summary():
    assert error_summary(Line(), Line({"name": "甲", "price": "1"}), None) == ""


def test_the_grid_names_every_cell_and_computes_as_text():
    formset = lines(**{"form-1-name": "", "form-1-price": "abc"})
    html = edit_grid(formset, "投资明细", total="10.00")
    assert 'aria-label="第 1 行 名称"' in html and 'aria-label="删除第 2 行"' in html
    assert "&lt;9&gt;" in html and "<9>" not in html
    assert '<tr class="bad">' in html and 'aria-describedby="form-1-errors"' in html
    assert "form-TOTAL_FORMS" in html


def test_a_tag_of_text_is_not_the_tag_of_the_same_markup():
    assert "<b>甲</b>" in tag(mark_safe("<b>甲</b>"))
    assert "&lt;b&gt;甲&lt;/b&gt;" in tag("<b>甲</b>")
