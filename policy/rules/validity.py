"""Validity (第十八条): whether something may be done under the policy on a day."""

from __future__ import annotations

from policy.rules.determination import OK, OUT_OF_VALIDITY, Determination, refused
from policy.rules.facts import DateFacts
from policy.rules.version import Version


def validity(facts: DateFacts, version: Version) -> Determination:
    """OK inside the validity of the version; a project filed in time goes on after it, unless the version stops all."""
    first, last = version.effective_from, version.valid_until
    none = None
    if first <= facts.on <= last:
        key = "in_force"
    elif facts.existing and facts.on > last and version.existing_continue:
        key = "continues"
    else:
        span = f"{first.year}年{first.month}月{first.day}日至{last.year}年{last.month}月{last.day}日"
        reason = f"{facts.on.year}年{facts.on.month}月{facts.on.day}日不在政策有效期（{span}）之内"
        return refused(facts, version, OUT_OF_VALIDITY, reason, version.clauses["validity"])
    return Determination(facts, version, OK, *(none,) * 12, key, (key, none, facts.on, none))
