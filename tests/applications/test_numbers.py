"""编号: SYJG-year-district-serial; no gap, no double, however many file at the same moment."""

import threading

import pytest
from django.db import connection

from applications import services
from applications.models import NumberSeries, Project
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories import filing
from tests.factories.core import NOW, moment


@pytest.mark.django_db
def test_each_district_and_year_counts_for_itself():
    call = filings.call(closes_at=moment(days=400))
    tiexi = filing.filed(of_call=call)
    hunnan = filing.filed(of_call=call, actor=people.approver(people.enterprise(slug="hunnan")))
    later = filing.ready(of_call=call, actor=tiexi.created_by)
    later = services.submit(later, actor=tiexi.created_by, at=moment(days=360))

    assert [one.number for one in (tiexi, hunnan, later)] == [
        "SYJG-2026-106-001",
        "SYJG-2026-112-001",
        "SYJG-2027-106-001",
    ]


@pytest.mark.django_db
def test_a_refused_submission_gives_its_number_back(monkeypatch):
    call = filings.call()
    project = filing.ready(of_call=call)

    def fail(*args, **kwargs):
        raise RuntimeError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr("applications.services.submissions.store_determination", fail)
        with pytest.raises(RuntimeError):
            services.submit(project, actor=project.created_by, at=NOW)

    assert not NumberSeries.objects.exists()
    assert services.submit(project, actor=project.created_by, at=NOW).number == "SYJG-2026-106-001"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.skipif("sqlite" in str(connection.vendor), reason="SQLite has one writer; the race is PostgreSQL's")
def test_filings_at_the_same_moment_get_numbers_without_gap_or_double():
    call = filings.call()
    projects = [filing.ready(of_call=call) for _ in range(8)]
    gate, refused = threading.Barrier(len(projects)), []

    def file(project):
        try:
            gate.wait(timeout=20)
            services.submit(project, actor=project.created_by, at=NOW)
        except Exception as error:  # a thread's failure must fail the test
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=file, args=[project]) for project in projects]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert refused == []
    numbers = sorted(Project.objects.values_list("number", flat=True))
    assert numbers == [f"SYJG-2026-106-{serial:03d}" for serial in range(1, 9)]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.skipif("sqlite" in str(connection.vendor), reason="SQLite has one writer; the race is PostgreSQL's")
def test_one_project_filed_twice_at_the_same_moment_is_filed_once():
    project = filing.ready()
    gate, outcomes = threading.Barrier(2), []

    def file():
        try:
            gate.wait(timeout=20)
            outcomes.append(services.submit(project, actor=project.created_by, at=NOW).number)
        except Exception as error:
            outcomes.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=file) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert sorted(outcomes) == ["Overtaken", "SYJG-2026-106-001"]
    assert project.submissions.count() == 1
