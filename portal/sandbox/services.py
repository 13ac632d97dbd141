"""The deeds of the sandbox: keep a scenario, work it out, throw it away. Nothing here writes to a project."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from core import jobs
from core.models import BUREAU_ROLES, FINANCE_ROLES
from core.moves import NotYours
from core.people import has_role
from portal.sandbox import queries
from portal.sandbox.compute import Case, Outcome, Terms, determined, work_out
from portal.sandbox.models import Scenario, ScenarioResult

if TYPE_CHECKING:
    from core.models import Job
    from core.people import Actor
    from policy.rules import Determination

AT_ONCE = 3_000  # projects worked out within a request; more are a job

Tell = Callable[[str], None]


def save_scenario(fields: dict[str, Any], *, actor: Actor, at: datetime) -> Scenario:
    """Keep a scenario and work it out: at once up to 3,000 projects, as a job above. Raises NotYours."""
    scenario = Scenario(**fields, organisation_id=actor.organisation_id, created_by=actor, created_at=at)
    return _work_out(scenario, actor=actor, at=at)


def work_out_again(scenario: Scenario, *, actor: Actor, at: datetime) -> Scenario:
    """Replace the result by one of today's projects. Raises NotYours."""
    return _work_out(scenario, actor=actor, at=at)


def discard(scenario: Scenario, *, actor: Actor) -> None:
    """Throw a scenario away, with its result; only who made it. Raises NotYours."""
    if actor.pk != scenario.created_by_id:
        raise NotYours("只有建立方案的人可以删除它。", record=scenario, move="discard")
    scenario.delete()


def export(scenario: Scenario, *, actor: Actor, at: datetime) -> Job:
    """Ask for the result as Excel, as a job; the same result once a person. Raises NotYours."""
    _require_side(actor)
    made_at = scenario.result.made_at
    return jobs.enqueue(
        "sandbox.excel", by=actor, at=at, key=f"{scenario.pk}-{made_at.isoformat()}-{actor.pk}",
        title=f"政策沙盘：{scenario.name}", facts={"scenario": scenario.pk, "back": scenario.get_absolute_url()},
    )  # fmt: skip


def keep_result(scenario: Scenario, outcome: Outcome, *, at: datetime) -> ScenarioResult:
    """Store an outcome in place of the one before."""
    values = {
        "made_at": at,
        "projects": len(outcome.rows),
        "summary": outcome.summary,
        "rows": [list(row) for row in outcome.rows],
    }
    return ScenarioResult.objects.update_or_create(scenario=scenario, defaults=values)[0]


def outcome_of(scenario: Scenario, tell: Tell = lambda words: None) -> Outcome:
    """The scenario over the projects which its maker sees now; writes nothing."""
    read = cases_of(scenario)
    tell(f"已读取 {len(read)} 个项目的事实")
    usable = [case for case in read if case is not None]
    outcome = work_out(usable, *terms_of(scenario), tell)
    outcome.summary["unreadable"] = len(read) - len(usable)
    return outcome


def cases_of(scenario: Scenario) -> list[Case | None]:
    """The chosen projects, as far as the scenario's maker sees them; None for facts that cannot be read."""
    return list(queries.cases(queries.chosen(scenario.created_by, scenario.asked)))


def terms_of(scenario: Scenario) -> tuple[Terms, Terms]:
    """The policy as adopted with the pools as they were, and the policy and pools as varied."""
    base = scenario.base
    before = Terms(base, scenario.base_central_pool, scenario.base_local_pool, base.default_plan().shares)
    return before, Terms(scenario.version, scenario.central_pool, scenario.local_pool, scenario.plan)


def explained(scenario: Scenario, project: int) -> tuple[Determination, Determination] | None:
    """One project's determination under the base and under the varied policy, within the pools shared by all.

    Above 3,000 projects the pools are left out: the steps before them are the same. None where the scenario
    does not cover the project now.
    """
    cases = [case for case in cases_of(scenario) if case is not None]
    before, varied = terms_of(scenario)
    if len(cases) > AT_ONCE:
        cases = [case for case in cases if case.project == project]
        before = replace(before, central_pool=None, local_pool=None)
        varied = replace(varied, central_pool=None, local_pool=None)
    place = next((place for place, case in enumerate(cases) if case.project == project), None)
    return None if place is None else (determined(cases, before)[place], determined(cases, varied)[place])


def _work_out(scenario: Scenario, *, actor: Actor, at: datetime) -> Scenario:
    """At once or as a job; the arithmetic is done before the transaction, which on SQLite would hold up other writers."""
    _require_side(actor)
    at_once = queries.counted(queries.chosen(scenario.created_by, scenario.asked)) <= AT_ONCE
    outcome = outcome_of(scenario) if at_once else None
    with transaction.atomic():
        scenario.save()
        if outcome is not None:
            keep_result(scenario, outcome, at=at)
        else:
            scenario.job = _enqueue(scenario, actor=actor, at=at)
            scenario.save(update_fields=["job"])
    return scenario


def _enqueue(scenario: Scenario, *, actor: Actor, at: datetime) -> Job:
    facts = {"scenario": scenario.pk, "back": scenario.get_absolute_url()}
    return jobs.enqueue("sandbox.work_out", by=actor, at=at, title=f"政策沙盘：{scenario.name}", facts=facts)


def _require_side(actor: Actor) -> None:
    if not has_role(actor, *BUREAU_ROLES, *FINANCE_ROLES):
        raise NotYours("政策沙盘由市工信局和市财政局使用。", record=None, move="sandbox")
