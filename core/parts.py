"""Content that arrives in parts: each part is an object of its own in private storage, for an object store knows no append.

Who owns the parts, in which order they lie and when they are thrown away is the business of the rows that name them.
"""

from __future__ import annotations

import io
import secrets
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO

from django.core.files.base import File
from django.core.files.storage import Storage, storages

PART_BYTES = 1024 * 1024  # what the browser sends at once; a lost connection costs no more
MOST_PART_BYTES = 2 * 1024 * 1024  # below Django's own limit of a request read into memory
IN_MEMORY = 8 * 1024 * 1024


def keep(folder: str, offset: int, content: bytes) -> str:
    """Write one part and return its name in private storage; two writers of one offset do not meet."""
    name = f"parts/{folder}/{offset:012d}-{secrets.token_hex(4)}"
    return _storage().save(name, File(io.BytesIO(content), name=name))


def drop(names: Iterable[str]) -> None:
    """Throw parts away; one that is gone already is no fault."""
    for name in names:
        _storage().delete(name)


@contextmanager
def joined(names: Iterable[str]) -> Iterator[IO[bytes]]:
    """All parts in this order as one file, opened for reading; it is gone afterwards."""
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as whole:
        for name in names:
            with _storage().open(name, "rb") as part:
                while piece := part.read(PART_BYTES):
                    whole.write(piece)
        whole.seek(0)
        yield whole


def _storage() -> Storage:
    return storages["private"]
