"""Sample figures for the page that shows every component; invented, and the same every day."""

from datetime import date, datetime
from decimal import Decimal

from django import forms
from django.core.paginator import Paginator
from django.utils import timezone

from applications.forms.industry import IndustryField
from applications.forms.lines import BothLines
from core.forms import Choices, PortalForm, UploadField, YuanFormField, YuanInput

STEPS = [
    ("申报", "2025年10月21日"),
    ("区县初审", "2025年11月3日"),
    ("市级评审", "2025年12月30日"),
    ("公示", "2026年1月19日"),
    ("市政府审定", "2026年1月28日"),
    ("任务书", "2026年2月10日"),
    ("分批拨付", "自 2026年2月10日"),
    ("验收", ""),
]
CLOCKS = [
    {"left": 6, "term": 10},
    {"left": 2, "term": 10},
    {"left": 0, "term": 10},
    {"left": -1, "term": 10},
    {"left": 5, "term": 10, "held": "已暂停，企业补正中"},
]
FLOW = [
    {"label": "编制", "who": "市工信局 示例经办 丙", "when": "3月2日 10:20", "state": "done"},
    {"label": "复核", "who": "市工信局 示例负责人 庚", "when": "3月3日 09:05", "state": "done"},
    {"label": "财政审核", "who": "市财政局 示例经办 辛", "when": "3月4日 16:42", "state": "done"},
    {"label": "财政放行", "who": "市财政局 示例负责人 丁", "when": "等您办理", "state": "now"},
    {"label": "市工信局拨付", "note": "生成银行文件"},
    {"label": "回单与入账", "note": "导入结果，逐笔核对"},
]
DAYS = [
    {"date": date(2026, 3, 3), "note": "发布", "kind": "rest"},
    {"date": date(2026, 3, 4), "note": "第 1 日", "kind": "past"},
    {"date": date(2026, 3, 5), "note": "第 2 日，今天", "kind": "today"},
    {"date": date(2026, 3, 6), "note": "第 3 日"},
    {"date": date(2026, 3, 7), "note": "不计", "kind": "rest"},
    {"date": date(2026, 3, 8), "note": "不计", "kind": "rest"},
    {"date": date(2026, 3, 9), "note": "第 4 日"},
    {"date": date(2026, 3, 10), "note": "第 5 日，截止"},
]
EXPLAIN = [
    {"label": "投资总额，不含税", "amount": Decimal(28_600_000)},
    {"label": "减 土地、厂房等基建", "amount": Decimal(-4_000_000), "clause": "第六条（二）", "note": "1 行不计入"},
    {"label": "合格投资", "amount": Decimal(24_600_000)},
    {"label": "× 15%（点）", "amount": Decimal(3_690_000), "clause": "第六条（二）1", "binds": True},
    {"label": "单个项目封顶", "amount": Decimal(10_000_000), "clause": "第六条（二）1", "note": "未触及，还差 631.00"},
]
TASKS = [
    {
        "title": "继续填报“盾构减速机绿色涂装改造”",
        "url": "#",
        "note": "9 节已完成 5 节；投资明细有 1 处需要改正",
        "clock": (2, 10),
    },
    {"title": "投资明细", "url": "#", "note": "10 行，合计 2,860.00 万元", "tag": ("1 处需改正", "stop")},
    {"title": "企业基本信息", "url": "#", "note": "取自一企一档，核对即可", "tag": ("已完成", "ok")},
    {"title": "核对并提交", "note": "以上各节完成后，由本单位审批人提交", "tag": ("暂不能开始", "off"), "locked": True},
]
STATS = [
    {"label": "已超期", "value": 1, "unit": "项", "url": "#", "icon": "warn"},
    {"label": "今日到期", "value": 1, "unit": "项", "url": "#"},
    {"label": "时间充裕", "value": 4, "unit": "项", "url": "#"},
    {"label": "已暂停", "value": 1, "unit": "项", "url": "#", "icon": "pause"},
    {"label": "平均用时", "value": "5.4", "unit": "/ 10 个工作日"},
]
BARS = [
    {"label": "区县初审", "value": 5},
    {"label": "市级评审", "value": 7},
    {"label": "公示", "value": 2},
    {"label": "办结", "value": 4, "tone": "paid"},
]
SUMMARY = [("截止", "2026年3月9日 17:00"), ("方向", "点、线、面"), ("收款账户", "0000 **** 0001", "第二人已复核")]
DEFECTS = [
    ("备案证明：总投资少于申报投资", "请提供备案变更证明，或把申报投资调整到 1,200.00 万元以内。"),
    ("发票清单第 7 行：号码已在另一项目使用", "请说明分摊依据，或删除该行。"),
]
LINKS = [("任务书 第 1 版", "#", "2月10日", "pdf"), ("批复 示例政〔2026〕3号", "#", "1月28日", "pdf")]
TABS = [
    {"label": "申报内容", "url": "#a"},
    {"label": "材料", "url": "#b", "count": 14},
    {"label": "资金", "url": "#c", "current": True},
    {"label": "记录", "url": "#d", "count": 27},
]
ROWS = [
    ("大型矿山装备数字化车间改造", "SYJG-2025-106-001", "沈阳示例重工有限公司", 6, "点", 90_000_000, 10_000_000),
    ("谐波减速器精密制造单元", "SYJG-2025-112-020", "沈阳虚构减速器有限公司", 2, "面", 14_800_000, 2_960_000),
    ("中压开关柜自动化装配线", "SYJG-2025-112-010", "沈阳虚构开关电器有限公司", -1, "线", 18_000_000, 3_600_000),
]


