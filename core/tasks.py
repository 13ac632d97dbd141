"""What the worker and beat call on the ground floor; each is one line over the module that does it."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from core import audit, jobs, mail


@shared_task
def run_job(job_id: str) -> None:
    """Do one job, if nobody else has it."""
    jobs.run(job_id)


@shared_task
def send_waiting_jobs() -> None:
    """Send again the jobs whose sending or whose worker was lost."""
    jobs.send_waiting(timezone.now())


@shared_task
def mail_waiting_notices() -> None:
    """Mail what stands in inboxes and was not mailed yet."""
    mail.mail_waiting(timezone.now())


@shared_task
def write_audit_checkpoint() -> None:
    """Seal the heads of all audit chains."""
    audit.write_checkpoint(timezone.now())
