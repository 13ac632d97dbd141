"""Lists: table with its scroll region, sortable heads, filters, paging, bulk bar."""

from django import template

from core.templatetags.component import fill, next_id, take_slot

register = template.Library()


@register.simple_block_tag
def table(content, caption, cards=True, extra="", show_caption=False):
    """A data table in a region that scrolls by itself. Body: thead, tbody, tfoot. cards: rows become cards
    at 720 px (needs data-l on cells). extra: mid, tight, grid-edit, lines-table."""
    return fill("table", caption=caption, cards=cards, extra=extra, show_caption=show_caption, content=content)


@register.simple_tag(takes_context=True)
def sort_head(context, label, key, num=False, unit="", default=""):
    """A head that sorts by ?sort=key (again: -key). default: the list's order when nothing is asked."""
    asked = context.request.GET.get("sort", "") or default
    current = asked.lstrip("-") == key
    descending = current and asked.startswith("-")
    query = context.request.GET.copy()
    query["sort"] = f"-{key}" if current and not descending else key
    query.pop("page", None)
    direction = ("descending" if descending else "ascending") if current else ""
    return fill("sort_head", label=label, num=num, unit=unit, direction=direction, query=query.urlencode())


@register.simple_tag(takes_context=True)
def filter_bar(context, form, label="筛选", clear=True):
    """A GET form over a list, from a Django form: hidden labels, 筛选, 清除. Keeps the sorting."""
    request = context.request
    return fill(
        "filter_bar",
        form=form,
        label=label,
        clear=request.path if clear else "",
        sort=request.GET.get("sort", ""),
        extra=take_slot(context, "filters"),
    )


@register.simple_tag(takes_context=True)
def page_links(context, page_obj=None, note="", at=""):
    """Where one is in a list and the way through it. note: sums at the right; at: the id of the list on a long page."""
    if page_obj is None:
        return ""
    query = context.request.GET.copy()
    query.pop("page", None)
    paginator = page_obj.paginator
    pages = list(paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1))
    return fill(
        "page_links", page=page_obj, pages=pages, query=query.urlencode(), note=note, gap=paginator.ELLIPSIS, at=at
    )


@register.simple_block_tag
def bulk_bar(content, count=0, text=""):
    """Sticks to the bottom while something is ticked; body: the actions, each leading to a preview."""
    return fill("bulk_bar", count=count, text=text, content=content)


@register.simple_tag(takes_context=True)
def tick_all(context, label="选择本页全部"):
    """The head's box that ticks the page (works with the script; without it, the rows' boxes remain)."""
    return fill("tick_all", label=label, id=next_id(context, "all"))


@register.simple_tag
def tick(name, value, label, checked=False):
    """A row's box: label says which row."""
    return fill("tick", name=name, value=value, label=label, checked=checked)
