"""The pool of experts: brought in from a sheet all or none, edited, taken out with a reason; their declarations (第九条三)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from core import audit
from core.accounts import open_account
from core.calendar import today
from core.models import District, Organisation, OrganisationKind, Role, User
from core.notices import send
from core.people import SYSTEM
from core.sheet_reading import Fault, Reading
from review import letters
from review.models import EnterpriseRelation, Expert, InterestDeclaration
from review.services.refusals import ReviewRefused

if TYPE_CHECKING:
    from core.people import Actor

DECLARED_FOR = timedelta(days=365)
REMINDED_BEFORE = (30, 7, 1)  # days before a declaration ends


class SheetRefused(Exception):
    """Rows that cannot be brought in, each with its fault; nothing was written."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(f"有 {len(faults)} 处需要改正。")
        self.faults = faults


def import_experts(reading: Reading, *, actor: Actor, at: datetime) -> list[Expert]:
    """Open an account and a place in the pool for every row, or for none. Raises SheetRefused.

    The accounts have no password until the administrator gives one. A body is found by its credit code, else by its
    name among the employers of experts; one that is unknown is written down.
    """
    with transaction.atomic():
        if faults := _taken(reading):
            raise SheetRefused(faults)
        made = [_brought_in(row, actor, at) for row in reading.rows]
        audit.record(
            "review.pool", "experts.imported", actor=actor, at=at, label="导入专家", summary=f"{len(made)} 名",
            facts={"experts": [one.pk for one in made]},
        )  # fmt: skip
    return made


def add_expert(*, actor: Actor, at: datetime, **said: Any) -> Expert:
    """The same for one person, by the names of the sheet's columns. Raises ReviewRefused for a login that exists."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                made = _brought_in(said, actor, at)
        except IntegrityError:
            raise ReviewRefused("已有这个登录名的账号。已在库的专家在专家页上修改。", field="username") from None
        audit.record(made, "expert.added", actor=actor, at=at, label="专家入库", summary=str(made))
    return made


def _taken(reading: Reading) -> list[Fault]:
    """Names of accounts that exist, and those that stand twice in the sheet."""
    names = [row["username"] for row in reading.rows]
    known = set(User.objects.filter(username__in=names).values_list("username", flat=True))
    often = {name for name, times in Counter(names).items() if times > 1}
    found = []
    for number, name in zip(reading.numbers, names, strict=True):
        wrong = "已有这个登录名的账号。" if name in known else "登录名在表里出现了不止一次。" if name in often else ""
        if wrong:
            found.append(Fault(number, "登录名", name, wrong, "换一个登录名；已在库的专家在专家页上修改。"))
    return found


def _brought_in(row: dict[str, Any], actor: Actor, at: datetime) -> Expert:
    employer = _employer(row)
    user = open_account(
        username=row["username"], name=row["name"], email=row["email"], organisation=employer, roles=[Role.EXPERT],
        title=row.get("title", ""), actor=actor, at=at,
    )  # fmt: skip
    return Expert.objects.create(
        user=user, employer=employer, fields=row["fields"], title=row.get("title", ""), district=row.get("district")
    )


def _employer(row: dict[str, Any]) -> Organisation:
    code, name = row.get("uscc"), row["employer"]
    if code and (found := Organisation.objects.filter(uscc=code).first()):
        return found
    same = Organisation.objects.filter(name=name, kind=OrganisationKind.EXPERT_EMPLOYER, uscc=code).first()
    return same or Organisation.objects.create(
        kind=OrganisationKind.EXPERT_EMPLOYER, name=name, uscc=code, district=row.get("district")
    )


def edit_expert(
    expert: Expert, *, fields: Sequence[str], title: str, district: District | None, is_active: bool,
    inactive_because: str = "", actor: Actor, at: datetime,
) -> Expert:  # fmt: skip
    """Change what the pool says of an expert; taking him out needs a reason. Raises ReviewRefused without one."""
    if not is_active and not inactive_because.strip():
        raise ReviewRefused("请写明出库的原因。", field="inactive_because")
    with transaction.atomic():
        fresh = Expert.objects.select_for_update(of=("self",)).get(pk=expert.pk)
        was = fresh.is_active
        fresh.fields, fresh.title, fresh.district = sorted(fields), title, district
        fresh.is_active, fresh.inactive_because = is_active, "" if is_active else inactive_because.strip()
        fresh.save(update_fields=["fields", "title", "district", "is_active", "inactive_because"])
        label = "修改专家" if was == is_active else "专家入库" if is_active else "专家出库"
        audit.record(
            fresh, "expert.edited", actor=actor, at=at, label=label, summary=fresh.inactive_because,
            facts={"fields": fresh.fields, "is_active": is_active},
        )  # fmt: skip
    return fresh


def declare_all(expert: Expert, *, actor: Actor, at: datetime) -> InterestDeclaration:
    """An expert's word that all his interests are declared, for a year. Raises ReviewRefused for anybody else."""
    if expert.user_id != actor.pk:
        raise ReviewRefused("只有专家本人可以声明。")
    with transaction.atomic():
        made = InterestDeclaration.objects.create(expert=expert, declared_at=at, valid_to=today(at) + DECLARED_FOR)
        audit.record(
            expert, "expert.declared", actor=actor, at=at, label="声明利益关系", summary=f"有效期至 {made.valid_to}"
        )
    return made


