"""Replay a draw of experts from its published record: a file alone, or a draw of this portal by number or key."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from review.drawing.record import faults_of


class Command(BaseCommand):
    help = "重新推算一次专家抽取：给出记录文件（不查数据库），或本系统里抽取的编号。"

    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("draw", help="记录文件（JSON），或抽取编号，例如 CQ-2026-001")

    def handle(self, *args: Any, draw: str, **options: Any) -> None:
        record = _from_file(Path(draw)) if Path(draw).is_file() else _from_database(draw)
        faults = faults_of(record)
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{record.get('draw', '')}：有 {len(faults)} 处不符。")
        drawn = record["selection"]["drawn"]
        self.stdout.write(
            f"{record['draw']}：{len(drawn)} 个项目、{sum(map(len, drawn.values()))} 人次、"
            f"{len(record['replacements'])} 次递补，全部由名单和两个号码推得。"
        )


def _from_file(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as broken:
        raise CommandError(f"{path} 不是 JSON 记录：{broken}") from None


def _from_database(name: str) -> Any:
    if name.endswith(".json"):
        raise CommandError(f"没有文件 {name}。")
    from review.models import Draw
    from review.services.drawing_lots import record_of
    from review.states import DrawState

    found = Draw.objects.filter(number=name).first() or (
        Draw.objects.filter(pk=name).first() if name.isdigit() else None
    )
    if found is None:
        raise CommandError(f"没有文件，也没有编号为 {name} 的抽取。")
    if found.state != DrawState.DRAWN:
        raise CommandError(f"{found.number} 还没有抽取。")
    return record_of(found)
