"""The rows of demo-projects.csv as sheets of plain values; its project_no column is not read."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data" / "demo-projects.csv"

TRACKS = {"DIAN": "point", "XIAN": "line", "MIAN": "area"}
AMOUNTS = {
    "equipment": "equip_yuan",
    "software": "software_yuan",
    "service": "service_yuan",
    "installation": "install_yuan",
    "land": "land_yuan",
    "building": "infra_yuan",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One project of one enterprise. Amounts in 元, without VAT."""

    line: int
    enterprise_no: str
    enterprise_name: str
    uscc: str
    district_code: str
    address: str
    industry: str
    above_scale: bool
    chain_leader: bool
    chain: str
    legal_person: str
    contact: str
    phone: str
    email: str
    bank_name: str
    bank_account: str
    cnaps: str
    title: str
    track: str
    group: str
    filing_number: str
    starts_on: date
    ends_on: date
    amounts: dict[str, Decimal]
    own_funds: Decimal
    bank_loan: Decimal
    special: bool
    pilot: bool
    status: str

    @property
    def key(self) -> str:
        """E001, or E001-2 for an enterprise's second project."""
        return self.enterprise_no if self.line <= 36 else f"{self.enterprise_no}-2"

    @property
    def username(self) -> str:
        return f"enterprise{int(self.enterprise_no[1:])}"


@lru_cache(maxsize=1)
def rows() -> tuple[Row, ...]:
    """All projects of the demonstration, in the order of the file."""
    with DATA.open(encoding="utf-8-sig", newline="") as file:
        return tuple(_row(number, raw) for number, raw in enumerate(csv.DictReader(file), start=1))


def enterprises() -> list[Row]:
    """The first row of each enterprise."""
    seen: dict[str, Row] = {}
    for row in rows():
        seen.setdefault(row.enterprise_no, row)
    return list(seen.values())


def _row(line: int, raw: dict[str, str]) -> Row:
    return Row(
        line=line,
        enterprise_no=raw["enterprise_no"],
        enterprise_name=raw["enterprise_name"],
        uscc=raw["uscc"],
        district_code=raw["district_code"],
        address=raw["address"],
        industry=raw["industry4"],
        above_scale=raw["is_above_scale"] == "1",
        chain_leader=raw["is_chain_leader"] == "1",
        chain=raw["chain"],
        legal_person=raw["legal_person"],
        contact=raw["contact"],
        phone=raw["phone"],
        email=raw["email"],
        bank_name=raw["bank_name"],
        bank_account=raw["bank_account"],
        cnaps=raw["cnaps"],
        title=raw["project_name"],
        track=TRACKS[raw["mode"]],
        group=raw["group_id"],
        filing_number=raw["filing_no"],
        starts_on=_month(raw["start_month"]),
        ends_on=_month(raw["end_month"]),
        amounts={name: Decimal(raw[column] or 0) for name, column in AMOUNTS.items()},
        own_funds=Decimal(raw["own_funds_yuan"]),
        bank_loan=Decimal(raw["bank_loan_yuan"]),
        special=raw["is_special_case"] == "1",
        pilot=raw["is_pilot_industry"] == "1",
        status=raw["demo_status"],
    )


def _month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")
