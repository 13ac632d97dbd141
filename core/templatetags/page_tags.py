"""Parts of a page: head, panel, tabs, note, task list, summary, timeline, split view, document face."""

from django import template
from django.utils.html import format_html, format_html_join

from core.templatetags.component import fill, next_id, put_slot, read, take_slot, trimmed
from core.templatetags.text_tags import url_or

register = template.Library()


@register.simple_block_tag(takes_context=True)
def slot(context, content, name):
    """A named part of the component around it: {% slot "tags" %} … {% endslot %}."""
    put_slot(context, name, content)
    return ""


@register.simple_block_tag(takes_context=True)
def page_head(context, content, title, lede="", facts=None):
    """Title, facts and actions. The body holds the actions (buttons); slots: tags (above the title), lede."""
    return fill(
        "page_head",
        title=title,
        lede=take_slot(context, "lede") or lede,
        facts=facts_list(facts) if facts else take_slot(context, "facts"),
        tags=take_slot(context, "tags"),
        actions=trimmed(content),
    )


def facts_list(items):
    """Facts as one line: words, (name, value) pairs, or markup already made."""
    rows = []
    for item in items or []:
        if isinstance(item, tuple | list):
            rows.append(format_html("<li>{} <b>{}</b></li>", item[0], item[1]))
        elif item not in (None, ""):
            rows.append(format_html("<li>{}</li>", item))
    return format_html('<ul class="facts">{}</ul>', format_html_join("", "{}", ((row,) for row in rows)))


@register.simple_tag
def facts(items):
    """One line of facts under the h1: words or (name, value) pairs."""
    return facts_list(items)


@register.simple_block_tag(takes_context=True)
def panel(context, content, title="", aside="", url="", flush=False, id="", level=2, hide_title=False, extra=""):
    """A panel. aside: words at the right of its head, a link with url=; flush: no inner padding (tables,
    lists); slots: aside, footer, subtitle. extra: layout utilities (mb-4, sticky)."""
    return fill(
        "panel",
        title=title,
        aside=take_slot(context, "aside") or aside,
        url=url,
        flush=flush,
        id=id,
        heading_id=next_id(context, "h"),
        level=level,
        hide_title=hide_title,
        extra=extra,
        subtitle=take_slot(context, "subtitle"),
        footer=trimmed(take_slot(context, "footer")),
        content=content,
    )


@register.simple_tag
def breadcrumb(*parts):
    """{% breadcrumb "我的项目" url "SYJG-2025-106-001" %}: label, address, …, and the page itself last."""
    pairs = [(parts[i], parts[i + 1]) for i in range(0, len(parts) - 1, 2)]
    return fill("breadcrumb", links=pairs, here=parts[-1] if len(parts) % 2 else "")


@register.simple_tag(takes_context=True)
def tabs(context, items, label="页签", extra="mb-4"):
    """Tabs are links. Items: label, url, count, current (by default the one whose address is this page)."""
    path = getattr(getattr(context, "request", None), "path", "")
    rows = []
    for item in items or []:
        url = read(item, "url")
        current = read(item, "current", default=None)
        rows.append(
            {
                "label": read(item, "label"),
                "url": url,
                "count": read(item, "count", default=None),
                "current": (url == path) if current is None else current,
            }
        )
    return fill("tabs", items=rows, label=label, extra=extra)


@register.simple_block_tag
def tab_bar(content, label="页签", extra="mb-4"):
    """Tabs written out: {% tab %} inside."""
    return fill("tabs", links=content, label=label, extra=extra)


@register.simple_tag
def tab(label, url, current=False, count=None):
    """One tab inside {% tab_bar %}."""
    return fill("tab", item={"label": label, "url": url, "current": current, "count": count})


@register.simple_block_tag
def note(content, tone="", icon=None):
    """One fact the reader needs before going on. tone: "", warn or stop. One a screen."""
    sign = icon or {"warn": "warn", "stop": "warn"}.get(tone, "info")
    return fill("note", tone=tone, icon=sign, content=content)


@register.simple_block_tag
def next_action(content, title, text="", tone="", level=2):
    """What this person does now: body holds the clock and the one button. tone: "" or warn."""
    return fill("next_action", title=title, text=text, tone=tone, level=level, content=content)


@register.simple_tag
def summary(rows, extra=""):
    """Name-value pairs, read only. Rows: (name, value) pairs or dicts with name, value, note."""
    pairs = []
    for row in rows or []:
        if isinstance(row, tuple | list):
            pairs.append({"name": row[0], "value": row[1], "note": row[2] if len(row) > 2 else ""})
        else:
            pairs.append({"name": read(row, "name", "label"), "value": read(row, "value"), "note": read(row, "note")})
    return fill("summary", rows=pairs, extra=extra)


