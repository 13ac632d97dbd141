"""Invariant 6: maker ≠ checker, and nobody reviews both at district and at city."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F, Q
from django.utils import timezone

from core.calendar import today
from core.models import AuditEvent, Correction, CorrectionState, Delegation
from portal.invariants.question import Question
from portal.invariants.registry import Invariant
from review import hands
from review.drawing.record import faults_of
from review.models import Assignment, Draw, Objection, PanelItem, PanelMember, ScoreResult
from review.services import results
from review.services.drawing_lots import record_of
from review.states import DrawState

# Whoever countersigned an opinion did not write it.
OPINIONS_HAVE_TWO_PERSONS = Question(
    rows="review_opinion",
    broken="countersigned_by_id = written_by_id",
    told="id",
    say=lambda opinion: f"初审意见 {opinion}：填写人与签批人是同一人。",
)

# Whoever confirmed a bank account did not enter it.
ACCOUNTS_HAVE_TWO_PERSONS = Question(
    rows="applications_bankaccount",
    broken="confirmed_by_id = entered_by_id",
    told="id",
    say=lambda account: f"收款账户 {account}：录入人与复核人是同一人。",
)

DISTRICT_EVENTS = (
    "('project.recommended', 'project.returned_for_correction', 'project.opinion_written', 'project.taken')"
)
CITY_EVENTS = (
    "('project.concluded', 'project.sent_back', 'project.objection_upheld', 'project.form_check_passed',"
    " 'project.experts_assigned')"
)


def _hands(person: str) -> str:
    """Who did what with which project: the person, or the one he stood in for."""
    return f"""SELECT stream, {person} AS person, CASE WHEN event IN {DISTRICT_EVENTS} THEN 1 END AS district
        FROM core_auditevent WHERE stream LIKE 'applications.project:%' AND NOT refused
        AND (event IN {DISTRICT_EVENTS} OR event IN {CITY_EVENTS}) AND {person} IS NOT NULL"""


# No person moved the same project both at district and at city, nor had it moved by one who stands in for him.
NOBODY_REVIEWS_TWICE = Question(
    rows=f"""(SELECT stream, person, COUNT(*) AS deeds, COUNT(district) AS district
        FROM ({_hands("actor_id")} UNION ALL {_hands("on_behalf_of_id")}) deed GROUP BY stream, person) hand""",
    broken="district > 0 AND district < deeds",
    told="stream, person",
    say=lambda stream, person: f"{stream}：同一人（{person}）既办区县初审又办市级评审。",
)


def no_expert_judges_his_own() -> Iterator[str]:
    """No expert is asked about an enterprise he is employed by, or has declared an interest in at that time."""
    rows = Assignment.objects.filter(declined_at=None).select_related("project", "expert__user")
    for row in rows:
        enterprise = row.project.enterprise_id
        if enterprise in (row.expert.employer_id, row.expert.user.organisation_id):
            yield f"专家指派 {row.pk}：专家任职于申报企业。"
        elif row.expert.conflicts.in_force(row.assigned_at.date()).filter(
            organisation=enterprise, declared_at__lte=row.assigned_at
        ):
            yield f"专家指派 {row.pk}：专家已申报与企业的利益关系。"


# Whoever signed a decision that takes money neither announced it nor weighed what the enterprise said.
HEARINGS_HAVE_TWO_PERSONS = Question(
    rows="disbursement_hearing",
    broken="state IN ('signed', 'dropped') AND (closed_by_id = notified_by_id OR closed_by_id = weighed_by_id)",
    told="id",
    say=lambda hearing: f"陈述申辩 {hearing}：签发人就是告知人或复核人。",
)

# Whatever is claimed back by a decision was announced to the enterprise, and answered or let lapse, before it was signed.
RECOVERIES_WERE_ANNOUNCED = Question(
    rows="""disbursement_recovery recovery LEFT JOIN disbursement_hearing hearing
        ON hearing.decision_id = recovery.ground_id AND hearing.project_id = recovery.project_id
        AND hearing.state = 'signed'""",
    broken="""recovery.reason <> 'late_payment' AND (hearing.id IS NULL OR hearing.closed_at < hearing.notified_at
        OR hearing.amount < recovery.demanded OR (hearing.answered_at IS NOT NULL AND hearing.weighed_at IS NULL))""",
    told="recovery.id",
    say=lambda recovery: f"追回 {recovery}：决定之前没有告知企业并听取陈述申辩。",
)

# What the enterprise is being heard about can still be decided: nobody left by another door meanwhile.
HEARINGS_ARE_NOT_OUTRUN = Question(
    rows="disbursement_hearing hearing JOIN applications_project project ON project.id = hearing.project_id",
    broken="""hearing.state IN ('notified', 'answered', 'lapsed', 'weighed')
        AND (project.state IN ('draft', 'withdrawn', 'lapsed')
            OR (hearing.kind = 'fail' AND project.state NOT IN ('acceptance', 'rectification'))
            OR (hearing.kind = 'settle' AND project.state <> 'settlement'))""",
    told="hearing.id",
    say=lambda hearing: f"陈述申辩 {hearing}：听取期间项目已离开可以作出这一决定的环节。",
)


def who_acts_for_another_was_asked_to() -> Iterator[str]:
    """Whatever was done on somebody's behalf was done by his delegate, of the same body, while the delegation ran."""
    lent: dict[tuple[int, int], list[Delegation]] = {}
    for row in Delegation.objects.all():
        lent.setdefault((row.delegate_id, row.delegator_id), []).append(row)
    for event in AuditEvent.objects.exclude(on_behalf_of=None).iterator():
        rows = lent.get((event.actor_id, event.on_behalf_of_id), ())
        ran = any(
            row.made_at <= event.at and row.from_on <= today(event.at) <= row.to_on
            and (row.revoked_at is None or event.at <= row.revoked_at)
            for row in rows
        )  # fmt: skip
        if not ran:
            yield f"{event.stream}#{event.sequence}：{event.actor_name}，当时没有有效的委托。"
    for row in Delegation.objects.select_related("delegate", "delegator"):
        if row.delegate.organisation_id != row.delegator.organisation_id and row.covers(timezone.localdate()):
            yield f"代理 {row.pk}：双方不在同一单位。"


