"""Which policy versions there are to choose from, and what an adoption changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from policy import versions
from policy.models import PolicyAdoption
from policy.rules import Version


@dataclass(frozen=True, slots=True)
class Choice:
    """A version as a call may name it."""

    key: str
    label: str
    adopted: bool


def versions_for_calls() -> list[Choice]:
    """Every version a call can be bound to: adopted ones first, newest first; then files not adopted yet."""
    adopted = list(PolicyAdoption.objects.adopted().order_by("-agreed_at"))
    chosen = [Choice(entry.name, f"{entry.rules.title}（{entry.name}，两局已采用）", True) for entry in adopted]
    known = {choice.key for choice in chosen}
    files = [version for version in reversed(versions.all_versions()) if version.key not in known]
    return chosen + [Choice(version.key, f"{version.title}（{version.key}）", False) for version in files]


def is_adopted(key: str) -> bool:
    """Whether both bureaux stand behind this key (第十七条)."""
    version_key, _, number = key.partition("/")
    adopted = PolicyAdoption.objects.adopted().filter(version_key=version_key)
    return (adopted.filter(pk=int(number)) if number.isdecimal() else adopted.filter(variation={})).exists()


def adopted_on(day: date) -> Version:
    """The version which governs new calls on a day: the latest adopted one in force, else the file in force."""
    for entry in PolicyAdoption.objects.adopted().order_by("-agreed_at"):
        version = entry.rules
        if version.valid_from <= day <= version.valid_until:
            return version
    return versions.in_force(day)


def differences(adoption: PolicyAdoption) -> list[tuple[str, str, str]]:
    """What an adoption sets otherwise than the file: name, the file's value, the adopted one."""
    law, adopted = versions.load(adoption.version_key), adoption.rules
    found = [
        (adopted.settings[key].label, law.settings[key].shown, adopted.settings[key].shown)
        for key in adoption.variation.get("settings", {})
    ]
    for key in adoption.variation.get("directions", {}):
        found.append((adopted.directions[key].name, law.directions[key].terms, adopted.directions[key].terms))
    for key in adoption.variation.get("standards", {}):
        found.append((adopted.standards[key].name, law.standards[key].terms, adopted.standards[key].terms))
    return found
