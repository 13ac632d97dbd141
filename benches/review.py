"""What the review room's pages cost in a city of 100,000 projects, beside a bare view of 25 rows in the same run.

Makes its rows on the database that DATABASE_URL names, inside a transaction that is rolled back.
  script/bench review [PART ...]      one or more of PARTS, by default all
A part measures one page or deed: a function of the city, given in PARTS. Its page is asked in turn with the bare view.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from benches import _scoring

PROJECTS = 100_000
ROUNDS = 25
PAGE_BAR, QUERIES_BAR = 8, 12
# Of each twenty filed projects: so many stand in each state.
STATES = (
    ["district_review"] * 6 + ["correction"] * 2 + ["city_review"] * 4 + ["public_notice"] * 2 + ["declined"] * 2
    + ["disbursement"] * 4
)  # fmt: skip


SPREAD = """
UPDATE applications_project p SET
  district_id = (SELECT array_agg(id ORDER BY code) FROM core_district)[1 + mod(n / 20, 13)],
  state = (ARRAY[{states}])[1 + mod(n, 20)], title = p.title || n, due_on = current_date - 20 + mod(n, 60)::int,
  taken_by_id = CASE WHEN mod(n, 3) = 0 THEN %s::bigint END, taken_at = CASE WHEN mod(n, 3) = 0 THEN p.created_at END
FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM applications_project) r WHERE r.id = p.id
"""


@dataclass
class City:
    """Who asks, and what a part leaves for another."""

    people: dict[str, Any] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import transaction

    settings.ROOT_URLCONF, settings.ALLOWED_HOSTS = "benches._bare", ["*"]
    call_command("migrate", verbosity=0)
    wanted = sys.argv[1:] or list(PARTS)
    with transaction.atomic():
        city = _city()
        for name in wanted:
            PARTS[name](city)
        transaction.set_rollback(True)


# --- measuring ------------------------------------------------------------------------------------------------------


def measure(name: str, asker: Any, address: str, *, bar: float = PAGE_BAR) -> None:
    """One page as this person sees it, in turn with the bare view; prints the ratio of the medians."""
    from django.test import Client

    from tests.factories import core as people

    plain, mine = Client(), Client()
    plain.force_login(people.district_officer())
    mine.force_login(asker)
    taken: dict[str, list[float]] = {"bare": [], "page": []}
    for _ in range(ROUNDS):
        taken["bare"].append(_seconds(lambda: plain.get("/bare/")))
        taken["page"].append(_seconds(lambda: mine.get(address)))
    page, base = statistics.median(taken["page"]), statistics.median(taken["bare"])
    _print(name=name, ratio=round(page / base, 2), bar=bar, milliseconds=round(page * 1000, 1),
           bare=round(base * 1000, 1), queries=_queries(mine, address), queries_bar=QUERIES_BAR)  # fmt: skip


def _seconds(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    assert work().status_code == 200
    return time.perf_counter() - begun


def _queries(client: Any, address: str) -> int:
    """What the page asks of the database; the session lies in the cache."""
    from django.db import connection

    asked = 0

    def hook(execute: Any, *args: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(*args)

    with connection.execute_wrapper(hook):
        client.get(address)
    return asked


def _print(**said: Any) -> None:
    print(json.dumps(said, ensure_ascii=False), flush=True)


# --- the city -------------------------------------------------------------------------------------------------------


def _city() -> City:
    """Projects spread over thirteen districts, all steps and a year of deadlines, with what their desks wrote."""
    from django.db import connection

    from core import reference
    from tests.factories import core as people
    from tests.factories import filing
    from tests.factories.clones import cloned

    reference.load()
    pattern = filing.filed()
    cloned(pattern, PROJECTS - 1)
    officer, lead = people.district_officer(), people.district_lead()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(SPREAD.format(states=",".join(f"'{state}'" for state in STATES)), [officer.pk])
        cursor.execute("SET LOCAL session_replication_role = origin")
    _desk_papers(officer)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return City({"district officer": officer, "district lead": lead, "bureau lead": people.bureau_lead()})


def _desk_papers(officer: Any) -> None:
    """Checks of materials and opinions for every third project on a district's desk."""
    from applications.models import CallMaterial, Project
    from review.models import MaterialCheck, Opinion
    from tests.factories.core import NOW

    taken = Project.objects.filter(state="district_review", taken_by=officer).values_list("pk", "current_submission")
    entries = list(CallMaterial.objects.all()[:5])
    MaterialCheck.objects.bulk_create(
        (
            MaterialCheck(project_id=project, submission_id=filed, requirement=entry, verdict="verified", at=NOW, by=officer)
            for project, filed in taken for entry in entries
        ),
        batch_size=5_000,
    )  # fmt: skip
    Opinion.objects.bulk_create(
        (
            Opinion(project_id=project, submission_id=filed, conclusion="recommend", text="建议推荐。", written_at=NOW,
                    written_by=officer)
            for project, filed in taken
        ),
        batch_size=5_000,
    )  # fmt: skip


# --- parts ----------------------------------------------------------------------------------------------------------


def district_queue(city: City) -> None:
    """The district's queue: as it opens, searched, and its last page."""
    officer = city.people["district officer"]
    measure("district queue", officer, "/district/")
    measure("district queue, searched", officer, "/district/?q=12345")
    measure("district queue, by amount", officer, "/district/?sort=-total")


def bureau_board(city: City) -> None:
    """The bureau's board over the whole city."""
    measure("bureau board", city.people["bureau lead"], "/review/")
    measure("bureau board, to assign", city.people["bureau lead"], "/review/?tab=to_assign")
    measure("bureau board, form check", city.people["bureau lead"], "/review/?tab=form_check")


PARTS: dict[str, Callable[[City], None]] = {
    "queue": district_queue, "board": bureau_board, "sheet": _scoring.sheet, "autosave": _scoring.autosave,
    "ranking": _scoring.ranking, "draw": _scoring.draw,
}  # fmt: skip

if __name__ == "__main__":
    main()
