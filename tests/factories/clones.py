"""Many projects like one: its rows copied inside PostgreSQL, for measurements over as many as a city will ever have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection, models

from applications.models import Project, ProjectGround, Submission
from core.models import AuditEvent, AuditStream
from disbursement.models import (
    Agreement,
    Award,
    AwardLine,
    Instalment,
    InstalmentLine,
    JournalEntry,
    LedgerAccount,
    Payment,
    Pool,
    Posting,
    ProposalItem,
    ProposalSplit,
)

APART = 1_000_000  # a copy's keys are those of its pattern, so many further on, once for each copy before it
NAMED: dict[str, str] = {  # columns that say their own number
    "applications_project.number": "'SYJG-2026-106-' || (1000 + n)",
    "disbursement_payment.receipt_number": "CASE receipt_number WHEN '' THEN '' ELSE receipt_number || '-' || n END",
    "core_auditevent.stream": "{stream}",
    "core_auditevent.digest": "md5(digest || n)",
    "core_auditstream.name": "{stream}",
}
STREAM = "split_part({c}, ':', 1) || ':' || (split_part({c}, ':', 2)::bigint + {apart} * n)"


def cloned(project: Project, copies: int) -> None:
    """So many further projects with the same enterprise, papers, pools and batches; the pools' totals follow."""
    copied(_patterns(project), copies)
    totals = ("committed", "in_payment", "paid", "returned")
    Pool.objects.update(**{name: models.F(name) * (copies + 1) for name in totals})


def copied(
    patterns: Iterable[models.QuerySet[Any]], copies: int, named: Mapping[str, str] | None = None, first: int = 1
) -> None:
    """Each row of these patterns so many times, inside a transaction. A copy's key is the pattern's + APART x n, and so
    is what it names among the patterns; n runs from `first`. `named`: SQL over n for columns ("table.column") that are
    to differ otherwise."""
    said, rows = {**NAMED, **(named or {})}, list(patterns)
    keys: dict[Any, list[Any]] = {}
    for one in rows:
        keys.setdefault(one.model, []).extend(one.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # the keys are right by construction
        for model in keys:
            _copy(cursor, model, keys, said, (first, first + copies - 1))
        cursor.execute("SET LOCAL session_replication_role = origin")


def _patterns(project: Project) -> list[models.QuerySet[Any]]:
    accounts = LedgerAccount.objects.filter(project=project)
    entries = JournalEntry.objects.filter(postings__account__in=accounts).distinct().order_by()
    mine = [
        Project.objects.filter(pk=project.pk), Submission.objects.filter(project=project),
        project.determinations.all(), ProjectGround.objects.filter(project=project),
        ProposalItem.objects.filter(project=project), ProposalSplit.objects.filter(item__project=project),
        Award.objects.filter(project=project), AwardLine.objects.filter(award__project=project),
        Agreement.objects.filter(project=project), Instalment.objects.filter(award__project=project),
        InstalmentLine.objects.filter(instalment__award__project=project), Payment.objects.filter(project=project),
        accounts, entries, Posting.objects.filter(entry__in=entries),
    ]  # fmt: skip
    streams = [f"{row._meta.label_lower}:{row.pk}" for rows in mine for row in rows]
    return [*mine, AuditStream.objects.filter(name__in=streams), AuditEvent.objects.filter(stream__in=streams)]


def _copy(
    cursor: Any, model: type[models.Model], keys: dict[Any, list[Any]], named: Mapping[str, str], span: tuple[int, int]
) -> None:
    if not keys[model]:
        return
    table, fields = model._meta.db_table, model._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(_value(table, field, keys, named) for field in fields).replace("%", "%%")
    cursor.execute(
        f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table}, generate_series(%s::bigint, %s::bigint) AS n"
        f" WHERE {model._meta.pk.column} = ANY(%s)",
        [*span, keys[model]],
    )


def _value(table: str, field: Any, keys: dict[Any, list[Any]], named: Mapping[str, str]) -> str:
    column = f'"{field.column}"'
    said = named.get(f"{table}.{field.column}")
    if said:
        return said.format(stream=STREAM.format(c=column, apart=APART))
    if field.primary_key and not field.remote_field:
        return f"{column} + {APART} * n"
    if field.remote_field and keys.get(field.related_model):
        inside = ", ".join(str(key) for key in keys[field.related_model])
        if field.related_model is not AuditStream:
            return f"CASE WHEN {column} IN ({inside}) THEN {column} + {APART} * n ELSE {column} END"
    if field.unique and isinstance(field, models.CharField):
        return f"{column} || '-' || n"
    return column
