"""The standing clauses of a 任务书: reporting, change, acceptance, separate accounts, breach (第十至十四条)."""

from __future__ import annotations

from typing import Any

MATERIALS = (
    ("竣工报告", "建设内容、投资完成和绩效目标完成情况"),
    ("专项审计报告", "第三方出具，逐项核对投资与付款"),
    ("设备、软件清单", "附铭牌照片、编号和国产标记"),
    ("合同、发票、付款凭证", "与投资明细逐项对应"),
    ("绩效自评表", "逐项列明目标值与实际值"),
    ("环评、安全、节能等验收文件", "法律法规有规定的"),
    ("资金专账", "补助资金和自筹资金的账页"),
    ("变更与延期文件", "有变更、延期的"),
)


def section(title: str, *paragraphs: str, head: tuple[str, ...] = (), rows: list[list[str]] | None = None) -> dict:
    """One numbered section: paragraphs, then a table where it has rows."""
    return {"title": title, "paragraphs": list(paragraphs), "head": list(head), "rows": rows or []}


def before_acceptance() -> list[dict[str, Any]]:
    """What the enterprise owes while it builds, and how it is accepted."""
    return [
        section(
            "进度报告",
            "乙方每季度在平台报送投资完成额、建设进度和佐证材料，由见证方区县工信部门或甲方核对。",
            "以项目进度为条件的批次，凭核对属实的进度报告拨付。",
        ),
        section(
            "变更与延期",
            "项目主体、主要建设内容、建设性质发生变化的，乙方及时提出，区县审核，报甲方备案；不得擅自变更（第十条）。",
            "竣工日期、绩效目标、拨付批次调整的，双方另签补充协议；补充协议生效前，按本任务书执行。",
        ),
        section(
            "验收条件与材料",
            "项目竣工、设备投入使用后两个月内，乙方申请验收；甲方会同市财政局委托第三方，就进度、投资、技术、国产化、成效"
            "开展评估并出具报告（第十一条）。",
            head=("材料", "要求"),
            rows=[list(row) for row in MATERIALS],
        ),
        section(
            "资金管理与资产处置",
            "补助资金专账核算，专款专用，不得用于土地、厂房等基础建设、偿还债务和与项目无关的支出。",
            "形成的主要设备和软件，在验收前不得转让、抵押或移出本市；验收后处置的，按有关规定办理。",
        ),
    ]


def breach() -> list[dict[str, Any]]:
    """Breach, recovery, 失信."""
    return [
        section(
            "违约、追回与失信",
            "乙方弄虚作假的，取消资格，收回全部已拨资金（第十三条），并记入失信名单；涉嫌犯罪的依法移送（第十四条）。",
            "乙方擅自变更、截留挪用、无正当理由逾期未完工或者验收不通过的，甲方停止拨付，终止本任务书，追回已拨资金。",
            "应退款项由甲方书面通知，乙方自收到通知之日起在通知载明的期限内退回指定账户；逾期未退的，依法追缴、移送，"
            "并记入失信名单。作出追回决定前，乙方有权陈述申辩。",
            "甲方未按约定条件拨付的，乙方可书面催告；因资金到位进度、预算调整或者不可抗力迟延的，不构成甲方违约。",
        ),
    ]


def signing() -> list[dict[str, Any]]:
    """Signing, number of copies, what prevails."""
    return [
        section(
            "签署与效力",
            "双方应在规定期限内签署，逾期未签的，本次支持失效（第九条（三））。",
            "双方在平台以本人账号签署；双方加盖公章的纸质件扫描后上传平台，与同一版本的电子件具有同等效力。",
            "补充协议与本任务书不一致的，以在后生效的为准。未尽事宜按《专项资金管理办法》执行。",
        ),
    ]
