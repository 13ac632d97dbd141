"""Records in a row: a project with its steps, totals by category, figures side by side, rubric lines, a state."""

from django import template

from core.templatetags.component import fill, read
from core.templatetags.mark_tags import tag

register = template.Library()


@register.simple_tag
def state(record, icon=None):
    """Where a record stands, as a status tag. Its tone is the record's own `state_tone` (now, ok, warn, stop, off)."""
    if not record:
        return ""
    return tag(record.get_state_display(), read(record, "state_tone", default="now"), icon)


@register.simple_tag
def project_row(item):
    """A project in a home's list. Keys: kind, leader, number, title, url, step, step_label, note, who,
    pairs [(label, amount in 元)], action (label, url), primary."""
    return fill(
        "project_row",
        item={
            name: read(item, name, default=None)
            for name in ("kind", "leader", "number", "title", "url", "step", "step_label", "note", "who", "primary")
        },
        pairs=list(read(item, "pairs", default=[])),
        action=read(item, "action", default=None),
    )


@register.simple_block_tag
def project_rows(content):
    """The list around {% project_row %}."""
    return fill("project_rows", content=content)


@register.simple_tag
def cat_totals(items):
    """Totals by category under a grid, up to seven. Items: (name, text) or (name, text, True) for those that do not count."""
    rows = [{"name": item[0], "text": item[1], "muted": len(item) > 2 and item[2]} for item in items or []]
    return fill("cat_totals", items=rows)


@register.simple_tag
def compare(items):
    """Three columns side by side. Items: title, amount (元), lines, here, mark ("所选")."""
    rows = [
        {
            "title": read(item, "title"),
            "amount": read(item, "amount", default=None),
            "lines": list(read(item, "lines", default=[])),
            "here": bool(read(item, "here", default=False)),
            "mark": read(item, "mark"),
        }
        for item in items or []
    ]
    return fill("compare", items=rows)


@register.simple_block_tag
def rubric(content, title, points=""):
    """One dimension of a score sheet; body: {% rubric_item %} lines."""
    return fill("rubric", title=title, points=points, content=content)


@register.simple_tag
def rubric_item(bound, most, note=""):
    """One line of a dimension: label, what it looks at, the points out of `most`."""
    return fill("rubric_item", field=bound, most=most, note=note)


@register.simple_block_tag
def score_foot(content, label, value, most="100", words=""):
    """The foot that stays in view: what the points add up to, and the buttons."""
    return fill("score_foot", label=label, value=value, most=most, words=words, content=content)
