"""线 and 面: a lead opens a group and invites members by credit code; each joins or refuses by itself (第六条二)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from applications import letters
from applications.models import Call, GroupMembership, ProjectGroup, Track
from core import audit, notices
from core.codes import clean_enterprise_uscc
from core.models import ENTERPRISE_ROLES, Organisation, OrganisationKind, Role
from core.people import Actor, as_user, has_role


class GroupRefused(Exception):
    """The group cannot be opened, or this enterprise cannot join it; the text is for the person."""


def open_group(
    *, call: Call, lead: Organisation, track: str, name: str, place: str, plan: str, actor: Actor, at: datetime
) -> ProjectGroup:
    """Open a 线 or 面 group under its lead enterprise. `place`: the chain or the park; `plan`: 协同方案."""
    _of(lead, actor)
    if not call.accepts_at(at):
        raise GroupRefused("不在申报时间内，不能新建协同组（第八条）。")
    if track not in call.tracks or track == Track.POINT:
        raise GroupRefused("本批次不受理这一类别的协同组，请看申报通知。")
    with transaction.atomic():
        group = ProjectGroup.objects.create(
            call=call, track=track, name=name, place=place, plan=plan, lead=lead, created_at=at,
            created_by=as_user(actor),
        )  # fmt: skip
        audit.record(group, "group.opened", actor=actor, at=at, label="新建协同组", summary=name)
    return group


def invite(group: ProjectGroup, *, uscc: str, actor: Actor, at: datetime) -> GroupMembership:
    """Invite an enterprise by its credit code; one that refused may be invited again.

    Raises ValidationError for a code that cannot be, GroupRefused for one unknown here, the lead's own or a member's.
    """
    _of(group.lead, actor)
    code = clean_enterprise_uscc(uscc)
    enterprise = Organisation.objects.filter(uscc=code, kind=OrganisationKind.ENTERPRISE).first()
    if enterprise is None:
        raise GroupRefused("这家企业还没有在本系统建立档案，请通知对方先开户，再行邀请。")
    if enterprise.pk == group.lead_id:
        raise GroupRefused("本企业是牵头企业，不用邀请自己。")
    with transaction.atomic():
        member, made = GroupMembership.objects.get_or_create(
            group=group, enterprise=enterprise, defaults={"invited_at": at, "invited_by": as_user(actor)}
        )
        if not made and not member.refused_at:
            raise GroupRefused("这家企业已在邀请名单中。")
        if not made:
            member.refused_at, member.invited_at, member.invited_by = None, at, as_user(actor)
            member.save()
        audit.record(group, "group.invited", actor=actor, at=at, label="邀请成员", summary=enterprise.name)
        notices.send(letters.invited(group, enterprise), at=at)
    return member


def confirm_membership(member: GroupMembership, *, actor: Actor, at: datetime) -> GroupMembership:
    """The invited enterprise joins; its approver says so."""
    return _answer(member, actor, at, joined=True)


def refuse_membership(member: GroupMembership, *, actor: Actor, at: datetime) -> GroupMembership:
    """The invited enterprise does not join; its approver says so. Raises GroupRefused when it has filed already."""
    return _answer(member, actor, at, joined=False)


def _answer(member: GroupMembership, actor: Actor, at: datetime, *, joined: bool) -> GroupMembership:
    if not has_role(actor, Role.ENTERPRISE_APPROVER) or actor.organisation_id != member.enterprise_id:
        raise GroupRefused("是否加入协同组由被邀请企业的审批人确认。")
    with transaction.atomic():
        fresh = GroupMembership.objects.select_for_update(of=("self",)).get(pk=member.pk)
        if not joined and member.group.projects.filter(enterprise=member.enterprise_id).exists():
            raise GroupRefused("本企业在组内已有申报的项目，不能退出。")
        fresh.confirmed_at, fresh.confirmed_by = (at, as_user(actor)) if joined else (None, None)
        fresh.refused_at = None if joined else at
        fresh.save()
        label = "确认加入" if joined else "不加入"
        audit.record(fresh.group, "group.answered", actor=actor, at=at, label=label, summary=str(fresh.enterprise))
        notices.send(letters.answered(fresh.group, fresh.enterprise, joined=joined), at=at)
    return fresh


def _of(enterprise: Organisation, actor: Actor) -> None:
    if not has_role(actor, *ENTERPRISE_ROLES) or actor.organisation_id != enterprise.pk:
        raise GroupRefused("协同组由牵头企业自己的人员办理。")
