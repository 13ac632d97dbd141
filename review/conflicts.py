"""The conflict graph (回避关系): which experts may not judge which projects, each with its words and its source row.

Computed over any number of projects and experts with a fixed number of queries; nothing of it is kept here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, QuerySet

from applications.models import EnterpriseProfile, Project, SubmissionLine
from core.models import User
from review.hands import hands_of_the_district
from review.models import Conflict, ConflictKind, EnterpriseRelation, Expert, SiteVisitor

GROUP = "group"  # computed: a body of the same group of companies
HAND = "hand"  # computed: judged this very project at its district
NAMED = "named"  # computed: bears the name of somebody the applicant names in its profile
VISIT = "visit"  # computed: went along to a site, so that the applicant of a blind call is known to him
WORDS = {
    **dict(ConflictKind.choices), GROUP: "同一企业集团", HAND: "办理过这个项目的区县初审",
    NAMED: "与企业档案中的人员同名", VISIT: "参加过现场核查"
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Why one expert does not judge one project. `source` names the row it rests on, e.g. "review.conflict:12"."""

    expert: int
    kind: str
    words: str
    source: str

    def as_dict(self) -> dict[str, Any]:
        return {"expert": self.expert, "kind": self.kind, "words": self.words, "source": self.source}


@dataclass(frozen=True, slots=True)
class _Tie:
    """One body an expert is bound to: by key where the register knows it, by credit code where it has one."""

    expert: int
    kind: str
    words: str
    source: str


Graph = dict[int, dict[int, list[Exclusion]]]


def graph_of(projects: Iterable[Any], on: date, *, experts: Iterable[Any] | None = None) -> Graph:
    """Project key → expert key → exclusions in force that day; projects and experts without any are left out.

    `projects`, `experts`: keys, rows or a queryset (experts: all active ones by default). A fixed number of queries, whatever
    their number.
    """
    facts = _projects(projects)
    ties = _ties(experts, on)
    groups = _Groups.in_force(on)
    graph: Graph = {project["pk"]: defaultdict(list) for project in facts}
    for project in facts:
        for exclusion in _of_the_enterprise(project, ties, groups):
            graph[project["pk"]][exclusion.expert].append(exclusion)
        for tie in ties.by_district.get(project["district"], ()):
            graph[project["pk"]][tie.expert].append(Exclusion(tie.expert, tie.kind, tie.words, tie.source))
    for key, exclusion in _of_the_suppliers(facts, ties, groups):
        graph[key][exclusion.expert].append(exclusion)
    for key, exclusion in _of_the_districts_hand(facts, _pool(experts)):
        graph[key][exclusion.expert].append(exclusion)
    for key, exclusion in _of_the_visits([project["pk"] for project in facts], _pool(experts)):
        graph[key][exclusion.expert].append(exclusion)
    for key, exclusion in _of_the_profiles(facts, _pool(experts)):
        graph[key][exclusion.expert].append(exclusion)
    return {key: dict(found) for key, found in graph.items() if found}


def _of_the_profiles(facts: Sequence[dict[str, Any]], pool: QuerySet[Expert]) -> Iterator[tuple[int, Exclusion]]:
    """Experts who bear the name of the 法定代表人, the contact or an account of the applicant: it may be the same person,
    and a draw leaves out whom it cannot tell apart."""
    named: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    applicants = {project["enterprise"] for project in facts}
    for row in EnterpriseProfile.objects.filter(organisation__in=applicants).order_by("pk"):
        source = f"applications.enterpriseprofile:{row.pk}"
        named[row.organisation_id] += [("法定代表人", row.legal_person, source), ("联系人", row.contact, source)]
    # an expert's own account is told by his employer
    accounts = User.objects.filter(organisation__in=applicants, expert=None).order_by("pk")
    for key, organisation, name in accounts.values_list("pk", "organisation", "name"):
        named[organisation].append(("账号人员", name, f"core.user:{key}"))
    of_name: dict[str, list[int]] = defaultdict(list)
    for key, name in pool.order_by("pk").values_list("pk", "user__name"):
        of_name[_plain(name)].append(key)
    for project in facts:
        for what, name, source in named[project["enterprise"]]:
            for expert in of_name.get(_plain(name), ()) if name else ():
                yield project["pk"], Exclusion(expert, NAMED, f"与{project['named']}的{what}{name}同名", source)


