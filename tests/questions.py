"""Counting what a page asks of the database, the session left out: it lies in Redis or in a table, as the machine has it."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext


class Questions(CaptureQueriesContext):
    """with Questions() as asked: ...; asked.count is the number of queries, sessions not counted."""

    def __init__(self) -> None:
        super().__init__(connection)

    @property
    def count(self) -> int:
        return sum("django_session" not in query["sql"] for query in self.captured_queries)

    def __enter__(self) -> Any:
        return super().__enter__()
