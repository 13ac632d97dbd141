"""On which days each project of the demonstration reaches its milestones, counted back from the loading."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wave:
    """Projects that go the way together, one report, notice, proposal and approval for all. Days before the loading;
    a milestone of None is not reached."""

    key: str
    statuses: tuple[str, ...]
    submitted: int
    recommended: int | None = None
    assigned: int | None = None
    scored: int | None = None
    concluded: int | None = None
    noticed: int | None = None
    closed: int | None = None
    proposed: int | None = None
    approved: int | None = None
    signed: int | None = None
    paid: int | None = None


WAVES = (
    Wave(
        "1", ("验收通过", "验收中", "验收不通过待整改", "终止"), 250, 243, 240, 234, 230, 228, 218, 214, 208, 203, 190
    ),
    Wave("2", ("拨付中", "变更审核中"), 160, 153, 150, 144, 140, 138, 128, 124, 118, 113, 60),
    Wave("3", ("任务书已签",), 130, 123, 120, 114, 110, 108, 98, 40, 8, 6),
    Wave("4", ("市政府审定",), 85, 78, 75, 69, 65, 63, 53, 10),
    Wave("5", ("公示中", "公示有异议"), 55, 48, 45, 39, 8, 3),
    Wave("6", ("评审中",), 30, 23, 20, 9),
)
ALONE = (
    Wave("初审不通过", ("初审不通过",), 18),
    Wave("已撤回", ("已撤回",), 14),
    Wave("退回补正", ("退回补正",), 12),
    Wave("疑似重复", ("疑似重复",), 7),
    Wave("初审中", ("初审中",), 5),
    Wave("草稿", ("草稿",), 2),
)


def wave_of(status: str) -> Wave:
    """The wave a status of the data file belongs to. Raises StopIteration for a status nobody knows."""
    return next(wave for wave in (*WAVES, *ALONE) if status in wave.statuses)