def _plain(name: str) -> str:
    return "".join(name.split())


def _of_the_districts_hand(facts: Sequence[dict[str, Any]], pool: QuerySet[Expert]) -> list[tuple[int, Exclusion]]:
    """Experts who judged one of these projects at its district: nobody judges one project at two levels."""
    judged = sorted(hands_of_the_district(project["pk"] for project in facts))
    of_user = dict(pool.filter(user__in={person for _, person in judged}).values_list("user", "pk"))
    return [
        (project, Exclusion(of_user[person], HAND, WORDS[HAND], f"applications.project:{project}"))
        for project, person in judged
        if person in of_user
    ]


def exclusions_of(project: Any, on: date) -> dict[int, list[Exclusion]]:
    """The exclusions of one project, by expert."""
    return graph_of([project], on).get(getattr(project, "pk", project), {})


def _of_the_visits(projects: list[int], pool: QuerySet[Expert]) -> Iterable[tuple[int, Exclusion]]:
    """Experts who went along to the site of a blind call's project: they know who filed it."""
    rows = SiteVisitor._base_manager.filter(
        visit__project__in=projects, visit__project__call__blind_review=True, person__expert__in=pool
    )
    for row in rows.order_by("pk").values("pk", "visit__project", "person__expert"):
        words = "参加过本项目的现场核查，匿名评审中已知申报企业"
        yield row["visit__project"], Exclusion(row["person__expert"], VISIT, words, f"review.sitevisitor:{row['pk']}")


def _projects(projects: Iterable[Any]) -> list[dict[str, Any]]:
    wanted = Project._base_manager.filter(pk__in=_keys(projects)).order_by("pk")
    return list(
        wanted.values(
            "pk", "enterprise", "district", "current_submission", uscc=F("enterprise__uscc"), named=F("enterprise__name")
        )
    )  # fmt: skip


def _keys(rows: Iterable[Any]) -> Any:
    return rows if hasattr(rows, "query") else [getattr(row, "pk", row) for row in rows]


def _pool(experts: Iterable[Any] | None) -> QuerySet[Expert]:
    wanted = {"is_active": True} if experts is None else {"pk__in": _keys(experts)}
    return Expert._base_manager.filter(**wanted)


class _Ties:
    """The bodies experts are bound to, by key, by credit code and by district."""

    def __init__(self) -> None:
        self.by_body: dict[int, list[_Tie]] = defaultdict(list)
        self.by_code: dict[str, list[_Tie]] = defaultdict(list)
        self.by_district: dict[int, list[_Tie]] = defaultdict(list)

    def bind(self, tie: _Tie, body: int | None, code: str | None) -> None:
        if body:
            self.by_body[body].append(tie)
        if code:
            self.by_code[code].append(tie)


def _ties(experts: Iterable[Any] | None, on: date) -> _Ties:
    pool = _pool(experts)
    ties = _Ties()
    places = ("employer", "employer__name", "employer__uscc"), (
        "user__organisation", "user__organisation__name", "user__organisation__uscc"
    )  # fmt: skip
    for row in pool.order_by("pk").values("pk", *places[0], *places[1]):
        for key, name, code in {tuple(row[part] for part in place) for place in places if row[place[0]]}:
            tie = _Tie(row["pk"], ConflictKind.EMPLOYER, f"任职于{name}", f"review.expert:{row['pk']}")
            ties.bind(tie, key, code)
    declared = Conflict.objects.filter(expert__in=pool).in_force(on)
    for one in declared.select_related("organisation", "district").order_by("pk"):
        _declared(one, ties)
    return ties


