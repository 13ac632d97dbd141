"""Figures: explained amount, statistics, pool bar, bar chart, goal bar."""

from decimal import Decimal

from django import template

from core.templatetags.component import fill, read
from core.templatetags.text_tags import figure, wan

register = template.Library()

PLAIN_ARITHMETIC = {"", "take", "sum", "subtract", "multiply"}
POOL_WORDS = {"paid": "已拨", "now": "本批", "due": "到位未拨", "free": "可用"}


def _text(value, unit):
    return value if isinstance(value, str) else (wan(value) if unit == "万元" else figure(value))


@register.simple_tag
def explain(steps, total=None, total_label="", unit="万元"):
    """How an amount came about. Steps: label, amount (元), clause, note, binds; total closes the list.

    Steps of a determination (policy.rules.steps.Step, or as stored) pass as they are.
    """
    rows = []
    for step in steps or []:
        rows.append(
            {
                "label": read(step, "label", "title", "name"),
                "amount": _step_amount(step, unit),
                "clauses": _clauses(read(step, "clauses", "clause", "citation")),
                "note": _step_note(step),
                "binds": bool(read(step, "binds", "is_binding", default=False)),
            }
        )
    sum_text = None if total is None else _text(total, unit)
    return fill("explain", steps=rows, total=sum_text, total_label=total_label or f"合计（{unit}）")


def _step_amount(step, unit):
    """What the row shows at the right: what a step took away, else the figure it led to."""
    amount = read(step, "amount", "value", "yuan", default=None)
    if amount is not None:
        return _text(amount, unit)
    figure_led_to = read(step, "change", "result", default=None)
    return _text(None if figure_led_to is None else Decimal(str(figure_led_to)), unit)


def _step_note(step):
    """The words under a row; steps of plain arithmetic need none beside their label."""
    note = read(step, "note", "why")
    if note or read(step, "arithmetic") in PLAIN_ARITHMETIC:
        return note
    return "，".join(part for part in (read(step, "taken"), read(step, "done")) if part)


def _clauses(value):
    if not value:
        return []
    return [value] if isinstance(value, str) else list(value)


@register.simple_tag
def stats(items, label="总览"):
    """Up to six figures. Items: label, value, unit, url, icon."""
    rows = [
        {
            "label": read(item, "label"),
            "value": read(item, "value", default="—"),
            "unit": read(item, "unit"),
            "url": read(item, "url"),
            "icon": read(item, "icon"),
        }
        for item in items or []
    ]
    return fill("stats", items=rows, label=label)


@register.simple_tag
def stat(label, value, unit="", url="", icon=""):
    """One figure inside {% stat_panel %}."""
    return fill("stat", item={"label": label, "value": value, "unit": unit, "url": url, "icon": icon})


@register.simple_block_tag
def stat_panel(content, label="总览"):
    """The panel around {% stat %} tiles."""
    return fill("stats", tiles=content, label=label)


@register.simple_tag
def pool_bar(label, paid=None, due=None, now=None, free=None, legend=True, words=None):
    """A pool as a bar: paid, due (到位未拨), now (this batch), free, all in 元. words renames parts."""
    names = POOL_WORDS | (words or {})
    parts = [(key, value) for key, value in (("paid", paid), ("due", due), ("now", now), ("free", free)) if value]
    whole = sum((Decimal(str(value)) for _, value in parts), Decimal(0))
    at, rows = Decimal(0), []
    for key, value in parts:
        width = Decimal(str(value)) * 100 / whole if whole > 0 else Decimal(0)
        rows.append({"kind": key, "x": f"{at:.2f}", "width": f"{width:.2f}", "name": names[key], "text": wan(value)})
        at += width
    said = (
        f"{label}：" + "，".join(f"{row['name']} {row['text']}" for row in rows) + " 万元" if rows else f"{label}：0.00"
    )
    return fill("pool_bar", parts=rows, said=said, legend=legend)


@register.simple_tag
def bar_chart(rows, label, link_table=True):
    """Horizontal bars; the same rows stand in a table beside it. Rows: label, value, text (the value as it is written
    at the bar, by default the value itself), tone paid / due / now."""
    bars = [
        {
            "label": read(row, "label"),
            "value": read(row, "value", default=0),
            "text": read(row, "text") or read(row, "value", default=0),
            "tone": read(row, "tone", default="due"),
            "y": number * 41 + 6,
        }
        for number, row in enumerate(rows or [])
    ]
    most = max((float(bar["value"]) for bar in bars), default=0) or 1
    for bar in bars:
        bar["width"] = max(1, round(float(bar["value"]) / most * 462))
        bar["text_x"], bar["text_y"] = bar["width"] + 121, bar["y"] + 17
    return fill("bar_chart", bars=bars, height=len(bars) * 41 + 7, label=label)


@register.simple_tag
def goal_bar(now, goal, most=None, label=""):
    """A figure against its goal; the upright line is the goal."""
    now, goal = float(now or 0), float(goal or 0)
    most = float(most or 0) or max(now, goal, 0) * 1.1 or 1
    width, at = max(0, min(320, round(now / most * 320))), max(0, min(319, round(goal / most * 320)))
    return fill("goal_bar", width=width, at=at, label=label)
