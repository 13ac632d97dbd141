"""The draw as arithmetic: no conflict ever, an odd number or nobody, loads within what is explained, replay equal."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from review.drawing.canonical import FORMAT, canonical, commitment_of, sealed, seed_of
from review.drawing.record import faults_of
from review.drawing.selection import reserve_of, select

WORDS = ["电力装备", "机器人", "工业软件"]


@st.composite
def lists(draw: Any) -> dict[str, Any]:
    """A locked list: experts with fields and loads, projects with fields, numbers and exclusions."""
    fields = st.lists(st.sampled_from(WORDS), max_size=2, unique=True)
    codes = [f"Z{number:03d}" for number in range(draw(st.integers(1, 9)))]
    experts = [{"code": code, "fields": draw(fields), "load": draw(st.integers(0, 3))} for code in codes]
    projects = [
        {"code": f"P{number:03d}", "fields": draw(fields), "wanted": draw(st.sampled_from([1, 3, 5])),
         "excluded": {code: ["kin"] for code in draw(st.sets(st.sampled_from(codes)))}}
        for number in range(draw(st.integers(1, 12)))
    ]  # fmt: skip
    return {"rules": {}, "experts": experts, "projects": projects}


def recorded(candidates: dict[str, Any], first: str = "12", second: str = "34") -> dict[str, Any]:
    """The published record of a draw over a list."""
    text = canonical(candidates)
    commitment = commitment_of(text)
    numbers = [
        {"slot": slot, "number": number, "salt": "s", "sealed": sealed(commitment, slot, number, "s")}
        for slot, number in (("first", first), ("second", second))
    ]
    seed = seed_of(commitment, first, second)
    selection = json.loads(canonical(select(candidates, seed).as_dict()))
    return {"format": FORMAT, "draw": "T", "candidates": text, "commitment": commitment, "numbers": numbers,
            "seed": seed, "selection": selection, "replacements": []}  # fmt: skip


@given(lists(), st.text(max_size=8))
def test_nobody_is_drawn_against_a_conflict_and_always_an_odd_number(candidates, seed):
    found = select(candidates, seed)
    projects = {one["code"]: one for one in candidates["projects"]}
    for code, drawn in found.drawn.items():
        assert not set(drawn) & set(projects[code]["excluded"])
        assert len(set(drawn)) == len(drawn) == projects[code]["wanted"]
        assert len(drawn) % 2 == 1
    assert set(found.drawn) | set(found.short) == set(projects)


@given(lists(), st.text(max_size=8))
def test_a_project_goes_without_only_where_too_few_are_left(candidates, seed):
    found = select(candidates, seed)
    for project in candidates["projects"]:
        left = len(candidates["experts"]) - len(project["excluded"])
        assert (project["code"] in found.short) is (left < project["wanted"])


@given(lists(), st.text(max_size=8))
def test_loads_differ_by_no_more_than_is_explained(candidates, seed):
    found = select(candidates, seed)
    before = {one["code"]: one["load"] for one in candidates["experts"]}
    for one, load in found.loads.items():
        explained = sum(found.forced.get(one, {}).values())
        for other, less in found.loads.items():
            assert load - less <= max(1, before[one] - before[other]) + explained


@given(lists())
def test_a_record_replays_and_any_change_of_it_is_found(candidates):
    record = recorded(candidates)
    assert faults_of(record) == []
    for project, drawn in record["selection"]["drawn"].items():
        other = copy.deepcopy(record)
        other["selection"]["drawn"][project] = [*drawn[1:], "Z999"]
        assert faults_of(other)


@given(lists())
def test_a_number_chosen_afterwards_or_a_list_touched_is_found(candidates):
    record = recorded(candidates)
    late = copy.deepcopy(record)
    late["numbers"][1]["number"] = "35"
    touched = {**record, "candidates": record["candidates"].replace('"load":', '"load":1', 1)}
    assert any("封存" in fault for fault in faults_of(late))
    assert any("名单被改动过" in fault for fault in faults_of(touched))


@given(lists())
def test_the_reserve_is_everybody_else_without_a_conflict_and_replacements_follow_it(candidates):
    record = recorded(candidates)
    for project in candidates["projects"]:
        code = project["code"]
        drawn = record["selection"]["drawn"].get(code, [])
        order = reserve_of(candidates, record["seed"], code, drawn)
        all_codes = {one["code"] for one in candidates["experts"]}
        assert set(order) == all_codes - set(drawn) - set(project["excluded"])
        if drawn and len(order) > 1:
            told = {"project": code, "out": drawn[0], "in": order[1], "skipped": [[order[0], "已不在库"]]}
            assert faults_of({**record, "replacements": [told]}) == []
            assert faults_of({**record, "replacements": [{**told, "skipped": []}]})


def test_the_same_fields_and_no_conflicts_are_loaded_evenly():
    experts = [{"code": f"Z{n}", "fields": ["机器人"], "load": 0} for n in range(7)]
    projects = [{"code": f"P{n:02d}", "fields": ["机器人"], "wanted": 3, "excluded": {}} for n in range(20)]
    found = select({"experts": experts, "projects": projects}, "seed")
    assert sorted(found.loads.values()) == [8, 8, 8, 9, 9, 9, 9]
    assert found.forced == {}


def test_those_of_the_field_are_drawn_before_others_and_it_is_counted():
    experts = [{"code": f"Z{n}", "fields": ["机器人"] if n < 2 else [], "load": 0} for n in range(6)]
    projects = [{"code": f"P{n}", "fields": ["机器人"], "wanted": 3, "excluded": {}} for n in range(4)]
    found = select({"experts": experts, "projects": projects}, "seed")
    assert all({"Z0", "Z1"} < set(drawn) for drawn in found.drawn.values())
    assert found.forced == {"Z0": {"field": 3}, "Z1": {"field": 3}}


def test_what_is_no_record_is_said_to_be_none():
    assert faults_of({"format": FORMAT}) and faults_of([]) and faults_of({"format": "other/9"})