@register.simple_tag
def task_list(items):
    """Things to do. Items: title, url, note, locked, tag (label, tone), clock (left, term) or an object."""
    rows = []
    for item in items or []:
        tag, clock = read(item, "tag", default=None), read(item, "clock", default=None)
        if isinstance(clock, tuple | list):
            clock = {"left": clock[0], "term": clock[1] if len(clock) > 1 else 10}
        rows.append(
            {
                "title": read(item, "title", "label"),
                "url": read(item, "url"),
                "note": read(item, "note", "text"),
                "locked": bool(read(item, "locked", default=False)),
                "tag": (tag, "") if isinstance(tag, str) else tag,
                "clock": clock,
            }
        )
    return fill("task_list", items=rows)


@register.simple_block_tag
def task_rows(content):
    """A task list written out: {% task %} inside."""
    return fill("task_list", rows=content)


@register.simple_block_tag
def task(content, title, url="", note="", locked=False):
    """One row of {% task_rows %}; the body is what stands at the right (tag or clock)."""
    return fill("task", item={"title": title, "url": url, "note": note, "locked": locked}, right=content)


@register.simple_tag
def defects(items):
    """A one-time notice. Items: what (bold), todo (plain), answer; or (what, todo) pairs."""
    rows = []
    for item in items or []:
        if isinstance(item, tuple | list):
            item = {"what": item[0], "todo": item[1] if len(item) > 1 else ""}
        rows.append(
            {
                "what": read(item, "what", "problem", "title"),
                "todo": read(item, "todo", "remedy", "request"),
                "answer": read(item, "answer", "reply"),
            }
        )
    return fill("defects", items=rows)


@register.simple_tag
def timeline(events, wide=False):
    """What happened, newest first. Events: at, title, who, note, ground, ground_url; core's audit events
    pass as they are."""
    rows = []
    for event in events or []:
        rows.append(
            {
                "at": read(event, "at", "happened_at", "occurred_at", "created_at", default=None),
                "title": read(event, "title", "label", "text"),
                "who": read(event, "who", "actor_name", "by_name", "actor"),
                "note": read(event, "note", "summary"),
                "ground": read(event, "ground"),
                "ground_url": read(event, "ground_url", "ground_link"),
            }
        )
    return fill("timeline", events=rows, wide=wide)


@register.simple_block_tag
def confirmation(content, title, figure="", tag="", tone="ok"):
    """After an irreversible act: number, what happens next, who has it, by when; body: text and links."""
    return fill("confirmation", title=title, figure=figure, tag=tag, tone=tone, content=content)


@register.simple_tag
def empty_state(title, text="", url="", label="", level=2):
    """What would be here, why it is empty, the one thing to do."""
    return fill("empty_state", title=title, text=text, url=url, label=label, level=level)


@register.simple_tag
def link_rows(items, extra=""):
    """Links with a note at the right. Items: label, url, note, icon; or (label, url, note, icon)."""
    rows = []
    for item in items or []:
        if isinstance(item, tuple | list):
            item = dict(zip(("label", "url", "note", "icon"), item, strict=False))
        rows.append({name: read(item, name) for name in ("label", "url", "note", "icon")})
    return fill("link_rows", items=rows, extra=extra)


@register.simple_block_tag(takes_context=True)
def split(context, content):
    """Judging: slot "evidence" stands left and sticks, the body is the judgement at the right."""
    return fill("split", evidence=take_slot(context, "evidence"), content=content)


@register.simple_block_tag
def viewer(content, label="材料预览"):
    """The grey desk a document lies on; the body is the sheet."""
    return fill("viewer", label=label, content=content)


@register.simple_block_tag(takes_context=True)
def check(context, content, title, note="", here=False):
    """One check of the judgement side: slot "head" is the choice, the body what the system found."""
    return fill("check", title=title, note=note, here=here, head=take_slot(context, "head"), content=content)


@register.simple_block_tag
def red_head(content, issuer, number="", title=""):
    """The face of an official document; body: paragraphs, tables, <p class="sign">."""
    return fill("red_head", issuer=issuer, number=number, title=title, content=content)


@register.simple_block_tag(takes_context=True)
def columns(context, content, sticky=True):
    """Content and a side of 348 px: {% slot "side" %} inside holds the side's panels."""
    return fill("columns", side=take_slot(context, "side"), content=content, sticky=sticky)


@register.simple_tag
def save_state(text=""):
    """The quiet line that says what was saved and when."""
    return fill("save_state", text=text)


@register.simple_tag
def place_link(name, label):
    """A link to a named page, or plain words while that room has no such page."""
    address = url_or(name)
    return format_html('<a href="{}">{}</a>', address, label) if address else label


@register.simple_tag
def place_button(name, label, icon=""):
    """A secondary button to a named page; nothing while that room has no such page."""
    address = url_or(name)
    return fill("place_button", address=address, label=label, icon=icon) if address else ""