def remind_of_declarations(at: datetime) -> int:
    """For the clock: tell experts whose declaration ends soon, once for each of the days before. Returns how many."""
    on = today(at)
    last = Expert.objects.filter(is_active=True).annotate(until=Max("declarations__valid_to"))
    due = [on + timedelta(days=days) for days in REMINDED_BEFORE]
    found = [one for one in last.filter(until__in=due).select_related("user") if not _reminded(one, on)]
    for one in found:
        with transaction.atomic():
            audit.record(
                one, "expert.reminded_of_declaration", actor=SYSTEM, at=at, label="提醒更新利益声明", summary=str(on)
            )
            send(letters.declaration_ends(one, one.until), at=at)
    return len(found)


def _reminded(expert: Expert, on: date) -> bool:
    told = audit.timeline_of(expert).filter(event="expert.reminded_of_declaration", summary=str(on))
    return told.exists()


# --- groups of companies --------------------------------------------------------------------------------------------


def relate(
    one: str, other: str, *, kind: str, source: str, from_on: date, to_on: date | None = None, actor: Actor,
    at: datetime,
) -> EnterpriseRelation:  # fmt: skip
    """Write down that two bodies, by credit code, belong to one group. Raises ReviewRefused for an unknown code."""
    ends = {}
    for name, code in (("one", one), ("other", other)):
        ends[name] = Organisation.objects.filter(uscc=code).first()
        if ends[name] is None:
            raise ReviewRefused("系统里没有这个代码的单位。", field=name)
    if ends["one"] == ends["other"]:
        raise ReviewRefused("两个代码相同。", field="other")
    with transaction.atomic():
        made = EnterpriseRelation.objects.create(
            **ends, kind=kind, source=source, from_on=from_on, to_on=to_on, entered_at=at, entered_by=actor
        )
        audit.record(
            made, "relation.entered", actor=actor, at=at, label="登记企业关系",
            summary=f"{ends['one']} {made.get_kind_display()} {ends['other']}",
        )  # fmt: skip
    return made


def end_relation(relation: EnterpriseRelation, *, to_on: date, actor: Actor, at: datetime) -> EnterpriseRelation:
    """Say when a relation ended; it binds nobody from the next day on. Raises ReviewRefused for a day before it began."""
    if to_on < relation.from_on:
        raise ReviewRefused("结束日期早于开始日期。", field="to_on")
    with transaction.atomic():
        fresh = EnterpriseRelation.objects.select_for_update(of=("self",)).get(pk=relation.pk)
        fresh.to_on = to_on
        fresh.save(update_fields=["to_on"])
        audit.record(fresh, "relation.ended", actor=actor, at=at, label="企业关系结束", summary=str(to_on))
    return fresh
