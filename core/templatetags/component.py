"""How a component is filled: its template, its slots, and values read from rows of any shape."""

from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe


def fill(name: str, /, **values) -> SafeString:
    """The component's template with these values; knows nothing of the page around it."""
    return mark_safe(get_template(f"components/{name}.html").render(values).strip())  # noqa: S308 - rendered and escaped


def trimmed(content: str) -> SafeString:
    """A block's markup without the blank around it, "" when it held nothing else; still markup."""
    return mark_safe(str(content).strip())  # noqa: S308 - rendered by the template engine


def read(item, *names, default=""):
    """The first of these keys or attributes the item has and that is not None."""
    for name in names:
        value = item.get(name) if isinstance(item, dict) else getattr(item, name, None)
        if value is not None:
            return value
    return default


def put_slot(context, name: str, content: str) -> None:
    """Keep what {% slot %} held until the component around it takes it."""
    vars(context).setdefault("component_slots", {})[name] = content


def take_slot(context, name: str) -> str:
    """Take a slot's content once; "" when the page left it out."""
    return vars(context).get("component_slots", {}).pop(name, "")


def next_id(context, stem: str) -> str:
    """An id that is unique on this page."""
    holder = getattr(context, "request", None) or context
    count = vars(holder).setdefault("component_ids", 0) + 1
    vars(holder)["component_ids"] = count
    return f"{stem}-{count}"
