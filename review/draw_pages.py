"""What the pages of a draw show: seats, results, exclusions in words; a fixed number of questions each."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from review.conflicts import WORDS
from review.models import Draw, DrawEntry, DrawSlot, Expert
from review.services.draws import seats_of
from review.states import DrawState

WHY = {"field": "其他负担更轻的专家专业不对口", "conflict": "其他负担更轻的专家应当回避"}


@dataclass(frozen=True, slots=True)
class Seat:
    """One of the two numbers: whose, sealed how, shown only when both are in; where this person may give it."""

    label: str
    person: Any
    at: Any
    sealed: str
    number: str
    url: str


def seats_page(draw: Draw, user: Any) -> list[Seat]:
    """Both seats in order."""
    taken = {one.slot: one for one in draw.numbers.select_related("person")}
    mine = seats_of(draw, user) if draw.state == DrawState.COMMITTED else []
    gave = any(one.person_id == user.pk for one in taken.values())
    shown = draw.state == DrawState.DRAWN
    found = []
    for slot in DrawSlot:
        one = taken.get(slot)
        open_to_me = one is None and slot in mine and not gave
        url = reverse("draw-number", args=[draw.pk, slot.value]) if open_to_me else ""
        found.append(
            Seat(str(slot.label), one and one.person, one and one.entered_at, one.sealed if one else "",
                 one.number if one and shown else "", url)
        )  # fmt: skip
    return found


def shown_result(draw: Draw, entries: Iterable[DrawEntry]) -> dict[str, Any]:
    """Loads with their explanations, and the names drawn for the entries of this page (put on each as `drawn`)."""
    if not draw.selection:
        return {}
    selection = json.loads(draw.selection)
    people = {one.code: one for one in Expert.objects.select_related("user", "employer")}
    for entry in entries:
        entry.drawn = [people[code] for code in selection["drawn"].get(entry.project.number, [])]
    before = {one["code"]: one["load"] for one in json.loads(draw.candidates)["experts"]}
    loads = [
        {"expert": people[code], "before": before[code], "after": after,
         "why": "；".join(f"{WHY[why]}（{count} 次）" for why, count in selection["forced"].get(code, {}).items())}
        for code, after in sorted(selection["loads"].items(), key=lambda item: (-item[1], item[0]))
    ]  # fmt: skip
    return {"loads": loads[:50], "more": max(0, len(loads) - 50), "projects": len(selection["drawn"]),
            "short": len(selection["short"])}  # fmt: skip


def entry_page(draw: Draw, entry: DrawEntry, candidates: dict[str, Any]) -> dict[str, Any]:
    """Exclusions in words by person, and every invitation of the project with its answer."""
    people = Expert.objects.select_related("user", "employer").in_bulk({one["expert"] for one in entry.exclusions})
    excluded = [
        {"expert": people[one["expert"]], "kind": WORDS.get(one["kind"], one["kind"]), "words": one["words"],
         "source": one["source"]}
        for one in entry.exclusions
    ]  # fmt: skip
    listed = next(one for one in candidates["projects"] if one["code"] == entry.project.number)
    asked = draw.assignments.filter(project=entry.project_id).select_related("expert__user", "replaces__expert__user")
    return {"excluded": excluded, "fields": listed["fields"], "asked": list(asked.order_by("pk"))}
