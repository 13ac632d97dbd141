"""A draft read once: what its checks, its task list, its review page and its submission ask again and again."""

from __future__ import annotations

from datetime import date, datetime
from functools import cached_property
from typing import Any

from applications.checks.sheet import Sheet, above_scale, sheet_with
from applications.facts import amounts, honesty, industries, requirements, sealing, sections
from applications.models import CallMaterial, ChainLeaderCertificate, DishonestyEntry, Draft, DraftMaterial
from core.calendar import today
from policy import rules


class Reading:
    """One draft at one moment. Each part is asked of the database when it is first needed, and once."""

    def __init__(self, draft: Draft, at: datetime, totals: amounts.Totals | None = None) -> None:
        """`totals`: where they are known already, or being typed."""
        self.draft, self.at = draft, at
        if totals is not None:
            self.totals = totals

    @cached_property
    def on(self) -> date:
        return today(self.at)

    @cached_property
    def lines(self) -> list[dict[str, Any]]:
        """The investment lines in order, as `sections.lines_of` gives them."""
        return sections.lines_of(self.draft)

    def with_lines(self) -> Reading:
        """The same, its lines read first: then sums and invoices are taken from them and not asked for again."""
        _ = self.lines
        return self

    @cached_property
    def totals(self) -> amounts.Totals:
        return amounts.sums_of(self.lines) if "lines" in self.__dict__ else amounts.totals_of(self.draft)

    @cached_property
    def files(self) -> list[DraftMaterial]:
        return sealing.files_of(self.draft)

    @cached_property
    def chain_leader(self) -> bool:
        return ChainLeaderCertificate.covers(self.draft.project.enterprise_id, self.on)

    @cached_property
    def case(self) -> requirements.Case:
        """What the material list asks of this filing."""
        known = {"begun": any(map(requirements.is_begun, self.lines))} if "lines" in self.__dict__ else {}
        return requirements.of_draft(self.draft, totals=self.totals, chain_leader=self.chain_leader, **known)

    @cached_property
    def entries(self) -> list[CallMaterial]:
        """The call's material list."""
        return list(self.draft.project.call.materials.all())

    @cached_property
    def due(self) -> list[CallMaterial]:
        """The materials this filing must upload, by track, role, progress and amount."""
        return requirements.due(self.entries, self.case)

    @cached_property
    def missing(self) -> list[str]:
        """The names of those that were not uploaded."""
        given = {row.requirement_id for row in self.files}
        return [entry.name for entry in self.due if entry.pk not in given]

    @cached_property
    def above_scale(self) -> bool | None:
        """规上 as the profile says; None where the enterprise has no profile yet."""
        return above_scale(self.draft.project.enterprise_id)

    @cached_property
    def dishonesty(self) -> DishonestyEntry | None:
        """The entry of the 失信 register in force against the applicant."""
        return honesty.dishonesty_of(self.draft.project.enterprise_id, self.on)

    @cached_property
    def sheet(self) -> Sheet:
        """What the automatic checks are given."""
        files = [(row.file_id, row.file.sha256, row.requirement.code, row.requirement.name) for row in self.files]
        return sheet_with(
            self.draft, self.on, lines=self.lines, files=files, above_scale=bool(self.above_scale),
            dishonesty=self.dishonesty,
        )  # fmt: skip

    @cached_property
    def verdict(self) -> rules.Determination | None:
        """What the policy would grant for it as it stands; None without figures enough for an answer."""
        if not self._can_be_determined():
            return None
        return amounts.live_determination(self.draft, totals=self.totals, chain_leader=self.chain_leader)

    def _can_be_determined(self) -> bool:
        if self.totals.investment <= 0:
            return False
        industry = self.draft.industry
        known = bool(industry) and not industries.fault_of(industry)
        return known or (self.draft.project.call.is_local and not industry)
