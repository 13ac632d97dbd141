"""Reads the policy versions from policy/versions/*.toml: the only input of the rules that comes from a file."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from policy.rules import Determination, facts_from_dict, recompute
from policy.rules.content import PolicyDataError
from policy.rules.version import Version, version_from

FOLDER = Path(__file__).resolve().parent / "versions"


class UnknownVersion(LookupError):
    """No version file has this key."""


class NoVersionInForce(LookupError):
    """No policy is in force on this day (第十八条)."""


def folders() -> tuple[Path, ...]:
    """Where version files are looked for; POLICY_VERSIONS names one more folder."""
    extra = os.environ.get("POLICY_VERSIONS", "")
    return (FOLDER, Path(extra)) if extra else (FOLDER,)


def load(key: str, variation: Mapping[str, Any] | None = None) -> Version:
    """The version of this key, with a variation where one is given; raises UnknownVersion, PolicyDataError.

    A key with a number (2025-03/4) is an adopted version whose settings the adoption of that number holds.
    """
    if "/" in key:
        return _adopted(key)
    for version in all_versions():
        if version.key == key:
            return _varied(version, json.dumps(variation, sort_keys=True)) if variation else version
    raise UnknownVersion(f"没有政策版本 {key}")


def replayed(stored: Mapping[str, Any]) -> Determination:
    """A stored determination worked out again from its facts under its version; raises what ``load`` raises.

    Compare it with ``Determination.from_dict(stored).same_figures(...)``; a changed digest shows in ``.version``.
    """
    of = stored["version"]
    key = str(of["key"])
    version = named(key, key.partition("/")[0], of["variation"])
    return recompute(facts_from_dict(stored["facts"]), version)


def named(name: str, key: str, variation: Mapping[str, Any]) -> Version:
    """A version under the name by which an adoption knows it; the content, and so the digest, is that of the key."""
    version = load(key, variation)
    return version if name == key else replace(version, key=name)


def _adopted(name: str) -> Version:
    from policy.models import PolicyAdoption  # the one place where a version is more than a file

    key, _, number = name.partition("/")
    adoption = PolicyAdoption.objects.filter(version_key=key, pk=int(number) if number.isdecimal() else 0).first()
    if adoption is None:
        raise UnknownVersion(f"没有政策版本 {name}")
    return named(name, key, adoption.variation)


def all_versions() -> tuple[Version, ...]:
    """Every version, by the day from which it is valid."""
    paths = sorted(path for folder in folders() for path in folder.glob("*.toml"))
    versions = [_read(path, path.stat().st_mtime_ns) for path in paths]
    return tuple(sorted(versions, key=lambda version: (version.valid_from, version.key)))


def in_force(on: date) -> Version:
    """The version in force on a day; a later policy supersedes an earlier one (第十九条). Raises NoVersionInForce."""
    held = [version for version in all_versions() if version.valid_from <= on <= version.valid_until]
    if not held:
        raise NoVersionInForce(f"{on.year}年{on.month}月{on.day}日没有有效的政策版本（第十八条）")
    return held[-1]


@lru_cache(maxsize=64)
def _read(path: Path, _changed_ns: int) -> Version:
    try:
        content = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PolicyDataError(f"{path.name} 不能读：{error}") from error
    return version_from(content)


@lru_cache(maxsize=256)
def _varied(version: Version, variation: str) -> Version:
    return version_from(version.content, json.loads(variation))
