"""Long tasks as rows: asked for in a transaction, sent after commit, run once, and never lost with a worker or broker.

settings.JOBS names every kind and the function that does it: {"review.report": "review.jobs.build_report"}. The
function gets a `Running` and returns a StoredFile or None. It may be run again after a crash, so it must be safe to repeat.
"""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models, transaction
from django.db.models import Case, F, When
from django.utils import timezone
from django.utils.module_loading import import_string

from core import people
from core.models.jobs import Job, JobState

if TYPE_CHECKING:
    from core.models import StoredFile, User
    from core.people import Actor

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)  # a running job that says nothing for so long has lost its worker
SENDING_GRACE = timedelta(minutes=1)  # a waiting job is sent again after so long
MOST_ATTEMPTS = 5
UNEXPECTED = "任务因系统原因没有完成，已记录。请重新执行；仍不成功时请把任务编号告诉系统管理员。"


class JobRefused(Exception):
    """Raised by a job's function when it cannot be done; the text is shown to the person who asked for it."""


class LostLease(Exception):
    """The job was given to another worker meanwhile; whoever gets this stops."""


@dataclass(frozen=True, slots=True)
class Running:
    """One attempt at a job, as its function sees it."""

    job: Job
    attempt: int

    @property
    def facts(self) -> dict[str, Any]:
        return self.job.facts

    @property
    def by(self) -> User | None:
        """The person who asked; None where the system did."""
        return self.job.created_by

    def expect(self, total: int) -> None:
        """Say how many steps there are. Raises LostLease."""
        self._tell(total=total, progress=0)

    def step(self, done: int | None = None, message: str = "") -> None:
        """Count one step (or say how many are done) and renew the lease; call it at least once a minute.

        Raises LostLease when the job has been given to another worker.
        """
        full = When(total__gt=0, progress__gte=F("total"), then=F("progress"))
        one_more = Case(full, default=F("progress") + 1, output_field=models.IntegerField())
        self._tell(progress=one_more if done is None else done, **({"message": message} if message else {}))

    def _tell(self, **fields: Any) -> None:
        mine = Job.objects.filter(pk=self.job.pk, state=JobState.RUNNING, attempts=self.attempt)
        if not mine.update(lease_until=timezone.now() + LEASE, **fields):
            raise LostLease(str(self.job.pk))


def enqueue(
    kind: str,
    *,
    by: Actor,
    facts: dict[str, Any] | None = None,
    key: str | None = None,
    title: str = "",
    at: datetime | None = None,
) -> Job:
    """Write the job's row and send it after commit.

    With a `key`, asking again gives the same job (a failed one is started anew). `facts` are JSON-safe and hold no
    secret values; facts["back"] may name the address to return to.
    """
    function_of(kind)
    at = at or timezone.now()
    values = {
        "facts": facts or {},
        "title": title,
        "created_by": people.as_user(by),
        "created_at": at,
        "lease_until": at + SENDING_GRACE,
    }
    if key is None:
        job = Job.objects.create(kind=kind, **values)
    else:
        job, is_new = Job.objects.get_or_create(kind=kind, key=key, defaults=values)
        if not is_new:
            return start_again(job, at=at)
    transaction.on_commit(lambda: send(job.pk))
    return job


def start_again(job: Job, *, at: datetime) -> Job:
    """Put a failed job back in the queue; any other is left as it is."""
    fields = {
        "state": JobState.WAITING, "attempts": 0, "progress": 0, "message": "", "finished_at": None,
        "lease_until": at + SENDING_GRACE,
    }  # fmt: skip
    if Job.objects.filter(pk=job.pk, state=JobState.FAILED).update(**fields):
        transaction.on_commit(lambda: send(job.pk))
    job.refresh_from_db()
    return job


def send(job_id: uuid.UUID) -> None:
    """Hand the job to the broker. A broker that is down is no loss: the row waits and beat sends it again."""
    from core.tasks import run_job

    try:
        run_job.apply_async([str(job_id)], retry=False)
    except Exception:
        if settings.CELERY_TASK_ALWAYS_EAGER:
            raise
        log.warning("broker unreachable; job %s stays in its row", job_id, exc_info=True)


def send_waiting(at: datetime) -> int:
    """Send again what was never picked up and what lost its worker. Returns how many."""
    sent = 0
    for pk in Job.objects.to_send_again(at).values_list("pk", flat=True)[:500]:
        again = Job.objects.to_send_again(at).filter(pk=pk)
        if again.update(state=JobState.WAITING, lease_until=at + SENDING_GRACE):
            send(pk)
            sent += 1
    return sent


def run(job_id: uuid.UUID | str) -> None:
    """Do one job in this process, if nobody else has it. Failures end in the row, not in the caller."""
    attempt = _claim(job_id)
    if attempt is None:
        return
    try:
        result = function_of(attempt.job.kind)(attempt)
    except LostLease:
        log.warning("job %s was given to another worker", job_id)
    except JobRefused as refused:
        _finish(attempt, JobState.FAILED, message=str(refused)[:500])
    except Exception:
        log.exception("job %s (%s) failed", job_id, attempt.job.kind)
        _finish(attempt, JobState.FAILED, message=UNEXPECTED)
    else:
        _finish(attempt, JobState.DONE, result=result)


def _claim(job_id: uuid.UUID | str) -> Running | None:
    """Take a waiting job by compare-and-set, or None when another worker has it or it was tried too often."""
    now = timezone.now()
    waiting = Job.objects.filter(pk=job_id, state=JobState.WAITING)
    if waiting.filter(attempts__gte=MOST_ATTEMPTS).update(
        state=JobState.FAILED, finished_at=now, message=f"任务连续 {MOST_ATTEMPTS} 次中断，已停止。{UNEXPECTED}"
    ):
        return None
    taken = waiting.update(
        state=JobState.RUNNING, attempts=F("attempts") + 1, started_at=now, lease_until=now + LEASE, progress=0
    )
    if not taken:
        return None
    job = Job.objects.select_related("created_by").get(pk=job_id)
    return Running(job, job.attempts)


def _finish(attempt: Running, state: JobState, *, message: str = "", result: StoredFile | None = None) -> None:
    mine = Job.objects.filter(pk=attempt.job.pk, state=JobState.RUNNING, attempts=attempt.attempt)
    fields: dict[str, Any] = {"state": state, "finished_at": timezone.now()}
    if state == JobState.DONE:
        fields |= {"progress": F("total"), "result_file": result}
    else:
        fields["message"] = message
    mine.update(**fields)


def function_of(kind: str) -> Any:
    """The function that does this kind of job. Raises ImproperlyConfigured for a kind settings.JOBS does not name."""
    try:
        return import_string(settings.JOBS[kind])
    except KeyError:
        raise ImproperlyConfigured(f"settings.JOBS names no job of the kind {kind!r}") from None
