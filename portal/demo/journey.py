"""One project of the demonstration on its way, and who is there to act on it."""

from __future__ import annotations

from dataclasses import dataclass

from applications.models import Project
from core.models import User
from portal.demo.days import Days
from portal.demo.rows import Row


@dataclass(slots=True)
class Cast:
    """Everybody who acts, by username, and the days they act on."""

    users: dict[str, User]
    days: Days

    @property
    def officer(self) -> User:
        return self.users["bureau"]

    @property
    def lead(self) -> User:
        return self.users["bureau-lead"]


@dataclass(slots=True)
class Journey:
    """One row of the data file and its project."""

    row: Row
    key: int

    @property
    def project(self) -> Project:
        """The project as it stands now."""
        return Project.objects.select_related("call", "enterprise", "district", "current_submission").get(pk=self.key)

    def enterprise(self, cast: Cast) -> User:
        return cast.users[self.row.username]

    def desk(self, cast: Cast) -> tuple[User, User]:
        """The officer and the lead of its district."""
        slug = self.project.district.slug
        return cast.users[f"district-{slug}"], cast.users[f"district-{slug}-lead"]
