"""The automatic checks of a filing: one plain list of rules, each a small function over one sheet."""

from __future__ import annotations

from datetime import date

from applications.checks import applicant, duplicates, eligibility, figures, invoices
from applications.checks.findings import Finding, Rule, answer
from applications.checks.sheet import Sheet, sheet_of
from applications.models import Draft, Submission

RULES = (
    Rule(
        "credit_code", "统一社会信用代码", "GB 32100-2015", "校验位正确。", "对照营业执照核对企业档案。", "enterprise",
        applicant.credit_code,
    ),
    Rule(
        "district", "属地", "第九条（一）", "企业登记地与受理区县一致。", "核对建设地点；在其他区县实施的，向当地申报。", "basics",
        applicant.district,
    ),
    Rule(
        "industry", "行业", "第五条", "属于试点行业。", "核对行业代码；不属试点行业的，按地方资金渠道申报。", "basics",
        applicant.industry,
    ),
    Rule(
        "filing_number", "备案文号", "第九条（一）", "写法正确。", "按备案证明照抄文号或项目代码。", "basics",
        applicant.filing_number,
    ),
    Rule(
        "dishonesty", "失信记录", "第十三条", "不在失信记录期内。", "记录期满后再申报。", "enterprise",
        applicant.dishonesty,
    ),
    Rule(
        "unfinished", "以前的项目", "第十一条", "没有逾期未验收的项目。", "先完成以前项目的验收，或说明进度。", "enterprise",
        applicant.unfinished,
    ),
    Rule(
        "start", "发票日期", "第十条", "没有异常日期。", "核对开票日期和开工日期。", "lines", applicant.start,
    ),
    Rule("sums", "资金与投资", "第九条（一）", "资金来源不少于投资明细。", "补足资金来源，或调整明细。", "funding", figures.sums),
    Rule("units", "金额单位", "第九条（一）", "没有疑似按万元填写的金额。", "金额一律按元填写，请核对。", "lines", figures.units),
    Rule(
        "invoice_format", "发票号码", "第九条（一）", "位数正确。",
        "数电票填 20 位号码；纸质发票填 10 或 12 位代码加 8 位号码。", "lines", figures.invoice_format,
    ),
    Rule("invoice_sums", "发票税额", "第六条", "金额、税额相符。", "按发票核对不含税金额和税额。", "lines", figures.invoice_sums),
    Rule("seller", "供应商", "第九条（一）", "供应商代码正确。", "按发票核对销售方代码；自制设备请说明。", "lines", figures.seller),
    Rule(
        "buyer", "发票购买方", "第十三条", "上传的数电票（XML）的购买方都是本单位。", "移除不是本单位的发票；合并、更名的，向区县说明。",
        "materials", invoices.buyer,
    ),
    Rule(
        "invoice_file", "发票与明细", "第六条（二）", "明细与上传的数电票（XML）相符。",
        "按发票改正明细；一张发票分摊多行的，合计不超过发票。", "lines", invoices.invoice_file,
    ),
    Rule(
        "typed_twice", "本次申报内重复", "第十三条", "没有重复的行。", "删除重复的行；相同设备合并为一行，填写数量。", "lines",
        figures.typed_twice,
    ),
    Rule(
        "same_invoice", "发票不重复", "第十三条", "没有在其他项目中申报。", "删除该行，或向区县说明分摊依据。", "lines",
        duplicates.same_invoice,
    ),
    Rule(
        "same_machine", "设备不重复", "第十三条", "没有在其他项目中申报。", "删除该行，或提供铭牌照片说明编号相同的原因。", "lines",
        duplicates.same_machine,
    ),
    Rule(
        "same_file", "文件不重复", "第十三条", "没有与其他项目相同的文件。", "核对是否上传了别的项目的文件。", "materials",
        duplicates.same_file,
    ),
    Rule(
        "near_invoice", "近似发票", "第十三条", "没有相近的发票。", "核对是否同一张发票；不是的，向区县说明。", "lines",
        duplicates.near_invoice,
    ),
    Rule(
        "split_project", "一个项目拆分", "第六条（二）", "没有同地点的相近项目。", "确为一个项目的，合并申报；否则说明区别。", "basics",
        duplicates.split_project,
    ),
)  # fmt: skip
BY_KEY = {rule.key: rule for rule in RULES}


def findings_of(sheet: Sheet) -> list[Finding]:
    """Every rule's answer in the order of the list, then what the call asks; a rule the call weighs itself once."""
    left_out = {rule.kind for rule in sheet.rules}
    if sheet.project.call.is_local:
        left_out.add("industry")  # 第五条 is about central money, which a local direction does not touch
    return [answer(rule, sheet) for rule in RULES if rule.key not in left_out] + eligibility.answers(sheet)


def check(filing: Draft | Submission, *, on: date) -> list[Finding]:
    """Every rule's answer to a draft or a submission on a day."""
    return findings_of(sheet_of(filing, on))