PROJECTS = [
    {
        "kind": "point", "number": "SYJG-2025-106-001", "title": "大型矿山装备数字化车间改造", "url": "#", "step": 7,
        "step_label": "分批拨付", "note": "第 1 笔已到账，第 2 笔在验收后拨付", "who": "现在由本企业组织实施，计划 2026年6月 完工",
        "pairs": [("核定支持", Decimal(10_000_000)), ("已拨付", Decimal(5_000_000))], "action": ("查看项目", "#"),
    },
    {
        "kind": "point", "title": "盾构减速机绿色涂装改造", "url": "#", "step": 1, "step_label": "申报", "note": "草稿",
        "pairs": [("投资总额", Decimal(28_600_000)), ("测算上限", Decimal(3_690_000))], "action": ("继续填报", "#"),
        "primary": True,
    },
]  # fmt: skip
TOTALS = [("设备", "2,100.00"), ("软件", "180.00"), ("服务", "60.00"), ("安装", "120.00"), ("土地", "0.00", True),
          ("厂房基建", "400.00", True), ("合计（万元）", "2,860.00")]  # fmt: skip
COMPARED = [
    {"title": "点", "amount": Decimal(4_200_000), "lines": ["15%，封顶 1,000 万元", "企业自身的改造方案。"]},
    {"title": "线 · 其他", "amount": Decimal(5_000_000), "lines": ["20%，封顶 500 万元", "协同方案。"], "here": True, "mark": "所选"},
    {"title": "线 · 链主", "amount": Decimal(5_600_000), "lines": ["20%，封顶 1,500 万元", "须在市级链主名单内。"]},
]  # fmt: skip


BOTH = BothLines(
    "17",
    "第 17 行 喷涂单元",
    "设备 喷涂单元 VMC-2\n数量 2，金额 9,200,000.00 元",
    "设备 喷涂单元 VMC-2\n数量 1，金额 4,600,000.00 元",
)


def timeline() -> list[dict]:
    """Two entries of a trail."""
    zone = timezone.get_current_timezone()
    return [
        {
            "at": datetime(2026, 2, 26, 15, 40, tzinfo=zone),
            "title": "第 1 笔补助拨出 500.00 万元",
            "who": "市工业和信息化局 示例经办 丙",
            "ground": "拨付批次 2026-02 · 回单 00021",
            "ground_url": "#",
        },
        {
            "at": datetime(2026, 2, 24, 10, 18, tzinfo=zone),
            "title": "财政放行拨付批次 2026-02",
            "who": "市财政局 示例负责人 丁",
            "ground": "拨付申请 示例财〔2026〕8号",
        },
    ]


