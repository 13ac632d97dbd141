"""Small marks: icon, status tag, kind tag, clock, amount of money, step bars, flow, day clock."""

from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html

from core.templatetags.component import fill, read
from core.templatetags.text_tags import WEEKDAYS, local, wan, yuan

register = template.Library()

TONES = {"ok": "check", "warn": "warn", "stop": "x", "now": "half", "off": "dash", "": "ring"}
KINDS = {"point": "点", "line": "线", "area": "面", "local": "地方方向"}
TICK, GAP = 3.4, 1.6


@register.simple_tag
def icon(name, label=""):
    """An icon of static/icons.svg; with a label it speaks, without it is silent."""
    address = static("icons.svg")
    if label:
        return format_html(
            '<svg class="ic" role="img" aria-label="{}"><use href="{}#i-{}"/></svg>', label, address, name
        )
    return format_html('<svg class="ic" aria-hidden="true"><use href="{}#i-{}"/></svg>', address, name)


@register.simple_tag
def tag(label, tone="", icon=None):
    """A status tag. tone: ok, warn, stop, now, off or "" (quiet). icon: a name, or False for none."""
    if label in (None, ""):
        return ""
    tone = tone if tone in TONES else ""
    return _tag(str(label), tone, TONES[tone] if icon is None else icon)


@lru_cache(maxsize=1024, typed=True)  # a list has the same few words in every row; typed: markup is not text
def _tag(label, tone, icon):
    return fill("tag", label=label, tone=tone, icon=icon)


@register.simple_tag
def kind(value, leader=False, name=""):
    """A kind tag: point / line / area (or 点 / 线 / 面); leader adds · 链主; name is the chain or park."""
    word = KINDS.get(str(value or "").lower(), value)
    if not word:
        return ""
    text = " · ".join(part for part in (str(word), "链主" if leader else "", name) if part)
    return format_html('<span class="tag tag-kind">{}</span>', text)


def clock_state(left, held="") -> tuple[str, str, str]:
    """(tone, icon, words) for what is left of a term in working days."""
    if held:
        return "held", "pause", str(held)
    if left < 0:
        return "over", "warn", f"超期 {-left} 个工作日"
    if left == 0:
        return "soon", "clock", "今日到期"
    return ("soon", "clock", f"剩 {left} 个工作日") if left <= 2 else ("", "", f"剩 {left} 个工作日")


@register.simple_tag
def clock(left=None, term=10, held="", words=""):
    """A deadline. left: working days left (negative: over), or an object with .left .term .held;
    term: the whole term in working days; held: why it is paused; words: replaces the words."""
    if left is not None and not isinstance(left, int | float | str):
        term, held = read(left, "term", "total", default=10), read(left, "held", "held_because", default="")
        left = read(left, "left")
    if left in (None, "") and not held:
        return ""
    left, term = int(left or 0), max(1, int(term or 1))
    tone, sign, said = clock_state(left, held)
    count = min(term, 20)
    used = min(count, max(0, round((term - left) * count / term)))
    return _clock(tone, sign, str(words or said), count, used)


@lru_cache(maxsize=1024, typed=True)
def _clock(tone, sign, words, count, used):
    ticks = [{"x": i * (TICK + GAP), "on": i < used} for i in range(count)]
    width = count * (TICK + GAP) - GAP
    return fill("clock", tone=tone, icon=sign, words=words, ticks=ticks, width=f"{width:.1f}", px=int(width))


@register.simple_tag
def money(value, size="", unit="万元"):
    """An amount to read, 元 in, 万元 out. size="lg" once a panel; unit="元" shows it to the 分."""
    return fill("money", text=yuan(value) if unit == "元" else wan(value), unit=unit, size=size)


@register.simple_tag
def money_full(value):
    """The line under an amount that binds: 元 to the 分 and 大写."""
    return fill("money_full", value=value)


def _steps(steps, current):
    rows = []
    for number, step in enumerate(steps or [], start=1):
        label, when, state = step, "", ""
        if isinstance(step, tuple | list):
            label, when = step[0], step[1] if len(step) > 1 else ""
        elif not isinstance(step, str):
            label, when, state = read(step, "label"), read(step, "when"), read(step, "state")
        if not state and current:
            state = "done" if number < int(current) else "now" if number == int(current) else "todo"
        rows.append({"number": number, "label": label, "when": when, "state": state or "todo"})
    return rows


@register.simple_tag
def step_bar(steps, current=0):
    """The eight steps. steps: (label, when) pairs, dicts (label, when, state done/now/todo) or words;
    current: 1-based step in hand; len + 1 when all are done."""
    rows = _steps(steps, current)
    return fill("step_bar", steps=rows, total=len(rows))


@register.simple_tag
def step_mini(current, label="", total=8, done=None):
    """The steps as a thin bar for lists. current: step in hand (total + 1: all done); done: how many are
    done when that differs; the label says the step in words."""
    current, total = int(current or 0), max(1, int(total or 1))
    done = current - 1 if done is None else int(done)
    parts = [
        {"x": f"{i * 12.6:.1f}", "state": "done" if i < done else "now" if i < current else ""} for i in range(total)
    ]
    said = label if done != current - 1 or current > total else f"第 {current} 步，共 {total} 步：{label}"
    return fill("step_mini", parts=parts, width=f"{total * 12.6 - 1:.1f}", label=said)


@register.simple_tag
def flow(stages, label="办理环节"):
    """A maker-checker chain. Stages: label, who, when, note, state done / now / todo. At most seven."""
    rows = [
        {
            "label": read(stage, "label", "title"),
            "lines": [line for line in (read(stage, "who"), read(stage, "when", "at"), read(stage, "note")) if line],
            "state": read(stage, "state", default="todo"),
        }
        for stage in stages or []
    ]
    return fill("flow", stages=rows, label=label)


@register.simple_tag
def day_clock(days):
    """A notice's calendar. Days: date, note ("第 2 日"), kind: past / today / rest / "" (still to come)."""
    rows = []
    for day in days or []:
        on = local(read(day, "date", "on", "day"))
        rows.append(
            {
                "weekday": f"周{WEEKDAYS[on.weekday()]}" if on else "",
                "date": on,
                "note": read(day, "note", "label"),
                "kind": read(day, "kind", "state"),
            }
        )
    return fill("day_clock", days=rows)
