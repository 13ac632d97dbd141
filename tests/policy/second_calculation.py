"""Second calculation from the clauses and case file's formulas alone, unseen engine, for differential tests."""

import json
import random
import re
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

Row = dict[str, str]
Config = dict[str, Any]
Found = dict[str, int | str | None]  # amounts in 分; None leaves the column empty

ANSWERS = "case_id verdict eligible ceiling central local total unfunded final payable clawback claw_central claw_local"
FACT_COLUMNS = [
    "case_id",
    "group_id",
    "kind",
    "title",
    "certainty",
    "clauses",
    "config",
    "mode",
    "chain_leader",
    "industry4",
    "project_kind",
    "demo_recognised",
    "invest_total",
    "land_infra",
    "input_vat",
    "dup_invoice",
    "special_amount",
    "approved",
    "other_local_entitlement",
    "other_received",
    "central_pool",
    "local_pool",
    "review_score",
    "enterprise_already",
    "change_major",
    "planned_eligible",
    "audited_eligible",
    "stat_invest",
    "fraud",
    "central_committed",
    "central_paid",
    "local_paid",
    "paid",
    "plan",
    "tranche_no",
    "central_received_ratio",
    "progress_ratio",
    "date",
]
COLUMNS = [*FACT_COLUMNS, *(f"exp_{name}" for name in ANSWERS.split()[1:]), "note"]
FIGURES = FACT_COLUMNS[FACT_COLUMNS.index("invest_total") : FACT_COLUMNS.index("plan")]
PILOT = (34, 35, 37, 38)
DIRECTIONS = ("PLATFORM", "INFRA", "SERVICE", "TRAINING")


class Rejected(Exception):
    """Raised with the verdict and, where it is answered, the ceiling."""


class Claim(NamedTuple):
    verdict: str
    eligible: int
    ceiling: int | None
    due: int  # before any pool is looked at, and so the central share
    central_share: int = 0
    topped_up: bool = False  # the local money only makes up for missing central money


def to_fen(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]+(\.[0-9]{1,2})?", text):
        raise ValueError(text)
    return int(Fraction(text) * 100)


def given(row: Row, name: str) -> int | None:
    return to_fen(row[name]) if row[name] else None


def amount(row: Row, name: str) -> int:
    return given(row, name) or 0


def is_referred(row: Row, cfg: Config) -> bool:  # 第七条(三)2
    return row["mode"] != "DIAN" and row["demo_recognised"] == "1" and cfg.get("other_industry_reference", True)


def round_down(exact: Fraction, cfg: Config) -> int:
    quantum = to_fen(str(cfg.get("award_quantum", "0.01")))
    return exact // quantum * quantum


def ceiling_on(row: Row, cfg: Config, base: int) -> int:  # 第六条(二)
    by_role = 20, 15_000_000_00 if row["chain_leader"] == "1" else 5_000_000_00
    percent, cap = {"DIAN": (15, 10_000_000_00), "XIAN": by_role, "MIAN": by_role}[row["mode"]]
    return min(round_down(Fraction(base * percent, 100), cfg), cap) if base > 0 else 0


def eligible_of(row: Row, cfg: Config) -> int:
    total, land, vat, repeated = (amount(row, n) for n in ("invest_total", "land_infra", "input_vat", "dup_invoice"))
    if total <= 0:
        raise Rejected("REJECT_BAD_INPUT")
    if land > total:
        raise Rejected("REJECT_LAND_GT_TOTAL")
    eligible = total - land - repeated - (vat if cfg.get("tax_basis", "EX_VAT") == "EX_VAT" else 0)
    if eligible <= 0:
        raise Rejected("REJECT_NO_ELIGIBLE")
    return eligible