def _declared(one: Conflict, ties: _Ties) -> None:
    words = f"申报了与{one.about}的利益关系：{one.get_kind_display()}"
    if one.ended_on:
        words += f"，{one.ended_on.year}年{one.ended_on.month}月{one.ended_on.day}日结束，未满三年"
    tie = _Tie(one.expert_id, one.kind, words, f"review.conflict:{one.pk}")
    if one.district_id:
        ties.by_district[one.district_id].append(tie)
    else:
        ties.bind(tie, one.organisation_id, one.organisation.uscc if one.organisation else one.uscc)


class _Groups:
    """Groups of companies: bodies joined by relations in force, however long the way between them."""

    def __init__(self, relations: Iterable[Any]) -> None:
        self.above: dict[int, int] = {}
        self.code_of: dict[int, str] = {}
        self.body_of: dict[str, int] = {}
        self.relation_of: dict[int, int] = {}
        self.members: dict[int, list[int]] = defaultdict(list)
        for row in relations:
            self._join(row)
        for body in self.above:
            self.members[self.root(body)].append(body)

    @classmethod
    def in_force(cls, on: date) -> _Groups:
        rows = EnterpriseRelation.objects.in_force(on).order_by("pk")
        return cls(rows.values("pk", "one", "other", one_code=F("one__uscc"), other_code=F("other__uscc")))

    def _join(self, row: dict[str, Any]) -> None:
        for body, code in ((row["one"], row["one_code"]), (row["other"], row["other_code"])):
            self.above.setdefault(body, body)
            self.relation_of.setdefault(body, row["pk"])
            if code:
                self.code_of[body], self.body_of[code] = code, body
        self.above[self.root(row["one"])] = self.root(row["other"])

    def root(self, body: int) -> int:
        while self.above[body] != body:
            self.above[body] = self.above[self.above[body]]
            body = self.above[body]
        return body

    def others(self, body: int | None) -> list[int]:
        """The other bodies of its group; none where it stands in no relation."""
        if body not in self.above:
            return []
        return [one for one in self.members[self.root(body)] if one != body]


def _bound_to(body: int | None, code: str | None, ties: _Ties) -> list[_Tie]:
    found = [*ties.by_body.get(body or 0, ()), *ties.by_code.get(code or "", ())]
    return list(dict.fromkeys(found))


def _of_the_enterprise(project: dict[str, Any], ties: _Ties, groups: _Groups) -> Iterable[Exclusion]:
    for tie in _bound_to(project["enterprise"], project["uscc"], ties):
        yield Exclusion(tie.expert, tie.kind, tie.words, tie.source)
    for body in groups.others(project["enterprise"]):
        for tie in _bound_to(body, groups.code_of.get(body), ties):
            relation = f"review.enterpriserelation:{groups.relation_of[body]}"
            yield Exclusion(
                tie.expert, GROUP, f"{tie.words}，与{project['named']}同属一个企业集团", f"{tie.source} {relation}"
            )


def _of_the_suppliers(
    projects: Sequence[dict[str, Any]], ties: _Ties, groups: _Groups
) -> Iterable[tuple[int, Exclusion]]:
    """Experts bound to a supplier in a project's investment lines, found by credit code; its group counts too."""
    codes: dict[str, list[_Tie]] = {code: list(bound) for code, bound in ties.by_code.items()}
    for code, body in groups.body_of.items():
        for other in groups.others(body):
            codes.setdefault(code, []).extend(_bound_to(other, groups.code_of.get(other), ties))
    of_submission = {project["current_submission"]: project["pk"] for project in projects}
    lines = SubmissionLine.objects.filter(supplier_uscc__in=codes, submission__in=list(of_submission))
    for row in lines.order_by("pk").values("pk", "submission", "position", "supplier", "supplier_uscc"):
        for tie in dict.fromkeys(codes[row["supplier_uscc"]]):
            words = f"{tie.words}，其为投资明细第 {row['position']} 行的供应商（或同一集团）"
            source = f"{tie.source} applications.submissionline:{row['pk']}"
            yield of_submission[row["submission"]], Exclusion(tie.expert, ConflictKind.SUPPLIER, words, source)
