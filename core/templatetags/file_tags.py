"""Files on a page: where one is dropped and sent, the pages of one, what the scanner said."""

from django import template

from core.templatetags.component import fill
from core.templatetags.mark_tags import tag

register = template.Library()


@register.simple_block_tag
def drop_zone(content, url, limit, label):
    """Around a form with one file field: a place to drop a file on, and the progress of a large one sent in parts to
    `url`. Without JavaScript it is the form alone. limit: the most bytes of one file; label: what is uploaded."""
    return fill("drop_zone", url=url, limit=limit, label=label, content=content)


@register.simple_tag
def page_images(preview, address, name):
    """The drawn pages of a file, each loaded when it comes into view. address: of page 1, ending in /1/."""
    stem = str(address).rstrip("/").rpartition("/")[0]
    pages = [
        {"number": number, "url": f"{stem}/{number}/", "width": width, "height": height}
        for number, (width, height) in enumerate(preview.pages, start=1)
    ]
    return fill("page_images", pages=pages, preview=preview, name=name)


@register.simple_tag
def scan_tag(stored):
    """What a reader must know of the virus scanner's word; nothing where all is well."""
    if stored.is_infected:
        return tag("发现病毒，请替换或移除", "stop")
    return tag("正在查毒", "now") if stored.is_waiting else ""
