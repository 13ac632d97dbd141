"""The double-entry ledger: balanced, append-only entries; a correction is a reversal, a balance is a sum."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction
from django.db.models import Q, Sum

from core.bulk import Same, insert_rows
from core.money import ZERO
from core.people import as_user
from disbursement.models import JournalEntry, LedgerAccount, Posting

if TYPE_CHECKING:
    from core.models import Ground
    from core.people import Actor


POSTED = ("entry", "account", "amount")
NAME_OF_ACCOUNT = ("kind", "pool", "project")  # as an Account has them


class Unbalanced(Exception):
    """An entry whose debits and credits differ: a fault of the caller, never of a person."""


class Account(NamedTuple):
    """The name of an account: its kind, its pool, and the project where it is a project's part."""

    kind: str
    pool_id: int
    project_id: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One movement to write. `lines`: (account, amount in 元), positive debit, negative credit, summing to zero.

    `key` names the movement for ever: the same key cannot be written twice.
    """

    key: str
    memo: str
    lines: tuple[tuple[Account, Decimal], ...]
    reverses: JournalEntry | None = None


def moving(amount: Decimal, *, to: Account, from_: Account) -> tuple[tuple[Account, Decimal], ...]:
    """The two lines of a plain movement of `amount` 元."""
    return ((to, amount), (from_, -amount))


def post(entries: Sequence[Entry], *, actor: Actor, at: datetime, ground: Ground) -> list[int]:
    """Write entries with a fixed number of queries a few thousand rows; returns their keys.

    Raises Unbalanced; an IntegrityError for a key written before.
    """
    for entry in entries:
        if sum((amount for _, amount in entry.lines), ZERO) != ZERO:
            raise Unbalanced(f"{entry.key}: {entry.lines}")
    with transaction.atomic():
        accounts = _accounts({account for entry in entries for account, _ in entry.lines})
        written = insert_rows(
            JournalEntry,
            {
                "key": [entry.key for entry in entries], "memo": [entry.memo for entry in entries],
                "reverses": [entry.reverses.pk if entry.reverses else None for entry in entries],
                "at": Same(at), "actor": Same(getattr(as_user(actor), "pk", None)), "ground": Same(ground.pk),
            },
            returning=("key", "id"),
        )  # fmt: skip
        keys: dict[str, int] = dict(written)
        lines = [
            (keys[entry.key], accounts[account], amount)
            for entry in entries
            for account, amount in entry.lines
            if amount
        ]
        insert_rows(Posting, {name: [line[place] for line in lines] for place, name in enumerate(POSTED)})
    return [keys[entry.key] for entry in entries]


def reverse(row: JournalEntry, *, memo: str, actor: Actor, at: datetime, ground: Ground) -> JournalEntry:
    """Undo an entry by its mirror image; an entry is reversed once."""
    lines = tuple(
        (Account(p.account.kind, p.account.pool_id, p.account.project_id), -p.amount)
        for p in row.postings.select_related("account")
    )
    [key] = post([Entry(f"reversal:{row.pk}", memo, lines, reverses=row)], actor=actor, at=at, ground=ground)
    return JournalEntry.objects.get(pk=key)


def balance(kind: str, *, pool_id: int | None = None, project_id: int | None = None) -> Decimal:
    """The sum of postings on accounts of a kind, in 元; of one pool or project where named."""
    rows = Posting.objects.filter(account__kind=kind)
    if pool_id is not None:
        rows = rows.filter(account__pool=pool_id)
    if project_id is not None:
        rows = rows.filter(account__project=project_id)
    return rows.aggregate(total=Sum("amount"))["total"] or ZERO


def _accounts(names: Iterable[Account]) -> dict[Account, int]:
    """The keys of the named accounts, opened where they are new."""
    wanted = set(names)
    found = _present(wanted)
    missing = sorted(wanted - found.keys(), key=lambda name: (name.pool_id, name.kind, name.project_id or 0))
    columns = {name: [account[place] for account in missing] for place, name in enumerate(NAME_OF_ACCOUNT)}
    opened = insert_rows(LedgerAccount, columns, returning=(*NAME_OF_ACCOUNT, "id"), unless_there=True)
    found |= {Account(*name): key for *name, key in opened}
    return found if len(found) == len(wanted) else found | _present(wanted - found.keys())


def _present(wanted: set[Account]) -> dict[Account, int]:
    projects = {name.project_id for name in wanted if name.project_id is not None}
    rows = LedgerAccount.objects.filter(
        Q(project=None) | Q(project__in=projects),
        pool__in={n.pool_id for n in wanted},
        kind__in={n.kind for n in wanted},
    )
    named = {Account(*name): key for *name, key in rows.values_list(*NAME_OF_ACCOUNT, "pk")}
    return {name: key for name, key in named.items() if name in wanted}
