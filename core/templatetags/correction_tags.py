"""Values of issued papers as corrections in force say them: the value, and a mark that leads to the record."""

from __future__ import annotations

from typing import Any

from django import template

from core.services.corrections import in_force_of
from core.templatetags.component import fill
from core.templatetags.text_tags import url_or

register = template.Library()
KEPT = "corrections_in_force"


@register.simple_tag(takes_context=True)
def as_corrected(context: Any, ground_id: int | None, field: str, value: Any) -> Any:
    """{% as_corrected ground.pk "number" ground.number %}: what a paper says of a field, with 更正 beside what was corrected.

    All corrections in force are fetched by the first tag of a page, in one query: they are few, and lists show many papers.
    """
    found = [one for one in _all(context).get(ground_id, []) if one.field == field]
    if not found:
        return value
    return fill("corrected", value=found[-1].after, before=found[-1].before, url=url_or("correction", "", found[-1].pk))


def _all(context: Any) -> dict[int, list[Any]]:
    holder = getattr(context, "request", None) or context
    if KEPT not in vars(holder):
        vars(holder)[KEPT] = in_force_of()
    return vars(holder)[KEPT]