class SampleForm(PortalForm):
    """Every kind of field."""

    title = forms.CharField(label="项目名称", help_text="与备案证明一致，不超过 60 个字", max_length=60)
    amount = YuanFormField(label="投资总额", help_text="不含税，填到分")
    track = forms.ChoiceField(
        label="方向",
        choices=[("point", "点"), ("line", "线"), ("area", "面")],
        widget=forms.RadioSelect,
        help_text="方向由评审按证据认定，不能按金额挑选。",
    )
    industry = forms.ChoiceField(label="行业", choices=[("", "请选择"), ("3511", "3511 矿山机械制造")])
    begins_on = forms.DateField(label="开工日期")
    note = forms.CharField(label="建设内容", widget=forms.Textarea, required=False)
    proof = UploadField(label="备案证明", help_text="PDF 或图片，不超过 20 MB", required=False)
    class_of = IndustryField(label="项目行业（国民经济行业分类）", required=False)
    promise = forms.BooleanField(label="以上内容真实，愿意承担第十三条规定的责任")


class DropForm(PortalForm):
    """One file field, for the place it is dropped on."""

    paper = UploadField(label="营业执照", required=False)


class FilterForm(PortalForm):
    """The form of a list's toolbar."""

    q = forms.CharField(
        label="查找", required=False, widget=forms.TextInput({"placeholder": "项目、企业、编号", "size": 24})
    )
    kind = forms.ChoiceField(
        label="方向", required=False, choices=[("", "方向：全部"), ("point", "点"), ("line", "线")]
    )


class LineForm(PortalForm):
    """One line of the investment grid."""

    grid_columns = ["category", "name", "quantity", "price", ("amount", "金额（元）"), "supplier"]

    category = forms.ChoiceField(label="类别", choices=[("equipment", "设备"), ("software", "软件")])
    name = forms.CharField(label="名称")
    quantity = forms.IntegerField(label="数量", min_value=1)
    price = YuanFormField(label="单价（元）", widget=YuanInput(unit=None))
    supplier = forms.CharField(label="供应商", required=False)

    @property
    def amount(self) -> str:
        return "9,200,000.00"


class ScoreForm(PortalForm):
    """Two lines of a score sheet."""

    equipment = forms.DecimalField(label="装备水平", initial=Decimal("8.5"))
    process = forms.DecimalField(label="工艺与柔性", initial=Decimal("7.5"))


class CheckForm(PortalForm):
    """核实 / 存疑 / 不适用."""

    verdict = forms.ChoiceField(
        label="备案证明", choices=[("ok", "核实"), ("doubt", "存疑"), ("na", "不适用")], widget=Choices
    )


def sample(form: str = "") -> dict:
    """Everything the page shows; form="errors" gives the forms as they come back."""
    lines = forms.formset_factory(LineForm, extra=0, can_delete=True)
    typed = {"amount": "-5", "track": "line"}
    return {
        "steps": STEPS, "clocks": CLOCKS, "flow": FLOW, "days": DAYS, "explain": EXPLAIN, "tasks": TASKS,
        "stats": STATS, "bars": BARS, "summary": SUMMARY, "defects": DEFECTS, "links": LINKS, "tabs": TABS,
        "rows": ROWS, "events": timeline(), "limit": Decimal(3_690_000), "paid": Decimal(58_200_000),
        "batch": Decimal(21_865_000), "free": Decimal(69_935_000), "now": timezone.now(),
        "form": SampleForm(typed) if form == "errors" else SampleForm(),
        "filters": FilterForm(), "both": BOTH, "drop": DropForm(), "drop_limit": 100 * 1024 * 1024,
        "lines": lines(_typed_lines() if form == "errors" else None, initial=_lines(), prefix="lines"),
        "check": CheckForm(initial={"verdict": "doubt"}, prefix="check"),
        "projects": PROJECTS, "totals": TOTALS, "compared": COMPARED, "score": ScoreForm(prefix="score"),
        "page": Paginator(range(312), 25).page(3),
    }  # fmt: skip


def _lines() -> list[dict]:
    return [
        {"category": "equipment", "name": "机器人喷涂单元", "quantity": 2, "price": Decimal("4600000.00"), "supplier": "示例供应商 01"},
        {"category": "software", "name": "涂装制造执行系统", "quantity": 1, "price": Decimal("1150000.00"), "supplier": ""},
    ]  # fmt: skip


def _typed_lines() -> dict:
    return {
        "lines-TOTAL_FORMS": "2", "lines-INITIAL_FORMS": "2", "lines-0-category": "equipment",
        "lines-0-name": "机器人喷涂单元", "lines-0-quantity": "两台", "lines-0-price": "4,600,000.00",
        "lines-1-category": "software", "lines-1-name": "", "lines-1-quantity": "1", "lines-1-price": "1e5",
    }  # fmt: skip
