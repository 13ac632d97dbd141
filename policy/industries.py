"""The industries of GB/T 4754-2017: names, search, and which of them are pilot industries (第五条)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from policy import versions
from policy.rules.version import Version

DATA = Path(__file__).resolve().parent / "data"


@dataclass(frozen=True, slots=True)
class Industry:
    """One class of the standard: a four-digit 小类, or a two-digit 大类 where its classes are not listed."""

    code: str
    name: str
    major: str
    major_name: str

    @property
    def label(self) -> str:
        """3831 电线、电缆制造."""
        return f"{self.code} {self.name}"

    @property
    def major_label(self) -> str:
        return f"{self.major} {self.major_name}"


@lru_cache(maxsize=1)
def majors() -> dict[str, str]:
    """Names of the 大类 of manufacturing (13–43) and of internet and software (64, 65) by code."""
    with (DATA / "gbt4754-majors.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["major_code"]: row["major_name"] for row in csv.DictReader(file)}


@lru_cache(maxsize=1)
def classes() -> dict[str, Industry]:
    """The listed 小类 by code."""
    with (DATA / "gbt4754.csv").open(encoding="utf-8-sig", newline="") as file:
        return {
            row["class_code"]: Industry(row["class_code"], row["class_name"], row["major_code"], row["major_name"])
            for row in csv.DictReader(file)
        }


def industry(code: str) -> Industry | None:
    """The industry of a code; a class which is not listed is named by its 大类, an unknown code is None."""
    known = classes().get(code)
    if known:
        return known
    name = majors().get(code[:2])
    if name is None or len(code) not in (2, 4) or not code.isdecimal():
        return None
    return Industry(code, name, code[:2], name)


def industry_name(code: str) -> str:
    """The name of a code; an unknown code is answered with itself."""
    known = industry(code)
    return known.name if known else code


def is_pilot(code: str, version: Version | None = None) -> bool:
    """Whether central money supports this industry under a version (第五条); by default the newest."""
    return code[:2] in (version or versions.all_versions()[-1]).pilot_majors


def search(text: str, limit: int = 20) -> list[Industry]:
    """Industries whose code begins with, or whose name contains, the text; classes first, then 大类."""
    wanted = text.strip().split(" ")[0] if text.strip()[:1].isdecimal() else text.strip()
    if not wanted:
        return []
    listed = [
        *classes().values(),
        *(Industry(code, name, code, name) for code, name in majors().items()),
    ]
    found = [item for item in listed if item.code.startswith(wanted) or wanted in item.name]
    return found[:limit]
