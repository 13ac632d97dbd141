"""Steps of an explanation: recorded as bare tuples while the rules run, put into words when somebody reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, cast

from policy.rules.amounts import ZERO, in_percent, in_yuan
from policy.rules.version import Direction, Standard, Version
from policy.rules.wordings import TAKE, WORDINGS, Wording

Operand = Decimal | str | date | None
Source = Standard | Direction | None
#: key of the step, what was taken, what it was combined with, what came out
Entry = tuple[str, Decimal | None, Operand, Decimal | None]
#: entries laid end to end: one list for a whole explanation is what keeps explaining as cheap as calculating
Trace = list[Operand]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an explained amount; amounts in 元, ``change`` is what the step added or took away."""

    key: str
    arithmetic: str
    label: str
    taken: str
    done: str
    result: Decimal | None
    change: Decimal | None
    clause: str
    binds: bool

    def sentence(self) -> str:
        """The step as one Chinese sentence with its clause."""
        told_already = self.result is None or self.arithmetic == TAKE
        outcome = "" if told_already else f"，得 {in_yuan(self.result or ZERO)} 元"
        cited = f"（{self.clause}）" if self.clause else ""
        return f"{self.note}{outcome}{cited}。"

    @property
    def amount(self) -> Decimal | None:
        """The figure beside the label: what was taken away, or what came out."""
        return self.result if self.change is None else self.change

    @property
    def note(self) -> str:
        """What was taken and done, without the result."""
        return "，".join(part for part in (self.taken, self.done) if part)

    def as_dict(self) -> dict[str, Any]:
        plain = asdict(self)
        for name in ("result", "change"):
            plain[name] = None if plain[name] is None else f"{plain[name]:f}"
        return plain

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Step:
        plain = dict(data)
        for name in ("result", "change"):
            plain[name] = None if plain[name] is None else Decimal(plain[name])
        return cls(**plain)


# Steps which take something away: shown with a minus sign beside the figure they led to.
_TAKEN_AWAY: Final = ("land", "vat", "duplicates", "received")


def entries(trace: Sequence[object]) -> Iterator[Entry]:
    """The entries of a trace, four items each."""
    items = iter(trace)
    return cast(Iterator[Entry], zip(items, items, items, items, strict=True))


def told(entry: Entry, version: Version, binding: str, clause: str = "") -> Step:
    """An entry put into words."""
    key, taken, operand, result = entry
    wording = WORDINGS[key]
    source = _source(key, operand, version)
    named = {"taken": _text(taken), "operand": _operand_text(key, operand), "within": "", **_named(source)}
    if key in ("central", "local", "local_only") and isinstance(operand, Decimal):
        named["within"] = f"，以余额 {in_yuan(operand)} 元为限"
    change = -operand if key in _TAKEN_AWAY and isinstance(operand, Decimal) else None
    return Step(
        key=key,
        arithmetic=wording.arithmetic,
        label=wording.label.format(**(named | _in_wan(source))),
        taken=wording.taken.format(**named),
        done=wording.done.format(**named),
        result=result,
        change=change,
        clause=clause or _clause(wording, source, version),
        binds=key == binding,
    )


def _source(key: str, operand: Operand, version: Version) -> Source:
    """The standard or direction which an entry names by its key."""
    if key in ("rate", "cap"):
        return version.standards[str(operand)]
    if key in ("local_rate", "local_cap"):
        return version.directions[str(operand)]
    return None


def _clause(wording: Wording, source: Source, version: Version) -> str:
    if source is not None:
        return source.clause
    if wording.clause == "uplift":
        return version.uplift_clause
    return version.clauses.get(wording.clause, "")


def _named(source: Source) -> dict[str, str]:
    if source is None:
        return {"name": "", "rate": "", "cap": ""}
    rate, cap = source.rate, source.cap
    return {
        "name": source.name,
        "rate": "" if rate is None else in_percent(rate),
        "cap": "" if cap is None else in_yuan(cap),
    }


def _in_wan(source: Source) -> dict[str, str]:
    """Labels are read at a glance: a cap in 万元."""
    if source is None or source.cap is None:
        return {}
    return {"cap": f"{in_yuan(source.cap / 10000)} 万元"}


_RATIOS: Final = ("planned_share", "central_gate", "progress_gate", "target")


def _operand_text(key: str, operand: Operand) -> str:
    if isinstance(operand, Decimal):
        return in_percent(operand) if key in _RATIOS else in_yuan(operand)
    if isinstance(operand, date):
        return f"{operand.year}年{operand.month}月{operand.day}日"
    return operand or ""


def _text(amount: Decimal | None) -> str:
    return "" if amount is None else in_yuan(amount)
