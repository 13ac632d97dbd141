"""The pool of experts as an Excel sheet: its columns, and the cells that need more than text."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError

from core.codes import clean_uscc
from core.models import District
from core.sheets import CellRefused, Layout, SheetColumn, text_of
from review.fields import FIELDS

MOST_EXPERTS = 2000


def _fields(value: Any) -> list[str]:
    words = [word for word in re.split(r"[、,，;；\s]+", text_of(value)) if word]
    unknown = [word for word in words if word not in FIELDS]
    if unknown:
        raise CellRefused(f"没有这个专业领域：{'、'.join(unknown)}。", f"从{'、'.join(FIELDS)}中选，用顿号分开。")
    return sorted(set(words))


def _code(value: Any) -> str:
    try:
        return clean_uscc(text_of(value))
    except ValidationError as refused:
        raise CellRefused(refused.messages[0], "按营业执照或法人证书填写 18 位代码。") from None


def _district(value: Any) -> District:
    name = text_of(value)
    found = District.objects.filter(name=name).first()
    if found is None:
        raise CellRefused("没有这个区县。", "填写沈阳市的区、县（市）全称，例如铁西区；外地的不填。")
    return found


LOGIN, NO_LOGIN = r"[A-Za-z0-9._-]{3,40}", "登录名只能用字母、数字和 . _ -，3 至 40 位。"


def _email(value: Any) -> str:
    text = text_of(value)
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text):
        raise CellRefused("邮箱写法不对。", "例如 zhang@example.com。")
    return text.lower()


def _login(value: Any) -> str:
    text = text_of(value)
    if not re.fullmatch(LOGIN, text):
        raise CellRefused(NO_LOGIN, "改写登录名。")
    return text


COLUMNS = (
    SheetColumn("username", "登录名", _login, 18, "必填，3 至 40 位字母、数字；不能与已有账号重复。", True),
    SheetColumn("name", "姓名", text_of, 14, "必填。", True, 40),
    SheetColumn("email", "邮箱", _email, 26, "必填，接收评审邀请。", True, 254),
    SheetColumn("title", "职称", text_of, 16, "没有的不填。", False, 40),
    SheetColumn("fields", "专业领域", _fields, 30, f"必填，用顿号分开：{'、'.join(FIELDS)}。", True),
    SheetColumn("employer", "工作单位", text_of, 30, "必填，单位全称。", True, 120),
    SheetColumn("uscc", "单位统一社会信用代码", _code, 24, "18 位，设为文本格式；用于查找利害关系。"),
    SheetColumn("district", "区县", _district, 12, "单位所在区、县（市）；外地的不填。"),
)
LAYOUT = Layout(
    sheet="专家",
    row="专家",
    columns=COLUMNS,
    marks=("登录名", "姓名"),
    most_rows=MOST_EXPERTS,
    notes=(
        ("导入", "有一处不对就一名也不导入，并逐行说明。导入后账号没有口令，由系统管理员发放。"),
        ("利益声明", "新入库的专家须先登录声明利益关系，才参加抽取。"),
    ),
)


def row_of(expert: Any) -> dict[str, Any]:
    """An expert as a row of the sheet, for the export."""
    return {
        "username": expert.user.username, "name": expert.user.name, "email": expert.user.email, "title": expert.title,
        "fields": "、".join(expert.fields), "employer": str(expert.employer or ""),
        "uscc": (expert.employer.uscc or "") if expert.employer else "", "district": str(expert.district or ""),
    }  # fmt: skip