def claim_of(row: Row, cfg: Config) -> Claim:
    special, approved = given(row, "special_amount"), given(row, "approved")
    other_local, received = amount(row, "other_local_entitlement"), amount(row, "other_received")
    pilot, eligible = int(row["industry4"]) // 100 in PILOT, eligible_of(row, cfg)
    if special is not None:
        if pilot and not cfg.get("special_for_pilot", False):
            raise Rejected("REJECT_SPECIAL_PILOT")
        return Claim("OK", eligible, None, special)
    if row["project_kind"] in DIRECTIONS:
        return Claim("OK_LOCAL_EXISTING_POLICY", eligible, None, other_local)
    ceiling = ceiling_on(row, cfg, eligible)
    if approved is not None and approved > ceiling:
        raise Rejected("REJECT_ABOVE_CEILING", ceiling)
    own = ceiling if approved is None else approved
    if not pilot:
        own, shown = (own, ceiling) if is_referred(row, cfg) else (0, None)
        return Claim("OK", eligible, shown, max(0, max(own, other_local) - received))
    top_up = cfg.get("dedupe", "CHOOSE_HIGHER") == "TOP_UP"
    if other_local > own and not top_up:
        return Claim("OK", eligible, ceiling, max(0, other_local - received))
    due, share = max(0, (max(own, other_local) if top_up else own) - received), max(0, own - received)
    if cfg.get("enterprise_cap") is not None:
        room = max(0, to_fen(str(cfg["enterprise_cap"])) - amount(row, "enterprise_already"))
        due, share = min(due, room), min(share, room)
    return Claim("OK", eligible, ceiling, due, share, True)


def fund(row: Row, cfg: Config, claim: Claim, central: int) -> Found:
    rest, pool = claim.due - central, given(row, "local_pool")
    local = rest if pool is None else min(rest, pool)
    if claim.topped_up and given(row, "central_pool") == 0 and not cfg.get("local_when_central_zero", True):
        local = 0
    sums: Found = {"central": central, "local": local, "total": central + local, "unfunded": rest - local}
    return {"verdict": claim.verdict, "eligible": claim.eligible, "ceiling": claim.ceiling, **sums}