def draws_replay() -> Iterator[str]:
    """Every finished draw follows from its locked list and its two numbers, replacements included."""
    for draw in Draw.objects.filter(state=DrawState.DRAWN).iterator(chunk_size=20):
        for fault in faults_of(record_of(draw)):
            yield f"专家抽取 {draw.number}：{fault}"


def results_are_in_step() -> Iterator[str]:
    """The stored result of each project's scoring is what its sheets say."""
    stored = {row.project_id: row for row in ScoreResult.objects.all()}
    for found in results.worked_out(stored):
        kept = stored[found.project_id]
        told = (kept.round, kept.asked, kept.handed_in, kept.mean_hundredths, kept.spread_half_points)
        if told != (found.round, found.asked, found.handed_in, found.mean_hundredths, found.spread_half_points):
            yield f"评分结果 {kept.project_id}：与评分表不符。"


def nobody_investigates_what_he_touched() -> Iterator[str]:
    """Whoever investigates an objection had not acted on its project before it was given to him."""
    rows = Objection.objects.exclude(assigned_to=None).select_related("entry__project")
    for one in rows:
        if one.assigned_to_id in hands.acted_on(one.entry.project, before=one.assigned_at):
            yield f"异议 {one.pk}：核查人办理过这个项目。"


def nobody_sits_where_he_judged_at_the_district() -> Iterator[str]:
    """No member of a panel and no expert judged one of its projects at the district."""
    projects = {
        *PanelItem.objects.values_list("project", flat=True),
        *Assignment.objects.values_list("project", flat=True),
    }
    at_the_city = hands.hands_of_panels(projects) | hands.hands_of_experts(projects)
    for project, person in sorted(hands.hands_of_the_district(projects) & at_the_city):
        yield f"项目 {project}：同一人（{person}）既办区县初审又参加市级评审。"


def corrections_have_two_persons() -> Iterator[str]:
    """Whoever countersigned a correction did not propose it, and it has its record."""
    one_hand, bare = Q(decided_by=F("proposed_by")), Q(state=CorrectionState.IN_FORCE, record=None)
    for one in Correction.objects.exclude(decided_by=None).filter(one_hand | bare):
        yield f"更正 {one.pk}：提出人与复核人是同一人，或没有更正记录。"


INVARIANTS = [
    Invariant.asking("6a", "初审意见由一人填写、另一人签批", OPINIONS_HAVE_TWO_PERSONS),
    Invariant.asking("6b", "收款账户由一人录入、另一人复核", ACCOUNTS_HAVE_TWO_PERSONS),
    Invariant.asking("6c", "没有人既办区县初审又办市级评审", NOBODY_REVIEWS_TWICE),
    Invariant.asking("6s", "追回、终止和取消资格的决定由一人告知复核、另一人签发", HEARINGS_HAVE_TWO_PERSONS),
    Invariant.asking("6t", "每笔追回决定前都已告知企业并听取陈述申辩", RECOVERIES_WERE_ANNOUNCED),
    Invariant.asking("6u", "听取陈述申辩期间，项目没有由别的途径离开", HEARINGS_ARE_NOT_OUTRUN),
    Invariant("6d", "专家与所评企业没有利益关系", Assignment.objects.count, no_expert_judges_his_own),
    Invariant("6k", "异议由没有办过该项目的人核查", Objection.objects.count, nobody_investigates_what_he_touched),
    Invariant(
        "6l",
        "评审会成员和专家没有办过该项目的区县初审",
        PanelMember.objects.count,
        nobody_sits_where_he_judged_at_the_district,
    ),
    Invariant("6m", "更正由一人提出、另一人复核", Correction.objects.count, corrections_have_two_persons),
    Invariant("6n", "代办都在委托期内，由本单位同事办理", Delegation.objects.count, who_acts_for_another_was_asked_to),
    Invariant("6f", "专家抽取由锁定的名单和两个人的号码推得", Draw.objects.count, draws_replay),
    Invariant("6g", "评分结果与评分表一致", ScoreResult.objects.count, results_are_in_step),
]
