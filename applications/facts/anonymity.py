"""What in a 匿名稿 tells who filed: the names by which experts of a blind call would know the enterprise (第九条三)."""

from __future__ import annotations

import re
import unicodedata

from applications.models import Draft, DraftMaterial
from core import previews
from core.models import Job
from core.models.jobs import JobState

READING = "material.blind"  # the job that reads one
LEAST = 4  # signs of a word worth looking for in a text: shorter ones stand in any
LEAST_OF_A_PERSON = 2  # signs of a person's name: “—” and “无” name nobody
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
    return list(dict.fromkeys((what, word) for what, word in known if _tells(what, _plain(word))))


def _tells(what: str, word: str) -> bool:
    """False for what was typed to fill a field: too short to name anybody."""
    return len(word) >= (LEAST_OF_A_PERSON if what in PERSONS else LEAST)


def signs_in(properties: str, text: str, names: list[tuple[str, str]]) -> list[str]:
    """Where which of these names stands, in words: 正文中有单位名称. A person's name counts in the properties alone, for
    in a text it may be anybody's."""
    places = ((PROPERTIES, _plain(properties)), (TEXT, _plain(text)))
    found = [
        f"{place}中有{what}"
        for place, said in places
        for what, word in names
        if (place == PROPERTIES or what not in PERSONS) and _plain(word) in said
    ]  # fmt: skip
    return list(dict.fromkeys(found))


def _plain(words: str) -> str:
    return re.sub(r"[\s\-－—()（）]", "", unicodedata.normalize("NFKC", words)).upper()


def is_blind_copy(material: DraftMaterial) -> bool:
    """True for a file that experts of a blind call will read."""
    return material.requirement.blind and material.draft.project.call.blind_review


def is_read(material: DraftMaterial) -> bool:
    """True for a PDF: words are looked for in no other kind of file, and the page says so."""
    return material.file.content_type == previews.PDF


def reading_key(material: DraftMaterial) -> str:
    """The key of the job that reads this file."""
    return f"{material.pk}-{material.file_id}"


def not_read(files: list[DraftMaterial]) -> set[int]:
    """Of the blind copies that wait to be read, those whose reading failed; asks nothing where none waits."""
    waiting = {reading_key(row): row.pk for row in files if row.blind_signs is None}
    if not waiting:
        return set()
    failed = Job.objects.filter(kind=READING, key__in=waiting, state=JobState.FAILED)
    return {waiting[key] for key in failed.values_list("key", flat=True)}


def what_is_wrong(files: list[DraftMaterial]) -> list[str]:
    """What is to be said over blind copies that tell who filed, or that were not read (yet); empty where nothing stops."""
    failed = not_read(files)
    unread = [row.file.original_name for row in files if row.pk in failed]
    waiting = [row.file.original_name for row in files if row.blind_signs is None and row.pk not in failed]
    told = [f"{row.file.original_name}（{'、'.join(row.blind_signs)}）" for row in files if row.blind_signs]
    said = (
        (unread, "没能检查匿名稿：{}。请重新导出 PDF 后替换；仍不成功的，请联系系统管理员。"),
        (waiting, "正在检查匿名稿：{}。检查完才能提交，通常只要一分钟。"),
        (told, "匿名稿中有能看出申报单位的内容：{}。请删去后重新上传；文件属性在另存为 PDF 时可以不带。"),
    )
    return [words.format("、".join(names)) for names, words in said if names]
