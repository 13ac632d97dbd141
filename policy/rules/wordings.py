"""The words of each step: what it takes, what it does, and the clause it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple


class Wording(NamedTuple):
    """How a step is told: kind of arithmetic, short label, what was taken, what was done, the clause's key."""

    arithmetic: str
    label: str
    taken: str
    done: str
    clause: str


TAKE, SUBTRACT, MULTIPLY, CAP, COMPARE, CHOOSE, ADD, ALLOCATE, SUM, REFUSE = (
    "take",
    "subtract",
    "multiply",
    "cap",
    "compare",
    "choose",
    "add",
    "allocate",
    "sum",
    "refuse",
)

WORDINGS: Final[Mapping[str, Wording]] = {
    # the eligible base
    "invest": Wording(TAKE, "投资总额", "投资总额 {taken} 元", "", "base"),
    "land": Wording(
        SUBTRACT, "减 土地、厂房等基础建设投资", "{taken} 元", "减去土地、厂房等基础建设投资 {operand} 元", "base"
    ),
    "vat": Wording(SUBTRACT, "减 进项税额", "{taken} 元", "按不含税口径减去进项税额 {operand} 元", "base"),
    "duplicates": Wording(
        SUBTRACT, "减 已在别处申报的发票", "{taken} 元", "减去已在别处申报的发票金额 {operand} 元", "higher_of"
    ),
    "eligible": Wording(SUM, "合格投资", "以上相减", "即技术改造投资", "base"),
    # the ceiling
    "rate": Wording(MULTIPLY, "× {rate}（{name}）", "合格投资 {taken} 元", "乘以{name}的比例 {rate}，向下取整", ""),
    "cap": Wording(CAP, "单个项目最高 {cap}", "按比例算得 {taken} 元", "与单个项目最高 {cap} 元比较，取低者", ""),
    "approved": Wording(TAKE, "核定支持金额", "上限 {taken} 元", "由两局确定、市政府审定为 {operand} 元", "approval"),
    "special": Wording(TAKE, "一事一议", "取决定文件核定的 {taken} 元", "不按比例和封顶计算", "special"),
    "not_pilot": Wording(COMPARE, "不属四个试点行业", "行业大类 {operand}", "不在中央资金支持的四个行业之内", "pilot"),
    "reference": Wording(
        COMPARE, "地方参照中央标准", "经示范认定的“线”“面”项目", "地方资金参照中央标准 {operand} 元", "reference"
    ),
    "no_reference": Wording(
        COMPARE, "不参照中央标准", "未经示范认定，或不是“线”“面”项目", "地方资金不参照中央标准", "reference"
    ),
    # the local entitlement
    "local_policy": Wording(TAKE, "地方现行政策支持", "取地方现行政策支持金额 {taken} 元", "", "local"),
    "local_rate": Wording(
        MULTIPLY, "× {rate}（{name}）", "计算基数 {taken} 元", "乘以地方支持方向“{name}”的比例 {rate}，向下取整", ""
    ),
    "local_cap": Wording(CAP, "地方支持最高 {cap}", "按比例算得 {taken} 元", "与地方封顶 {cap} 元比较，取低者", ""),
    "uplift": Wording(
        ADD,
        "加 国产设备和软件",
        "地方支持 {taken} 元",
        "因国产工业母机、机器人、软件应用较多提高 {operand} 元",
        "uplift",
    ),
    "local_direction": Wording(
        COMPARE, "地方支持方向", "平台、基础设施、服务商、培训等项目", "不用中央资金，按地方现行政策执行", "local"
    ),
    "higher_of": Wording(
        CHOOSE, "中央与地方，取高者不重复", "中央口径 {taken} 元，地方口径 {operand} 元", "取高者", "higher_of"
    ),
    "top_up_higher": Wording(
        CHOOSE,
        "中央与地方，补差取高",
        "中央口径 {taken} 元，地方口径 {operand} 元",
        "取高者，差额由地方补足",
        "higher_of",
    ),
    "received": Wording(
        SUBTRACT, "减 已获其他财政支持", "{taken} 元", "减去同一项目已获其他财政支持 {operand} 元", "higher_of"
    ),
    "enterprise_cap": Wording(CAP, "本企业余额", "{taken} 元", "与本企业上限的余额 {operand} 元比较，取低者", "base"),
    # who pays
    "central": Wording(ALLOCATE, "中央资金", "中央部分 {taken} 元", "由中央资金安排{within}", "pilot"),
    "local": Wording(ALLOCATE, "地方资金", "应由地方安排 {taken} 元", "由地方资金安排{within}", "top_up"),
    "local_only": Wording(ALLOCATE, "地方资金", "应由地方安排 {taken} 元", "由地方资金安排{within}", "local"),
    "no_top_up": Wording(ALLOCATE, "地方不补足", "中央资金余额为零", "按设置地方不予补足", "top_up"),
    "unfunded": Wording(SUBTRACT, "待安排", "应支持 {taken} 元", "已安排 {operand} 元，其余待安排", "top_up"),
    "sum": Wording(SUM, "可支持合计", "中央与地方合计", "", "approval"),
    "pool_prorata": Wording(
        ALLOCATE,
        "中央资金按比例分配",
        "中央部分 {taken} 元",
        "在余额 {operand} 元内按比例分配，零头归余数最大者",
        "top_up",
    ),
    "pool_rank": Wording(
        ALLOCATE, "中央资金按评审分分配", "中央部分 {taken} 元", "按评审分先后，此时余额 {operand} 元", "top_up"
    ),
    # changes
    "change_minor": Wording(COMPARE, "不属重大变更", "核定 {taken} 元", "非重大变更，金额不变", "change"),
    "change_ceiling": Wording(
        COMPARE, "变更后的上限", "核定 {taken} 元", "与变更后的上限 {operand} 元比较，取低者", "change"
    ),
    "change_upward": Wording(
        COMPARE, "按变更后的上限", "核定 {taken} 元", "按设置可调至变更后的上限 {operand} 元", "change"
    ),
    "change_manual": Wording(COMPARE, "须人工裁定", "行业大类变为 {operand}", "中央资金不再适用，由两局裁定", "change"),
    # acceptance
    "audited": Wording(TAKE, "审定合格投资", "取第三方审定的合格投资 {taken} 元", "", "acceptance"),
    "statistics": Wording(
        CAP, "与统计投资就低", "审定 {taken} 元", "与统计投资 {operand} 元比较，取低者", "acceptance"
    ),
    "decided": Wording(TAKE, "按决定计算", "按原决定，审定投资可得 {operand} 元", "作为新的上限", "payment"),
    "settled": Wording(
        COMPARE, "核定与审定，取低者", "核定 {taken} 元", "与审定投资可得 {operand} 元比较，取低者", "payment"
    ),
    "settled_upward": Wording(
        COMPARE, "按审定投资", "核定 {taken} 元", "按设置可调至审定投资可得 {operand} 元", "payment"
    ),
    "prorata_plan": Wording(
        MULTIPLY, "按计划完成率折算", "核定 {taken} 元", "乘以审定投资、除以计划投资 {operand} 元", "payment"
    ),
    "low_completion": Wording(
        COMPARE, "低于最低完成比例", "计划合格投资 {taken} 元", "完成未达规定比例，须人工裁定", "acceptance"
    ),
    "fraud": Wording(REFUSE, "弄虚作假，取消资格", "申报材料弄虚作假", "取消申报资格，收回已拨付的资金", "fraud"),
    "payable": Wording(SUBTRACT, "应补拨", "终核 {taken} 元", "减去已拨 {operand} 元", "payment"),
    "clawback": Wording(SUBTRACT, "应退回", "已拨 {operand} 元", "高于 {taken} 元的部分退回", "payment"),
    "central_final": Wording(
        ALLOCATE, "其中中央", "终核 {taken} 元", "中央承诺 {operand} 元，先减地方补足部分", "top_up"
    ),
    "central_final_prorata": Wording(
        ALLOCATE, "其中中央", "终核 {taken} 元", "按中央承诺 {operand} 元所占比例分担", "top_up"
    ),
    "local_final": Wording(SUBTRACT, "其中地方", "终核 {taken} 元", "减去中央部分 {operand} 元", "top_up"),
    # instalments
    "planned_share": Wording(TAKE, "累计批次", "核定 {taken} 元", "到本批累计 {operand}", "payment"),
    "central_gate": Wording(CAP, "中央资金到位", "", "中央资金到位 {operand}，累计拨付不超过此比例", "payment"),
    "progress_gate": Wording(CAP, "项目实施进度", "", "项目进度 {operand}，累计拨付不超过此比例", "payment"),
    "target": Wording(MULTIPLY, "累计应拨", "核定 {taken} 元", "乘以累计比例 {operand}，向下取整", "payment"),
    "last": Wording(TAKE, "末批轧差", "核定 {taken} 元", "末批付清，一分不差", "payment"),
    "instalment": Wording(SUBTRACT, "本批应拨", "累计应拨 {taken} 元", "减去已拨 {operand} 元", "payment"),
    # dates and refusals
    "in_force": Wording(COMPARE, "在有效期内", "{operand}", "在政策有效期内", "validity"),
    "continues": Wording(COMPARE, "存量项目继续", "{operand}", "已过有效期，存量项目不受影响", "validity"),
    "refused": Wording(REFUSE, "不予计算", "{operand}", "", ""),
}
