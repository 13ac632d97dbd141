"""Filings for the pages of the enterprise."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from applications.models import (
    BankAccount,
    Draft,
    DraftMaterial,
    GroupMembership,
    MaterialUpload,
    MaterialVersion,
    Project,
    ProjectGroup,
    Submission,
    SubmissionMaterial,
)
from core.models.files import FIT_FOR_OTHERS, ScanState


def own_projects(user: Any) -> QuerySet[Project]:
    """The projects of the person's own enterprise with what their pages read."""
    return (
        Project.objects.visible_to(user)
        .filter(enterprise=user.organisation_id, enterprise__isnull=False)
        .select_related("call", "district", "enterprise", "group", "draft__updated_by", "current_submission")
    )


def own_drafts(user: Any) -> QuerySet[Draft]:
    """The drafts of the person's own enterprise."""
    return Draft.objects.visible_to(user).select_related("project__call", "project__enterprise", "updated_by")


def draft_materials(user: Any) -> QuerySet[DraftMaterial]:
    """Files put to drafts of the person's own enterprise."""
    return DraftMaterial.objects.visible_to(user).select_related("file", "requirement", "draft__project")


def readable_draft_materials(user: Any) -> QuerySet[DraftMaterial]:
    """The same without those in which a virus was found: nobody is handed such a content."""
    return draft_materials(user).exclude(file__scan_state=ScanState.INFECTED)


def old_versions(user: Any) -> QuerySet[MaterialVersion]:
    """Replaced files of drafts of the person's own enterprise."""
    return MaterialVersion.objects.visible_to(user).exclude(file__scan_state=ScanState.INFECTED).select_related("file")


def uploads_of(user: Any) -> QuerySet[MaterialUpload]:
    """Files on their way to drafts of the person's own enterprise."""
    return MaterialUpload.objects.visible_to(user).select_related("draft__project", "requirement", "replaces")


def filed_materials(user: Any) -> QuerySet[SubmissionMaterial]:
    """Files of submissions this person may read; what the virus scanner has not let pass is nobody's to read."""
    rows = SubmissionMaterial.objects.visible_to(user).filter(file__scan_state__in=FIT_FOR_OTHERS)
    return rows.select_related("file", "requirement", "submission")


def earlier_versions(material: SubmissionMaterial) -> QuerySet[SubmissionMaterial]:
    """What stood in this material's place in earlier submissions of its project, the newest first."""
    rows = SubmissionMaterial.objects.filter(
        submission__project=material.submission.project_id, requirement=material.requirement_id,
        drafted_as=material.drafted_as, drafted_as__isnull=False, version__lt=material.version,
    )  # fmt: skip
    return rows.select_related("file", "submission", "added_by").order_by("-version", "submission__sequence")


def groups_of(user: Any) -> QuerySet[ProjectGroup]:
    """Groups the person's enterprise leads or is invited to, with the numbers a list shows."""
    return (
        ProjectGroup.objects.visible_to(user)
        .select_related("lead", "call")
        .annotate(
            invited=Count("memberships", distinct=True),
            confirmed=Count("memberships", filter=Q(memberships__confirmed_at__isnull=False), distinct=True),
            filed=Count("projects", filter=Q(projects__number__isnull=False), distinct=True),
        )
    )


def groups_to_file_in(user: Any, call: Any) -> QuerySet[ProjectGroup]:
    """Groups of a call in which the person's enterprise may file a project of its own."""
    mine = Q(lead=user.organisation_id) | Q(
        memberships__enterprise=user.organisation_id, memberships__confirmed_at__isnull=False
    )
    return ProjectGroup.objects.filter(mine, call=call).distinct()


def last_submission(user: Any) -> Submission | None:
    """What the person's enterprise handed in last, of any call."""
    rows = Submission.objects.visible_to(user).filter(project__enterprise=user.organisation_id)
    return rows.order_by("-submitted_at", "-pk").first()


def members_of(group: ProjectGroup) -> QuerySet[GroupMembership]:
    """The invited enterprises of a group, the lead first."""
    return group.memberships.select_related("enterprise__district", "confirmed_by").order_by("pk")


def accounts_waiting(user: Any) -> QuerySet[BankAccount]:
    """Bank accounts entered and not yet confirmed, that this person may see."""
    return (
        BankAccount.objects.visible_to(user)
        .filter(confirmed_at=None, replaced_at=None)
        .select_related("organisation", "entered_by")
        .order_by("entered_at", "pk")
    )


def accounts_seen(user: Any) -> QuerySet[BankAccount]:
    """Every bank account this person may see, with who confirmed it and who looked again."""
    return BankAccount.objects.visible_to(user).select_related("confirmed_by", "rechecked_by")


def accounts_to_recheck(user: Any, at: datetime) -> QuerySet[BankAccount]:
    """Accounts changed less than thirty days ago that nobody looked at again, that this person may see."""
    return (
        BankAccount.objects.visible_to(user)
        .unsettled(at)
        .select_related("organisation", "entered_by", "confirmed_by")
        .order_by("confirmed_at", "pk")
    )
