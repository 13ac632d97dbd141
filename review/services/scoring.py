"""An expert's own deeds: save his scores, hand them in (第九条三)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from applications.models import RubricItem
from core import moves
from core.encryption import keyed_hash
from core.models import Ground, GroundKind
from core.notices import send
from review import letters
from review.facts import half_points_of, needs_a_reason
from review.models import Assignment, ItemScore, ScoreChange, ScoreSheet
from review.services import results
from review.services.refusals import ReviewRefused

if TYPE_CHECKING:
    from core.people import Actor


@dataclass(frozen=True, slots=True)
class Score:
    """What was typed for one item: points in steps of a half (None: not judged yet), and a reason."""

    points: Decimal | None
    comment: str = ""


def save_scores(
    assignment: Assignment, scores: Mapping[int, Score], *, comment: str | None = "", actor: Actor, at: datetime
) -> ScoreSheet:
    """Keep what an expert has judged so far, and each change of it as a row; keys are rubric items of the call.

    Items that are not given, and a comment of None, stay as they are.

    Raises NotYours, Overtaken (handed in), ConditionUnmet (window over); ReviewRefused for a score out of range.
    """
    with transaction.atomic():
        sheet = _sheet_in_hand(assignment, actor, at)
        items = {item.pk: item for item in sheet.assignment.project.call.rubric.all()}
        rows = [_judged(sheet, items.get(key), score) for key, score in scores.items()]
        stood = {one.item_id: one for one in sheet.scores.all()}
        changed = [row for row in rows if _said(row) != _said(stood.get(row.item_id))]
        ItemScore.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["sheet", "item"], update_fields=["half_points", "comment"]
        )
        comment = sheet.comment if comment is None else comment.strip()
        ScoreChange.objects.bulk_create(_history(sheet, changed, comment, at))
        stood.update({row.item_id: row for row in changed})
        sheet.total_half_points = sum(score.half_points or 0 for score in stood.values())
        sheet.comment, sheet.saved_at = comment, at
        sheet.save(update_fields=["total_half_points", "comment", "saved_at"])
    return sheet


def _sheet_in_hand(assignment: Assignment, actor: Actor, at: datetime) -> ScoreSheet:
    rows = ScoreSheet._base_manager.select_for_update(of=("self",))
    sheet = rows.select_related("assignment__project__call", "assignment__expert").get(assignment=assignment)
    moves.require(sheet, "submit", actor, at=at)
    return sheet


def _said(row: ItemScore | None) -> tuple[int | None, str]:
    return (None, "") if row is None else (row.half_points, row.comment)


def _history(sheet: ScoreSheet, changed: list[ItemScore], comment: str, at: datetime) -> list[ScoreChange]:
    """One row for each change; the comment on the whole is one without an item."""
    rows = [
        ScoreChange(sheet=sheet, item=one.item, half_points=one.half_points, comment=one.comment, at=at)
        for one in changed
    ]
    return rows + ([ScoreChange(sheet=sheet, item=None, comment=comment, at=at)] if comment != sheet.comment else [])


def _judged(sheet: ScoreSheet, item: RubricItem | None, score: Score) -> ItemScore:
    if item is None:
        raise ReviewRefused("评分项不在本批次的评分表里。")
    field, halves = f"item_{item.pk}", None
    if score.points is not None:
        try:
            halves = half_points_of(score.points)
        except ValueError as wrong:
            raise ReviewRefused(str(wrong), field=field) from None
        if score.points % item.step:
            raise ReviewRefused(f"“{item.name}”以 {item.step.normalize():f} 分为一档。", field=field)
        if not 0 <= halves <= item.points * 2:
            raise ReviewRefused(f"“{item.name}”应为 0 至 {item.points} 分。", field=field)
    return ItemScore(sheet=sheet, item=item, half_points=halves, comment=score.comment.strip())


def submit_scores(assignment: Assignment, *, actor: Actor, at: datetime, seen_version: int | None = None) -> ScoreSheet:
    """Hand in the sheet as saved; it is locked from then on. When it is the last one, the bureau is told.

    Raises NotYours, Overtaken, ConditionUnmet; ReviewRefused where an item or a needed reason is missing.
    """
    with transaction.atomic():
        sheet = _sheet_in_hand(assignment, actor, at)
        _refuse_incomplete(sheet)
        said = {"assignment": sheet.assignment_id, "seal": seal_of(sheet)}
        ground = Ground.issue(
            kind=GroundKind.SCORE_SHEET,
            title="专家评分表",
            by=actor,
            at=at,
            facts=said,
        )
        moved = moves.perform(sheet, "submit", actor=actor, at=at, ground=ground, seen_version=seen_version)
        [result] = results.refresh([sheet.assignment.project_id])
        if result.mean_hundredths is not None:
            send(letters.all_scores_in(sheet.assignment.project), at=at)
    return moved


def _refuse_incomplete(sheet: ScoreSheet) -> None:
    judged = set(sheet.scores.exclude(half_points=None).values_list("item_id", flat=True))
    missing = [item for item in sheet.assignment.project.call.rubric.all() if item.pk not in judged]
    if missing:
        names = "、".join(f"“{item.name}”" for item in missing)
        raise ReviewRefused(f"还有 {len(missing)} 项没有评分：{names}。", field=f"item_{missing[0].pk}")
    call = sheet.assignment.project.call
    if needs_a_reason(sheet.total_half_points, call.reason_below, call.reason_above) and not sheet.comment:
        words = f"总分低于 {call.reason_below} 分或高于 {call.reason_above} 分，请写明总体意见。"
        raise ReviewRefused(words, field="comment")


def seal_of(sheet: ScoreSheet) -> str:
    """A keyed hash over what a sheet says: its ground proves it unchanged and tells nobody the score."""
    points = sorted(sheet.scores.values_list("item_id", "half_points", "comment"))
    return keyed_hash(json.dumps([sheet.assignment_id, sheet.total_half_points, sheet.comment, points]))
