"""The lead's signature under opinions others wrote: one 推荐函 over one or more projects, or back to the writer (第九条二)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from applications import services as filings
from applications.models import Project
from core import audit, moves
from core.calendar import add_working_days, today
from core.models import Ground, GroundKind
from core.moves import ConditionUnmet, NotYours, Overtaken
from core.notices import send
from core.people import stands_in_for
from review import letters
from review.checklist import checklists_of
from review.models import Conclusion, Opinion, RecommendationLetter
from review.services import papers, recommendation_tables
from review.services.desks import at_the_district, refuse_the_citys_hand
from review.services.refusals import ReviewRefused

if TYPE_CHECKING:
    from core.people import Actor

MOST = 100  # projects of one letter: each is checked once more before it is signed


def recommend_all(
    projects: Sequence[Project],
    *,
    number: str = "",
    actor: Actor,
    at: datetime,
    seen: Mapping[int, int | None] | None = None,
) -> RecommendationLetter:
    """Countersign the opinions of these projects with one letter, and send them all to the city, or none.

    `number`: 文号 of the letter. `seen`: the version of each project that was on screen, by its key. The automatic checks
    are run once more first. Raises NotYours, Overtaken, ConditionUnmet (no opinion, own opinion, open doubts, a hold);
    ReviewRefused for projects of several districts or calls, or too many.
    """
    with transaction.atomic():
        fresh = _locked(projects)
        _refuse_mixed(fresh)
        for one in fresh:
            moves.require(one, "recommend", actor, at=at)
            _refuse_overtaken(one, (seen or {}).get(one.pk))
        refuse_the_citys_hand(fresh, "recommend", actor)
        filings.run_checks_of([one.current_submission for one in fresh], at=at)
        opinions = _opinions_to_sign(fresh, actor)
        ground = _ground(opinions, number, actor, at)
        due_on = add_working_days(today(at), fresh[0].call.review_days)
        moves.perform_many(
            fresh, "recommend", actor=actor, at=at, ground=ground, due_on=due_on,
            letters=letters.recommendations(fresh), summary=number,
        )  # fmt: skip
        letter = RecommendationLetter.objects.create(
            district=fresh[0].district, call=fresh[0].call, number=number, ground=ground, signed_at=at, signed_by=actor
        )
        Opinion.objects.filter(pk__in=[one.pk for one in opinions]).update(
            countersigned_by=actor, countersigned_for=stands_in_for(actor), countersigned_at=at, ground=ground,
            letter=letter,
        )  # fmt: skip
        papers.ask_for("letter", letter.pk, by=actor, at=at)
        recommendation_tables.ask_for(letter, by=actor, at=at)
    return letter


def _locked(projects: Sequence[Project]) -> list[Project]:
    rows = Project._base_manager.select_for_update(of=("self",)).filter(pk__in=[one.pk for one in projects])
    found = list(rows.select_related("call", "district", "enterprise", "current_submission").order_by("pk"))
    for one in found:
        if one.current_submission:
            one.current_submission.project = one  # the checks read both
    return found


def _refuse_mixed(projects: Sequence[Project]) -> None:
    if not projects:
        raise ReviewRefused("请选择要推荐的项目。", field="projects")
    if len(projects) > MOST:
        raise ReviewRefused(f"一份推荐函最多 {MOST} 个项目，请分批签批。", field="projects")
    if len({(one.district_id, one.call_id) for one in projects}) > 1:
        raise ReviewRefused("一份推荐函只能包含本区县同一批次的项目。", field="projects")


def _refuse_overtaken(project: Project, seen_version: int | None) -> None:
    if seen_version is not None and seen_version != project.version:
        raise Overtaken(f"您打开页面之后，“{project.title}”已有新的办理，没有签批。", record=project, move="recommend")


def _opinions_to_sign(projects: Sequence[Project], actor: Any) -> list[Opinion]:
    """The opinion in hand of each project; refused for the first that cannot be signed."""
    filed = [one.current_submission_id for one in projects]
    rows = Opinion.objects.in_hand().filter(submission__in=filed).select_related("written_by")
    in_hand = {row.project_id: row for row in rows}
    lists = checklists_of(projects)
    for project in projects:
        _refuse_unsigned(project, in_hand.get(project.pk), lists[project.pk].what_stops_a_recommendation(), actor)
    return [in_hand[project.pk] for project in projects]


def _refuse_unsigned(project: Project, opinion: Opinion | None, stops: str, actor: Any) -> None:
    if opinion is None:
        raise ConditionUnmet("还没有初审意见，请初审员先填写。", record=project, move="recommend")
    if opinion.conclusion != Conclusion.RECOMMEND:
        raise ConditionUnmet("初审意见是不予推荐，不能签批推荐。", record=project, move="recommend")
    absent = stands_in_for(actor)
    if {actor.pk, absent and absent.pk} & {opinion.written_by_id, opinion.written_for_id} - {None}:
        why = "初审意见是您填写的，须由另一位负责人签批。"
        if absent and actor.pk != opinion.written_by_id:
            why = f"初审意见是以{absent}的名义填写的，不能再以{absent}的名义签批。"
        raise NotYours(why, record=project, move="recommend")
    if stops:
        raise ConditionUnmet(stops, record=project, move="recommend")


def _ground(opinions: Sequence[Opinion], number: str, actor: Actor, at: datetime) -> Ground:
    facts: dict[str, Any] = {
        "conclusion": Conclusion.RECOMMEND,
        "opinions": [
            {"submission": one.submission_id, "written_by": str(one.written_by), "written_at": one.written_at}
            for one in opinions
        ],
    }
    if len(opinions) == 1:
        facts["text"] = opinions[0].text
    title = "区县初审意见（推荐）" if len(opinions) == 1 else f"区县推荐函（{len(opinions)} 个项目）"
    return Ground.issue(kind=GroundKind.OPINION, title=title, number=number, by=actor, at=at, facts=facts)


def refuse_opinion(project: Project, *, reason: str, actor: Actor, at: datetime) -> Opinion:
    """The lead does not sign; the opinion goes back to its writer with the reason, and another is written.

    Raises NotYours, Overtaken, ConditionUnmet (nothing to sign); ReviewRefused without a reason.
    """
    if not reason.strip():
        raise ReviewRefused("请写明不予签批的理由，初审员要照着改。", field="reason")
    with transaction.atomic():
        fresh = at_the_district(project, actor=actor, at=at)
        moves.require(fresh, "recommend", actor, at=at, conditions=False)
        opinion = Opinion.objects.in_hand().filter(submission=fresh.current_submission_id).first()
        if opinion is None:
            raise ConditionUnmet("没有等待签批的初审意见。", record=fresh, move="recommend")
        opinion.refused_at, opinion.refused_by, opinion.refusal = at, actor, reason.strip()
        opinion.save(update_fields=["refused_at", "refused_by", "refusal"])
        # the enterprise reads the timeline: what is argued inside the desk is not said there
        audit.record(fresh, "project.opinion_refused", actor=actor, at=at, label="初审意见退回重写")
        send(letters.opinion_refused(fresh, opinion), at=at)
    return opinion
