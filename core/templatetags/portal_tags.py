"""The built-in library of every template: gathers the portal's tags and filters."""

from django import template

from core.templatetags import (
    correction_tags,
    field_tags,
    figure_tags,
    file_tags,
    list_tags,
    mark_tags,
    page_tags,
    record_tags,
    text_tags,
)

register = template.Library()
for _library in (
    correction_tags,
    text_tags,
    mark_tags,
    figure_tags,
    page_tags,
    list_tags,
    field_tags,
    file_tags,
    record_tags,
):
    register.tags.update(_library.register.tags)
    register.filters.update(_library.register.filters)
