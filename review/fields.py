"""Fields of knowledge (专业领域) and the industries they judge: how an expert and a project are found to fit."""

from __future__ import annotations

EVERY = ("",)  # judges every industry

# Field → beginnings of the GB/T 4754 code it judges.
FIELDS: dict[str, tuple[str, ...]] = {
    "通用设备": ("34",),
    "高端装备": ("34", "35", "37", "38"),
    "工业母机": ("342",),
    "机器人": ("349",),
    "专用设备": ("35",),
    "半导体装备": ("356",),
    "轨道与船舶": ("371", "373"),
    "航空装备": ("374",),
    "电力装备": ("38",),
    "智能制造": EVERY,
    "工业软件": EVERY,
    "绿色制造": EVERY,
    "财务与投资": EVERY,
}


def fields_for(industry: str) -> list[str]:
    """The fields whose experts judge a project of this industry; those that judge every industry included."""
    return [field for field, beginnings in FIELDS.items() if industry.startswith(beginnings)]
