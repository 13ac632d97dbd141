"""One text for one content, its fingerprint, and the seed that two sealed numbers make of it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

FORMAT = "expert-draw/1"


def canonical(content: Any) -> str:
    """JSON with sorted keys and no spaces: the same content gives the same text on every machine."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(*words: str) -> str:
    """SHA-256 of words, each with its length before it, so that no two lists of words read alike."""
    text = "".join(f"{len(word)}:{word}" for word in words)
    return hashlib.sha256(text.encode()).hexdigest()


def commitment_of(candidates: str) -> str:
    """The fingerprint of the locked list; `candidates` is the canonical text."""
    return fingerprint(FORMAT, candidates)


def sealed(commitment: str, slot: str, number: str, salt: str) -> str:
    """What is shown of a number before both are in: bound to the list and to the seat, unguessable by its salt."""
    return fingerprint(FORMAT, commitment, slot, number, salt)


def seed_of(commitment: str, first: str, second: str) -> str:
    """H(list, number of the first person, number of the second): neither alone can choose it."""
    return fingerprint(FORMAT, commitment, first, second)
