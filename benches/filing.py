"""What filing costs at 100,000 projects, beside a bare Django view: the enterprise's home, a section, saving, submitting.

The bare view has the middleware of a fresh Django project, a session, a user, and a table of 25 projects with their
enterprises. Everything is asked through Django's own client, in turns, so that both sides meet the same machine.
Passwords are hashed the tests' way: the time a password costs is chosen, not earned.
  script/bench filing [PROJECTS]
"""

from __future__ import annotations

import io
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

PROJECTS = 100_000
ROUNDS = 150
SUBMITS = 60
LINES, IMPORTS = 2_000, 7
BARS = {"home": 6, "section": 6, "autosave": 5, "submit": 12, "import": 2}
LONG = 200  # lines of the drafts behind the lines page, which shows thirty, and the page before signing


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    size = int(sys.argv[1]) if len(sys.argv) > 1 else PROJECTS
    from tests.factories import city as cities

    begun = time.perf_counter()
    city = cities.build(size)
    _print(name=f"{size:,} projects made", seconds=round(time.perf_counter() - begun, 1))
    _pages(city)
    _long_pages(city)
    _submits(city)
    _import(city, cities.workbook(LINES))


def _print(**said: Any) -> None:
    print(json.dumps(said, ensure_ascii=False), flush=True)


class Person:
    """Somebody signed in, once at the portal and once at the bare view, with a first page behind him."""

    def __init__(self, user: Any) -> None:
        from django.test import Client, override_settings

        from benches._bare_view import MIDDLEWARE

        self.portal, self._bare = Client(), Client()
        self.portal.force_login(user)
        self.portal.handler.load_middleware()
        self._bare.force_login(user)
        with override_settings(MIDDLEWARE=MIDDLEWARE):
            self._bare.handler.load_middleware()
        self.get("/desk/")  # which also notes when this session began

    def bare(self) -> float:
        """Seconds of the bare view."""
        from django.test import override_settings

        with override_settings(ROOT_URLCONF="benches._bare_view"):
            return _seconds(lambda: self._bare.get("/bare/"), 200)

    def get(self, address: str) -> float:
        return _seconds(lambda: self.portal.get(address), 200)

    def post(self, address: str, data: dict[str, Any], status: int = 302) -> float:
        return _seconds(lambda: self.portal.post(address, data), status)


def _seconds(ask: Callable[[], Any], status: int) -> float:
    begun = time.perf_counter()
    answer = ask()
    spent = time.perf_counter() - begun
    assert answer.status_code == status, (
        f"{answer.status_code} for {answer.request['PATH_INFO']}: {answer.content[:300]!r}"
    )
    return spent


def _queries(ask: Callable[[], Any]) -> int:
    from tests.questions import Questions

    with Questions() as asked:
        ask()
    return asked.count


def _with_cpu(ask: Callable[[int], float], n: int) -> tuple[float, float]:
    """Seconds on the wall, and seconds of this process: the second says the same on a busy machine."""
    begun = time.process_time()
    wall = ask(n)
    return wall, time.process_time() - begun


def _compare(name: str, bar: int, rounds: int, bare: Callable[[int], float], ours: Callable[[int], float]) -> None:
    """Both sides in turns; the ratio of their medians, and how many queries ours asks of two persons' rows."""
    for n in (1, 2, 3):
        bare(n), ours(n)
    counts = {_queries(lambda n=n: ours(n)) for n in (4, 5)}
    turns = [(*_with_cpu(bare, n), *_with_cpu(ours, n)) for n in range(6, 6 + rounds)]
    base, base_cpu, spent, cpu = (statistics.median(side) for side in zip(*turns, strict=True))
    _print(name=name, ratio=round(spent / base, 2), bar=bar, cpu_ratio=round(cpu / base_cpu, 2),
           ms=round(spent * 1000, 2), bare_ms=round(base * 1000, 2),
           queries=sorted(counts), rounds=rounds)  # fmt: skip


