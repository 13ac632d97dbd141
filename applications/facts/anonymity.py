"""What in a 匿名稿 tells who filed: the names by which experts of a blind call would know the enterprise (第九条三)."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from applications.models import Draft, DraftMaterial

LEAST = 4  # signs of a word worth looking for: shorter ones stand in any text
PERSONS = ("联系人", "法定代表人")
PROPERTIES, TEXT = "文件属性", "正文"


def names_of(draft: Draft) -> list[tuple[str, str]]:
    """(what it is, the word) of everything that tells who filed."""
    enterprise = draft.project.enterprise
    profile = getattr(enterprise, "profile", None)
    known = [
        ("单位名称", enterprise.name), ("统一社会信用代码", enterprise.uscc or ""),
        ("联系人", draft.contact), ("联系电话", draft.contact_phone),
        ("联系人", getattr(profile, "contact", "")), ("联系电话", getattr(profile, "phone", "")),
        ("法定代表人", getattr(profile, "legal_person", "")), ("邮箱", getattr(profile, "email", "")),
    ]  # fmt: skip
    return list(dict.fromkeys((what, word) for what, word in known if word))


def signs_in(properties: str, text: str, names: list[tuple[str, str]]) -> list[str]:
    """Where which of these names stands, in words: 正文中有单位名称. A person's name counts in the properties alone, for
    in a text it may be anybody's."""
    places = ((PROPERTIES, _plain(properties)), (TEXT, _plain(text)))
    found = [
        f"{place}中有{what}"
        for place, said in places
        for what, word in names
        if (place == PROPERTIES if what in PERSONS else len(word) >= LEAST) and _plain(word) in said
    ]  # fmt: skip
    return list(dict.fromkeys(found))


def _plain(words: str) -> str:
    return re.sub(r"[\s\-－—()（）]", "", unicodedata.normalize("NFKC", words)).upper()


def is_blind_copy(material: DraftMaterial) -> bool:
    """True for a file that experts of a blind call will read."""
    return material.requirement.blind and material.draft.project.call.blind_review


def what_is_wrong(files: list[Any]) -> str:
    """The sentence over blind copies that tell who filed, or that are still being read; "" where nothing stops."""
    if waiting := [row.file.original_name for row in files if row.blind_signs is None]:
        return f"正在检查匿名稿：{'、'.join(waiting)}。检查完才能提交，通常只要一分钟。"
    told = [f"{row.file.original_name}（{'、'.join(row.blind_signs)}）" for row in files if row.blind_signs]
    if not told:
        return ""
    return f"匿名稿中有能看出申报单位的内容：{'；'.join(told)}。请删去后重新上传；文件属性在另存为 PDF 时可以不带。"
