"""Blind review (匿名评审): what experts are told of a project whose call hides who filed it."""

from __future__ import annotations

from typing import Any

from core.encryption import keyed_hash

SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is read for another
LENGTH = 7


def is_blind(project: Any) -> bool:
    """True where the call says that experts do not learn who filed."""
    return bool(project.call.blind_review)


def code_name(project: Any) -> str:
    """The name a project goes by among the experts of a blind call: the same for all of them, and leading nowhere."""
    number = int(keyed_hash(f"review.blind:{project.pk}")[:16], 16)
    signs = []
    for _ in range(LENGTH):
        number, sign = divmod(number, len(SIGNS))
        signs.append(SIGNS[sign])
    return f"匿名项目 {''.join(signs)}"


def reference_for_experts(project: Any) -> str:
    """What stands in titles and paths of pages: the number, or the code name where the call is blind."""
    return code_name(project) if is_blind(project) else project.number


def name_for_experts(project: Any) -> str:
    """The title, or the code name where the call is blind."""
    return code_name(project) if is_blind(project) else project.title
