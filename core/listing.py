"""Lists on pages: the asked-for order, and one page of it."""

from django.core.paginator import Page, Paginator

PER_PAGE = 25


def ordered(request, rows, columns: dict[str, str], default: str):
    """The queryset in the order of ?sort=key or ?sort=-key, by the columns a page offers; ties broken by key.

    `columns`: key of the head → field to order by. An unknown key falls back to `default` ("due" or "-due").
    """
    return ordered_by(rows, request.GET.get("sort", ""), columns, default)


def ordered_by(rows, asked: str, columns: dict[str, str], default: str):
    """The same by the given key."""
    key = asked if asked.lstrip("-") in columns and not asked.startswith("--") else default
    field = columns[key.lstrip("-")]
    turned = field[1:] if field.startswith("-") else f"-{field}"
    return rows.order_by(turned if key.startswith("-") else field, "pk")


def page_of(request, rows, per_page: int = PER_PAGE, total: int | None = None) -> Page:
    """The page ?page= asks for; a number that does not exist gives the nearest one.

    `total`: how many rows there are, where the page has counted them already; they are counted otherwise.
    """
    paginator = Paginator(rows, per_page)
    if total is not None:
        paginator.count = total
    return paginator.get_page(request.GET.get("page"))
