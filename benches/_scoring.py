"""The scoring parts of the review bench: 20,000 sheets in a city of 100,000 projects; sheet, autosave, ranking, and a draw."""

from __future__ import annotations

import statistics
import time
from datetime import timedelta
from typing import Any

SCORED, EXPERTS, EACH = 4_000, 500, 5
AUTOSAVE_BAR, DRAWN = 5, 3_000
ROUNDS = 25


def scoring(city: Any) -> tuple[Any, Any]:
    """A call whose first 4,000 projects were judged by five experts each, all but one sheet in; the expert of that one."""
    if "scoring" in city.kept:
        return city.kept["scoring"]
    from django.db import connection
    from django.utils import timezone

    from applications.models import Project
    from review.models import Assignment, InterestDeclaration
    from review.services import results
    from tests.factories import review as make

    call = Project.objects.first().call
    projects = list(Project.objects.filter(call=call).order_by("pk")[: SCORED + DRAWN])
    Project.objects.filter(pk__in=[one.pk for one in projects]).update(state="city_review")
    later = timezone.localdate() + timedelta(days=365)
    experts = [make.declared() for _ in range(EXPERTS)]
    InterestDeclaration.objects.update(valid_to=later)
    asked = _asked(projects[:SCORED], experts, later)
    _written(asked, list(call.rubric.all()))
    results.refresh([one.pk for one in projects[:SCORED]])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    city.kept["scoring"] = (call, Assignment.objects.select_related("expert__user").get(pk=asked[0].pk))
    city.kept["to draw"] = projects[SCORED:]
    return city.kept["scoring"]


def _asked(projects: list[Any], experts: list[Any], due_on: Any) -> list[Any]:
    """Five experts a project, in turn."""
    from review.models import Assignment
    from tests.factories.core import NOW

    return Assignment.objects.bulk_create(
        (
            Assignment(project=project, expert=experts[(place * EACH + n) % EXPERTS], assigned_at=NOW, due_on=due_on)
            for place, project in enumerate(projects) for n in range(EACH)
        ),
        batch_size=2_000,
    )  # fmt: skip


def _written(asked: list[Any], rubric: list[Any]) -> None:
    """A sheet each with its items; every sheet but the first is in."""
    from core.models import GroundKind
    from review.models import ItemScore, ScoreSheet
    from tests.factories import core as people
    from tests.factories.core import NOW

    sheets = ScoreSheet.objects.bulk_create(
        (ScoreSheet(assignment=one, total_half_points=120 + one.pk * 7 % 60, state_since=NOW) for one in asked),
        batch_size=2_000,
    )
    ItemScore.objects.bulk_create(
        (ItemScore(sheet=sheet, item=item, half_points=item.points) for sheet in sheets[:2_000] for item in rubric),
        batch_size=5_000,
    )
    _handed_in(people.ground(GroundKind.SCORE_SHEET))


def _handed_in(pattern: Any) -> None:
    """Every sheet but the first is in, each with a ground of its own, written by the database."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_ground (kind, number, title, facts, digest, issued_at, issued_by_id)"
            " SELECT kind, 'sheet:' || s.id, title, facts, digest, issued_at, issued_by_id FROM core_ground g,"
            " review_scoresheet s WHERE g.id = %s AND s.id > (SELECT min(id) FROM review_scoresheet)",
            [pattern.pk],
        )
        cursor.execute(
            "UPDATE review_scoresheet s SET state = 'submitted', submitted_at = now(), ground_id = g.id"
            " FROM core_ground g WHERE g.number = 'sheet:' || s.id"
        )


def sheet(city: Any) -> None:
    """The expert's desk and his sheet."""
    from benches.review import measure

    _, asked = scoring(city)
    measure("expert's desk", asked.expert.user, "/expert/")
    measure("expert's sheet", asked.expert.user, f"/expert/{asked.pk}/")


def ranking(city: Any) -> None:
    """25 shown of thousands, by mean, as a page further on, and filtered."""
    from benches.review import measure

    call, _ = scoring(city)
    lead = city.people["bureau lead"]
    measure("ranking", lead, f"/review/progress/?call_of={call.pk}")
    measure("ranking, page 60", lead, f"/review/progress/?call_of={call.pk}&page=60")
    measure("ranking, wide spreads", lead, f"/review/progress/?call_of={call.pk}&standing=wide")
    measure("ranking for the panel", lead, f"/panels/calls/{call.pk}/")
    measure("ranking for the panel, page 60", lead, f"/panels/calls/{call.pk}/?page=60")


def autosave(city: Any) -> None:
    """One save of a sheet in the background, in turn with the bare view."""
    from django.test import Client

    from benches.review import _print, _queries, _seconds
    from tests.factories import core as people

    call, asked = scoring(city)
    plain, mine = Client(), Client()
    plain.force_login(people.district_officer())
    mine.force_login(asked.expert.user)
    item, taken = call.rubric.first(), {"bare": [], "save": []}
    for turn in range(ROUNDS):
        typed = {f"item_{item.pk}": str(turn % item.points)}
        taken["bare"].append(_seconds(lambda: plain.get("/bare/")))
        taken["save"].append(_seconds(lambda typed=typed: mine.post(f"/expert/{asked.pk}/autosave/", typed)))
    save, base = statistics.median(taken["save"]), statistics.median(taken["bare"])
    mine.get = lambda address: mine.post(address, {f"item_{item.pk}": "1"})  # counted like a page
    _print(name="one scoring autosave", ratio=round(save / base, 2), bar=AUTOSAVE_BAR, milliseconds=round(save * 1000, 1),
           bare=round(base * 1000, 1), queries=_queries(mine, f"/expert/{asked.pk}/autosave/"))  # fmt: skip


def draw(city: Any) -> None:
    """A draw of 3,000 projects from 500 experts: the list locked, then drawn and everybody invited, as its jobs do it."""
    from benches.review import _print
    from review.drawing.record import faults_of
    from review.models import Draw
    from review.services import drawing_lots, draws
    from tests.factories import core as people
    from tests.factories.core import NOW

    scoring(city)
    officer, steps = people.bureau_officer(), []
    _form_checked(city.kept["to draw"], officer)
    begun = time.perf_counter()
    locked = draws.commit_draw(city.kept["to draw"], answer_days=2, actor=officer, at=NOW)
    listed = time.perf_counter() - begun
    draws.seal_number(locked, "first", "20260305", actor=officer, at=NOW)
    draws.seal_number(locked, "second", "8848", actor=people.bureau_lead(), at=NOW)
    begun = time.perf_counter()
    drawing_lots.draw_now(Draw.objects.get(pk=locked.pk), at=NOW, told=steps.append)
    drawn = time.perf_counter() - begun
    begun = time.perf_counter()
    faults = faults_of(drawing_lots.record_of(Draw.objects.get(pk=locked.pk)))
    _print(name=f"a draw of {DRAWN} projects from {EXPERTS} experts", lock_seconds=round(listed, 1),
           draw_seconds=round(drawn, 1), verify_seconds=round(time.perf_counter() - begun, 1), faults=len(faults),
           steps_told=len(steps), asked=locked.assignments.count())  # fmt: skip


def _form_checked(projects: Any, officer: Any) -> None:
    """Nobody asks experts about a project whose 形式审查 is not passed."""
    from review.models import FormCheck
    from tests.factories.core import NOW

    said = {"taken_by": officer, "taken_at": NOW, "passed_by": officer, "passed_at": NOW}
    FormCheck.objects.bulk_create(
        (FormCheck(project=one, submission_id=one.current_submission_id, **said) for one in projects), batch_size=1_000
    )
