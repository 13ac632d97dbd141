"""Jobs: nothing asked for is lost, nothing is done by two workers at once, and people see how far it is."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core import jobs, mail
from core.models import Job, Notice, User
from core.tasks import mail_waiting_notices, send_waiting_jobs, write_audit_checkpoint

JOBS = {
    "three": "tests.core.job_samples.three_steps",
    "refuses": "tests.core.job_samples.refuses",
    "breaks": "tests.core.job_samples.breaks",
    "hangs": "tests.core.job_samples.hangs",
}


@pytest.fixture(autouse=True)
def _settings(settings, tmp_path):
    settings.JOBS = JOBS
    settings.CELERY_TASK_ALWAYS_EAGER = True
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        },
    }


@pytest.fixture
def wang(db):
    return User.objects.create(username="wang", name="王建国", email="wang@portal.example")


@pytest.fixture
def eager():
    from portal.celery import app

    app.conf.task_always_eager, before = True, app.conf.task_always_eager
    yield
    app.conf.task_always_eager = before


def test_a_job_is_sent_after_commit_and_done(wang, eager, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True) as sent:
        job = jobs.enqueue("three", by=wang, facts={"call": 1}, title="批量通知书")
        assert job.state == "waiting"
    job.refresh_from_db()
    assert (len(sent), job.state, job.progress, job.total, job.percent_done) == (1, "done", 3, 3, 100)
    assert (job.result_file.original_name, job.message, job.attempts) == ("结果.pdf", "第 3 份", 1)


def test_a_rolled_back_request_leaves_no_job(wang, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as sent, pytest.raises(ZeroDivisionError), transaction.atomic():
        jobs.enqueue("three", by=wang)
        raise ZeroDivisionError
    assert (len(sent), Job.objects.count()) == (0, 0)


def test_asking_twice_with_one_key_gives_one_job(wang):
    first = jobs.enqueue("three", by=wang, key="call-1")
    assert jobs.enqueue("three", by=wang, key="call-1") == first
    assert jobs.enqueue("three", by=wang, key="call-2") != first
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(kind="three", key="call-1", created_at=timezone.now(), lease_until=timezone.now())


def test_an_unknown_kind_is_a_fault_of_the_code(wang):
    with pytest.raises(ImproperlyConfigured):
        jobs.enqueue("os.system", by=wang)


def test_a_refusal_is_told_and_an_accident_is_not_leaked(wang, caplog):
    refused, broken = jobs.enqueue("refuses", by=wang), jobs.enqueue("breaks", by=wang)
    jobs.run(refused.pk)
    jobs.run(broken.pk)
    refused.refresh_from_db()
    broken.refresh_from_db()
    assert (refused.state, refused.message) == ("failed", "没有可以导出的项目，请先放宽筛选条件。")
    assert (broken.state, broken.message) == ("failed", jobs.UNEXPECTED)
    assert "secret detail" in caplog.text


def test_a_failed_job_can_be_started_again(wang, settings):
    job = jobs.enqueue("refuses", by=wang, key="k")
    jobs.run(job.pk)
    settings.JOBS = {**JOBS, "refuses": JOBS["three"]}
    again = jobs.enqueue("refuses", by=wang, key="k")
    assert (again.pk, again.state, again.message) == (job.pk, "waiting", "")
    jobs.run(job.pk)
    again.refresh_from_db()
    assert again.state == "done"


def test_a_broker_that_is_down_loses_nothing(wang, settings, monkeypatch, caplog, django_capture_on_commit_callbacks):
    settings.CELERY_TASK_ALWAYS_EAGER = False

    def refused(*_, **__):
        raise ConnectionError("broker down")

    monkeypatch.setattr("core.tasks.run_job.apply_async", refused)
    with django_capture_on_commit_callbacks(execute=True):
        job = jobs.enqueue("three", by=wang)
    assert "stays in its row" in caplog.text
    sent = []
    monkeypatch.setattr("core.tasks.run_job.apply_async", lambda args, **_: sent.append(args))
    assert jobs.send_waiting(timezone.now()) == 0
    assert jobs.send_waiting(timezone.now() + timedelta(minutes=2)) == 1
    assert sent == [[str(job.pk)]]


def test_only_one_of_two_workers_gets_the_job(wang):
    job = jobs.enqueue("three", by=wang)
    jobs.run(job.pk)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.attempts == 1


def test_a_slow_worker_whose_job_was_given_away_cannot_finish_it(wang):
    job = jobs.enqueue("three", by=wang)
    slow = jobs._claim(job.pk)
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    Job.objects.to_send_again(timezone.now()).update(state="waiting", lease_until=timezone.now())
    fast = jobs._claim(job.pk)
    with pytest.raises(jobs.LostLease):
        slow.step()
    jobs._finish(slow, "failed", message="too late")
    fast.step()
    job.refresh_from_db()
    assert (job.state, job.message, job.attempts) == ("running", "", 2)


def test_a_job_that_kills_every_worker_stops(wang, monkeypatch):
    monkeypatch.setattr(jobs, "send", lambda _: None)
    job = jobs.enqueue("three", by=wang)
    for _ in range(jobs.MOST_ATTEMPTS):
        assert jobs._claim(job.pk)
        jobs.send_waiting(timezone.now() + timedelta(hours=1))
    assert jobs._claim(job.pk) is None
    job.refresh_from_db()
    assert (job.state, "5 次中断" in job.message) == ("failed", True)


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_costs_no_job(eager, settings, monkeypatch):
    person = User.objects.create(username="wang2", name="王建国")
    with monkeypatch.context() as patch:
        patch.setattr(jobs, "send", lambda _: None)  # the worker below takes it
        job = jobs.enqueue("hangs", by=person, key="killed")
    name = connection.settings_dict
    url = (
        f"sqlite:///{name['NAME']}"
        if connection.vendor == "sqlite"
        else f"postgres://{name['USER']}:{name['PASSWORD']}@{name['HOST']}:{name['PORT']}/{name['NAME']}"
    )
    code = (
        "import django; django.setup(); from django.conf import settings; "
        f"settings.JOBS = {JOBS!r}; from core import jobs; jobs.run({str(job.pk)!r})"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "portal.settings"},
        stdout=subprocess.PIPE,
        text=True,
    ) as worker:
        assert worker.stdout.readline() == "in the middle\n"
        os.kill(worker.pid, signal.SIGKILL)
    job.refresh_from_db()
    assert (job.state, job.progress) == ("running", 1)
    settings.JOBS = {**JOBS, "hangs": JOBS["three"]}
    assert jobs.send_waiting(timezone.now()) == 0  # its lease still runs
    assert jobs.send_waiting(timezone.now() + jobs.LEASE + timedelta(seconds=1)) == 1
    job.refresh_from_db()
    assert (job.state, job.attempts, job.progress) == ("done", 2, 3)


def test_the_clock_tasks_run(wang, eager, django_capture_on_commit_callbacks):
    Notice.objects.create(recipient=wang, subject="已退回\n补正", body="请看", link="/x/", created_at=timezone.now())
    stranger = User.objects.create(username="no-mail", name="无邮箱")
    Notice.objects.create(recipient=stranger, subject="无", created_at=timezone.now())
    mail_waiting_notices.delay()
    mail_waiting_notices.delay()
    send_waiting_jobs.delay()
    write_audit_checkpoint.delay()
    assert [(m.subject, m.to) for m in outbox.outbox] == [("已退回 补正", ["wang@portal.example"])]
    assert "/x/" in outbox.outbox[0].body


def test_a_mail_server_that_is_down_keeps_the_notice_for_later(wang, monkeypatch):
    Notice.objects.create(recipient=wang, subject="已退回", created_at=timezone.now())

    def down(self):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", down)
    assert mail.mail_waiting(timezone.now()) == 0
    assert Notice.objects.filter(mailed_at=None).count() == 1


def test_jobs_are_seen_by_whoever_asked_only(wang):
    job = jobs.enqueue("three", by=wang)
    other = User.objects.create(username="li", name="李娜")
    assert list(Job.objects.visible_to(wang)) == [job]
    assert not Job.objects.visible_to(other).exists()
