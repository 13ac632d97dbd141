"""Money in the demonstration: pools, proposals, approvals, agreements, batches, acceptance and settlement."""

from __future__ import annotations

from portal.demo.journey import Cast, Journey
from portal.demo.timetable import Wave


def load_pools(cast: Cast) -> None:
    """The pools of this year."""


def walk(members: list[Journey], wave: Wave, cast: Cast) -> None:
    """As far as the wave goes: proposed, approved, signed, paid."""