def _pages(city: Any) -> None:
    from applications.models import Draft

    crowd = [Person(city.person(n)) for n in range(1, 41)]

    def one(n: int) -> Person:
        return crowd[n % len(crowd)]

    def draft(n: int) -> int:
        return city.draft_project(n % len(crowd) + 1)

    def bare(n: int) -> float:
        return one(n).bare()

    def autosave(n: int) -> float:
        data = {"own_funds": str(1_000_000 + n), "bank_loan": "20000000", "received_elsewhere": "0", "seen": ""}
        return one(n).post(f"/filing/{draft(n)}/funding/autosave/", data, status=200)

    _compare("enterprise home", BARS["home"], ROUNDS, bare, lambda n: one(n).get("/desk/"))
    _compare("task list", BARS["home"], ROUNDS, bare, lambda n: one(n).get(f"/filing/{draft(n)}/"))
    for name in ("basics", "content", "funding", "indicators", "materials"):
        _compare(
            f"section page {name}",
            BARS["section"],
            ROUNDS,
            bare,
            lambda n, name=name: one(n).get(f"/filing/{draft(n)}/{name}/"),
        )
    _compare("autosave of a section", BARS["autosave"], ROUNDS, bare, autosave)
    assert Draft.objects.filter(project=draft(6)).exists()


def _long_pages(city: Any) -> None:
    """A page of thirty lines of a longer list, by either set of columns, and the page on which everything is checked."""
    from applications.models import Draft, DraftLine

    crowd = [Person(city.person(n)) for n in range(41, 71)]
    for n in range(41, 71):
        draft = Draft.objects.get(project=city.draft_project(n))
        draft.lines.all().delete()
        DraftLine.objects.bulk_create([
            DraftLine(draft=draft, position=place, category="equipment", name=f"设备 {place}", amount=100_000 + place,
                      tax=13_000, supplier="沈阳示例装备有限公司", invoice_number=f"2499{n:08d}{place:08d}")
            for place in range(1, LONG + 1)
        ])  # fmt: skip

    def ask(n: int, page: str) -> float:
        which = n % len(crowd)
        return crowd[which].get(f"/filing/{city.draft_project(41 + which)}/{page}")

    def bare(n: int) -> float:
        return crowd[n % len(crowd)].bare()

    pages = {"lines, thirty of them": "lines/", "lines, contract and payment": "lines/?columns=papers"}
    for name, page in pages.items():
        _compare(f"section page {name}", BARS["section"], ROUNDS, bare, lambda n, page=page: ask(n, page))
    _compare(f"check your answers, {LONG} lines", BARS["submit"], SUBMITS, bare, lambda n: ask(n, "submit/"))


def _submits(city: Any) -> None:
    """Each round another enterprise hands in its draft: declaration, copy, determination, checks against all others."""
    from applications.models import Project
    from applications.states import State

    crowd = {n: Person(city.person(n)) for n in range(101, 108 + SUBMITS)}

    def submit(n: int) -> float:
        data = {"agreed": "on", "password": "portal-test-2026"}
        return crowd[100 + n].post(f"/filing/{city.draft_project(100 + n)}/submit/", data)

    _compare("submit", BARS["submit"], SUBMITS, lambda n: crowd[100 + n].bare(), submit)
    assert Project.objects.get(pk=city.draft_project(110)).state == State.DISTRICT_REVIEW


def _import(city: Any, book: bytes) -> None:
    """The page that takes the workbook in, beside reading it by openpyxl and one bulk_create of its rows."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from applications.models import DraftLine

    hand, project = Person(city.person(50)), city.draft_project(50)

    def ours(n: int) -> float:
        file = SimpleUploadedFile("投资明细.xlsx", book)
        return hand.post(f"/filing/{project}/lines/import/", {"file": file, "mode": "replace"})

    def bare(n: int) -> float:
        return _bare_import(book, project)

    _compare(f"import of {LINES:,} lines", BARS["import"], IMPORTS, bare, ours)
    assert DraftLine.objects.filter(draft__project=project).count() == LINES


def _bare_import(book: bytes, project: int) -> float:
    """Seconds to read every row by openpyxl and to insert them all, without a question asked; taken back afterwards."""
    from django.db import transaction
    from openpyxl import load_workbook

    from applications.models import Draft, DraftLine

    draft = Draft.objects.get(project=project)
    begun = time.perf_counter()
    sheet = load_workbook(io.BytesIO(book), read_only=True, data_only=True).worksheets[0]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    with transaction.atomic():
        made = [
            DraftLine(draft=draft, position=n, category="equipment", name=row[1], model=row[2] or "", quantity=1,
                      amount=1_000_000, tax=130_000, supplier="沈阳示例装备有限公司", invoice_number=f"2421{n:016d}")
            for n, row in enumerate(rows, start=1)
        ]  # fmt: skip
        DraftLine.objects.bulk_create(made, batch_size=500)
        spent = time.perf_counter() - begun
        transaction.set_rollback(True)
    return spent


if __name__ == "__main__":
    main()
