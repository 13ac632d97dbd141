"""Checks of who files and where: credit code, 属地, 失信, earlier projects, industry, filing number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.core.exceptions import ValidationError

from applications.checks.findings import Problem, by_hand, stop, warn
from applications.checks.sheet import Sheet
from applications.facts import industries
from core import codes, reference

FILING_NUMBER = re.compile(r".+[〔\[(]20[0-9]{2}[〕\])].*[0-9]+号")
PROJECT_CODE = re.compile(r"[0-9]{4}-[0-9]{6}-[0-9]{2}-[0-9]{2}-[0-9]{6}")  # 全国投资项目在线审批监管平台代码


def credit_code(sheet: Sheet) -> Iterator[Problem]:
    try:
        codes.clean_uscc(sheet.uscc)
    except ValidationError as fault:
        yield stop(fault.messages[0])
        return
    inner = codes.inner_code_warning(sheet.uscc)
    if inner:
        yield warn(inner)


def district(sheet: Sheet) -> Iterator[Problem]:
    project = sheet.project
    if project.enterprise.district_id != project.district_id:
        yield stop(f"企业登记的区县不是受理区县{project.district.name}。")
    named = [name for name in reference.district_names() if name in sheet.site]
    if named and project.district.name not in named:
        yield warn(f"建设地点写的是{'、'.join(named)}，受理区县是{project.district.name}。")


def industry(sheet: Sheet) -> Iterator[Problem]:
    if not sheet.industry:
        return
    fault = industries.fault_of(sheet.industry)
    if fault:
        yield stop(fault)
    elif not industries.is_pilot(sheet.industry, sheet.project.call.policy_version):
        yield warn(f"{industries.label_of(sheet.industry)}不在四个试点行业内，不能使用中央资金，按地方资金渠道办理。")


def filing_number(sheet: Sheet) -> Iterator[Problem]:
    number = codes.half_width(sheet.filing_number) if sheet.filing_number else ""
    if number and not (FILING_NUMBER.fullmatch(number) or PROJECT_CODE.fullmatch(number)):
        yield warn(f"备案文号“{sheet.filing_number}”既不像“某备〔2025〕1号”，也不是 24 位项目代码。")


def dishonesty(sheet: Sheet) -> Iterator[Problem]:
    if sheet.dishonesty:
        yield stop(f"企业在失信记录期内，原因：{sheet.dishonesty.reason}。")


def unfinished(sheet: Sheet) -> Iterator[Problem]:
    if sheet.unfinished:
        yield warn(f"本单位有 {sheet.unfinished} 个以前立项的项目已过竣工日期，还没有通过验收。")


def start(sheet: Sheet) -> Iterator[Problem]:
    """Invoices against the days of the project: none in the future; those before its start are looked at."""
    late = [line for line in sheet.lines if line.invoiced_on and line.invoiced_on > sheet.on]
    for line in late:
        yield warn(f"第 {line.position} 行的开票日期晚于今天。")
    early = [line for line in sheet.lines if sheet.start_on and line.invoiced_on and line.invoiced_on < sheet.start_on]
    if early:
        yield by_hand(f"第 {'、'.join(str(line.position) for line in early[:10])} 行的开票日期早于开工日期。")