def share_pool(shares: list[int], scores: list[int], pool: int | None, ranked: bool) -> list[int]:
    asked = sum(shares)
    left = asked if pool is None else min(pool, asked)
    if ranked:
        got = [0] * len(shares)
        for i in sorted(range(len(shares)), key=lambda i: (-scores[i], i)):
            got[i] = min(shares[i], left)
            left -= got[i]
        return got
    got = [left * share // max(asked, 1) for share in shares]
    largest_first = sorted(range(len(shares)), key=lambda i: (-(left * shares[i] % max(asked, 1)), i))
    for i in largest_first[: left - sum(got)]:
        got[i] += 1
    return got


def change(row: Row, cfg: Config) -> Found:
    approved, paid, received = to_fen(row["approved"]), amount(row, "paid"), amount(row, "other_received")
    pilot, eligible = int(row["industry4"]) // 100 in PILOT, eligible_of(row, cfg)
    ceiling = ceiling_on(row, cfg, eligible)
    verdict, final = "OK", approved
    if row["change_major"] == "1":
        final = ceiling if cfg.get("allow_upward", False) else min(approved, ceiling)
        verdict, final = ("OK", final) if pilot else ("MANUAL_REVIEW", 0)
    final = max(0, final - received)
    shown = ceiling if pilot or is_referred(row, cfg) else None
    claw = max(0, paid - final)
    return {"verdict": verdict, "eligible": eligible, "ceiling": shown, "final": final, "clawback": claw}


def accept(row: Row, cfg: Config) -> Found:
    approved, base, paid = to_fen(row["approved"]), to_fen(row["audited_eligible"]), amount(row, "paid")
    received, committed, stated = (given(row, n) for n in ("other_received", "central_committed", "stat_invest"))
    if cfg.get("stat_check", False) and stated is not None:
        base = min(base, stated)
    limit = ceiling_on(row, cfg, base)
    final = limit if cfg.get("allow_upward", False) else min(approved, limit)
    if cfg.get("reduce_method", "MIN_RATE_AUDITED") == "PRORATA_PLAN":
        planned = to_fen(row["planned_eligible"])
        final = min(approved, round_down(Fraction(approved * base, planned), cfg), limit)
    verdict, final = ("CANCELLED", 0) if row["fraud"] == "1" else ("OK", max(0, final - (received or 0)))
    sums: Found = {"final": final, "payable": max(0, final - paid), "clawback": max(0, paid - final)}
    if committed is not None:
        central = min(committed, final)
        local = final - central
        sums |= {"central": central, "claw_central": max(0, amount(row, "central_paid") - central)}
        sums |= {"local": local, "claw_local": max(0, amount(row, "local_paid") - local)}
    return {"verdict": verdict, "ceiling": limit, **sums}


def instalment(row: Row, cfg: Config) -> Found:
    approved, paid, nth = to_fen(row["approved"]), amount(row, "paid"), int(row["tranche_no"])
    plan = [Fraction(part) for part in json.loads(row["plan"])]
    planned = sum(plan[:nth], Fraction(0))
    share = min([planned, *(Fraction(row[n]) for n in ("central_received_ratio", "progress_ratio") if row[n])])
    target = approved if nth == len(plan) and share == planned else round_down(approved * share, cfg)
    return {"verdict": "OK", "payable": max(0, target - paid)}


def validity(row: Row, cfg: Config) -> Found:
    first, day = date.fromisoformat(cfg.get("effective_date", "2025-03-11")), date.fromisoformat(row["date"])
    return {"verdict": "OK" if first <= day <= date(2027, 12, 31) else "REJECT_OUT_OF_VALIDITY"}


def answer(rows: list[Row]) -> list[Row]:
    """Answer every row of the case file; an answer's column is empty where the row's kind does not answer it."""
    sheets = [dict.fromkeys(COLUMNS, "") | {k: (v or "").strip() for k, v in row.items() if k} for row in rows]
    kinds = {"CHANGE": change, "ACCEPT": accept, "INSTALMENT": instalment, "DATE": validity}
    found: list[Found] = [{} for _ in sheets]
    groups: dict[str, list[tuple[int, Config, Claim]]] = {}
    for i, row in enumerate(sheets):
        try:
            cfg = json.loads(row["config"] or "{}")
            if any(amount(row, name) < 0 for name in FIGURES if name != "audited_eligible"):
                raise ValueError("negative")
            if row["kind"] in ("ENTITLE", "POOL"):  # a case alone is a pool of one
                one = (i, cfg, claim_of(row, cfg))
                groups.setdefault(row["group_id"] if row["kind"] == "POOL" else f"alone {i}", []).append(one)
            else:
                found[i] = kinds[row["kind"]](row, cfg)
        except Rejected as rejected:
            found[i] = dict(zip(("verdict", "ceiling"), rejected.args, strict=False))
        except (ValueError, TypeError, KeyError, AttributeError, ZeroDivisionError):  # a cell cannot be read
            found[i] = {"verdict": "REJECT_BAD_INPUT"}
    for members in groups.values():
        shares, pool = [claim.central_share for _, _, claim in members], given(sheets[members[0][0]], "central_pool")
        scores = [amount(sheets[i], "review_score") for i, _, _ in members]
        got = share_pool(shares, scores, pool, members[0][1].get("pool_method", "PRORATA") == "RANK")
        for (i, cfg, claim), central in zip(members, got, strict=True):
            found[i] = fund(sheets[i], cfg, claim, central)
    shown = ({k: yuan(v) if isinstance(v, int) else v for k, v in one.items() if v is not None} for one in found)
    return [
        dict.fromkeys(ANSWERS.split(), "") | {"case_id": row["case_id"]} | one
        for row, one in zip(sheets, shown, strict=True)
    ]


def yuan(fen: int) -> str:
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"


# Random fact sheets, kept off the points which the text leaves open.
PILOT_CODES = ["3411", "3421", "3499", "3511", "3562", "3599", "3711", "3741", "3799", "3811", "3821", "3899"]
OTHER_CODES = ["1340", "2614", "3311", "3399", "3611", "3670", "3911", "4011", "4341", "6513"]
EDGES = (1, 6, 30, 100, 1_234_567_89, 25_000_000_00, 33_333_333_33, 66_666_666_67, 75_000_000_00, 100_000_000_00)
PLANS = ['["0.5","0.5"]', '["0.3","0.7"]', '["0.3","0.4","0.3"]', '["1"]', '["0.33333333","0.33333333","0.33333334"]']
FLAWS = ("invest_total", ""), ("invest_total", "0"), ("invest_total", "-0.01"), ("invest_total", "abc")
FLAWS += ("land_infra", "-0.01"), ("input_vat", "-1.00"), ("dup_invoice", "-5")
ANY = (True, False)
QUANTUM: Config = {"award_quantum": ("0.01", "1", "100", "10000")}
BASIC: Config = QUANTUM | {"tax_basis": ("EX_VAT", "INCL_VAT")}
WIDE: Config = BASIC | {
    "dedupe": ("CHOOSE_HIGHER", "TOP_UP"),
    "special_for_pilot": ANY,
    "other_industry_reference": ANY,
}
CAPS: Config = {"local_when_central_zero": ANY, "enterprise_cap": ("0", "5000000", "12345678.9", "15000000")}
SETTLE: Config = QUANTUM | {"stat_check": ANY, "allow_upward": ANY}
DAYS = ["2025-03-10", "2025-03-11", "2025-03-12", "2026-06-30", "2026-02-30", "2027-12-31", "2028-01-01", "2028-02-29"]


def near(rng: random.Random, *points: int) -> int:
    return max(0, rng.choice(points) + rng.choice((-100, -1, 0, 0, 0, 1, 100)))


def put(row: Row, **amounts: int | None) -> None:
    row.update({name: "" if fen is None else yuan(fen) for name, fen in amounts.items()})


def fill_facts(rng: random.Random, row: Row, cfg: Config, codes: list[str], flawed: float) -> int | None:  # ceiling
    row.update(mode=rng.choice(("DIAN", "XIAN", "MIAN")), chain_leader=rng.choice("01"), industry4=rng.choice(codes))
    row.update(project_kind="TECH_REFORM", demo_recognised=rng.choice("01"))
    land, vat, dup = (rng.choice((None, 0, 1, rng.randrange(1, 20_000_000_00))) for _ in range(3))
    taxed = 0 if cfg.get("tax_basis") == "INCL_VAT" else vat or 0
    target = rng.choice((near(rng, *EDGES), rng.randrange(1, 200_000_000_00)))
    total = max(1, target) + (land or 0) + (dup or 0) + taxed
    put(row, invest_total=total, land_infra=land, input_vat=vat, dup_invoice=dup)
    if rng.random() < flawed:
        over = ("land_infra", yuan(total + 1)), ("land_infra", yuan(total)), ("dup_invoice", yuan(total))
        row.update([rng.choice(FLAWS + over)])
        return None
    return ceiling_on(row, cfg, eligible_of(row, cfg))


def fill_entitle(rng: random.Random, row: Row, cfg: Config) -> None:
    capped = "enterprise_cap" in cfg
    ceiling = fill_facts(rng, row, cfg, PILOT_CODES if capped else PILOT_CODES * 2 + OTHER_CODES, 0.1)
    put(row, **{name: rng.choice((None, 0, 1, near(rng, 10_000_000_00))) for name in ("central_pool", "local_pool")})
    way = "" if capped else rng.choices(("", "special_amount", "other_local_entitlement"), (75, 12, 13))[0]
    if way:
        row["project_kind"] = rng.choice(DIRECTIONS if way != "special_amount" else ("TECH_REFORM", *DIRECTIONS))
        put(row, **{way: rng.choice((0, 1, near(rng, 10_000_000_00), rng.randrange(1, 50_000_000_00)))})
    elif ceiling is not None:
        extra = [0, ceiling, max(0, ceiling - 1), rng.randint(0, ceiling), ceiling + 1, ceiling + 100_00]
        extra = extra if int(row["industry4"]) // 100 in PILOT or is_referred(row, cfg) else []
        approved = rng.choice((None, None, ceiling // 2, *extra))
        own = ceiling if approved is None else min(approved, ceiling)
        other = rng.choice((None, None, 0, own // 2, own, near(rng, own), own * 2 + 1, rng.randrange(15_000_000_00)))
        if (approved is not None and approved > ceiling) or (capped and cfg.get("dedupe") != "TOP_UP"):
            other = min(other or 0, own)
        received = rng.choice((None, None, 0, own // 3, near(rng, own), near(rng, other or 0), own + 500_000_00))
        put(row, approved=approved, other_local_entitlement=other, other_received=received)
        cap = to_fen(cfg.get("enterprise_cap", "15000000"))
        put(row, enterprise_already=rng.choice((None, 0, cap // 2, near(rng, cap), near(rng, max(0, cap - own)))))
        if rng.random() < 0.4:
            put(row, central_pool=near(rng, own, own // 2), local_pool=near(rng, own // 2, own // 4))


def fill_change(rng: random.Random, row: Row, cfg: Config) -> None:
    row["change_major"] = rng.choice("01111")
    new = fill_facts(rng, row, cfg, PILOT_CODES * 3 + OTHER_CODES, 0.08 * int(row["change_major"])) or 300_000_00
    row["demo_recognised"] = "0"
    approved = rng.choice((near(rng, new), new * 2, new // 2, rng.randint(1, 10_000_000_00)))
    received = rng.choice((None, None, None, 0, approved // 3, near(rng, new)))
    paid = rng.choice((None, 0, approved // 2, approved, near(rng, max(0, min(approved, new) - (received or 0)))))
    put(row, approved=approved, other_received=received, paid=paid)


def fill_accept(rng: random.Random, row: Row, cfg: Config) -> None:
    ceiling = fill_facts(rng, row, cfg, PILOT_CODES, 0) or 0
    planned = eligible_of(row, cfg)
    put(row, invest_total=None, land_infra=None, input_vat=None, dup_invoice=None)
    approved = rng.choice((ceiling, ceiling, max(0, ceiling - 1), ceiling * 4 // 5, rng.randint(0, ceiling)))
    audited = rng.choice((0, 1, planned, planned - 1, planned * 2, planned * 4 // 5, near(rng, *EDGES)))
    stated = rng.choice((None, 0, audited, audited + 1, max(0, audited - 1), audited * 3 // 4))
    received = rng.choice((0, 0, 0, 0, approved // 3, near(rng, approved)))
    award, limit = max(0, approved - received), max(0, ceiling_on(row, cfg, audited) - received)
    paid = rng.choice((0, award // 2, award, min(award, near(rng, limit))))
    put(row, planned_eligible=planned, audited_eligible=audited, stat_invest=stated, approved=approved)
    put(row, other_received=received, paid=paid)
    row["fraud"] = rng.choice(("", "0", "0", "0", "0", "1"))
    if rng.random() < 0.4:
        committed = rng.choice((0, award, award * 7 // 10, rng.randint(0, award)))
        central_paid = max(paid - award + committed, min(committed, paid * rng.randint(0, 10) // 10))
        put(row, central_committed=committed, central_paid=central_paid, local_paid=paid - central_paid)


def fill_instalment(rng: random.Random, row: Row, cfg: Config) -> None:
    approved = rng.choice((near(rng, 10_000_000_00, 7_500_000_00), rng.randint(1, 15_000_000_00)))
    row["plan"] = rng.choice(PLANS)
    row["tranche_no"] = str(rng.randint(1, len(json.loads(row["plan"]))))
    for name in ("central_received_ratio", "progress_ratio"):
        row[name] = rng.choice(("", "", "0", "0.2", "0.3", "0.33333333", "0.5", "0.6", "0.99", "1"))
    paid = rng.choice((0, near(rng, approved // 2, approved * 3 // 10), approved - 1, approved))
    put(row, approved=approved, paid=max(0, paid))


RECIPES: dict[str, tuple[int, Config, Any]] = {
    "ENTITLE": (45, WIDE | CAPS, fill_entitle),
    "POOL": (6, WIDE | {"pool_method": ("PRORATA", "RANK", "RANK")}, fill_entitle),
    "CHANGE": (12, BASIC | {"allow_upward": ANY}, fill_change),
    "ACCEPT": (18, SETTLE | {"reduce_method": ("MIN_RATE_AUDITED", "PRORATA_PLAN")}, fill_accept),
    "INSTALMENT": (8, QUANTUM, fill_instalment),
    "DATE": (3, {"effective_date": DAYS[:2]}, lambda rng, row, _: row.update(date=rng.choice(DAYS))),
}


def random_rows(seed: int, count: int) -> list[Row]:
    rng, rows = random.Random(seed), []
    while len(rows) < count:
        kind = rng.choices(list(RECIPES), [weight for weight, _, _ in RECIPES.values()])[0]
        _, options, fill = RECIPES[kind]
        cfg: Config = {name: rng.choice(values) for name, values in options.items() if rng.random() < 0.35}
        size = min(rng.randint(1, 6), count - len(rows)) if kind == "POOL" else 1
        group: list[Row] = [dict.fromkeys(COLUMNS, "") | {"kind": kind} for _ in range(size)]
        for i, row in enumerate(group):
            row.update(case_id=f"R{seed}-{len(rows) + i}", config=json.dumps(cfg) if cfg else "")
            fill(rng, row, cfg)
        if kind == "POOL":
            alone = answer([row | {"kind": "ENTITLE", "central_pool": ""} for row in group])
            asked = sum(to_fen(one["central"] or "0") for one in alone)
            edges = (None, 0, rng.randint(1, 7), near(rng, asked), asked // 2, asked * 2, rng.randint(0, asked))
            pool, local = rng.choice(edges), rng.choice((None, None, 0, near(rng, asked // 3) if size == 1 else None))
            for row in group:
                put(row, central_pool=pool, local_pool=local)
                row.update(
                    group_id=f"RG{len(rows)}", review_score=rng.choice(["60", "85", "85", "90", "90.5", "95", "100"])
                )
        rows += group
    return rows
