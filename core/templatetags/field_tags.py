"""Forms on pages: fields, error summary, editable grid, choices."""

from django import template
from django.forms import BaseFormSet

from core.forms import named
from core.grid_rows import NUMBER, can_be_filled, filled, model_row, with_slots
from core.templatetags.component import fill, read

register = template.Library()


@register.simple_tag
def form_fields(form, *names):
    """All fields of a form (hidden ones too), or the named ones, each with label, hint and error."""
    if names:
        return fill("form_fields", hidden=[], fields=[form[name] for name in names if name in form.fields])
    return fill("form_fields", hidden=form.hidden_fields(), fields=form.visible_fields())


@register.simple_tag
def field(bound, label=""):
    """One field, with another label if given."""
    if not bound:
        return ""
    if label:
        bound.label = label
    return bound.as_field_group()


def _form_errors(form, prefix=""):
    for message in form.non_field_errors():
        yield {"href": "", "text": f"{prefix}{message}"}
    for bound in form:
        for message in bound.errors:
            yield {"href": "" if bound.is_hidden else _target(bound), "text": f"{prefix}{named(bound, message)}"}


def _target(bound):
    """The id an error leads to: the first choice of a group, or the field itself."""
    return bound.subwidgets[0].id_for_label if bound.use_fieldset and bound.subwidgets else bound.auto_id


def errors_of(forms):
    """The errors of forms, formsets and lists of named forms in the order of the page, as href and text."""
    rows = []
    for form in forms:
        if isinstance(form, list):  # small forms that bear a name of their own
            for one in form:
                rows += _form_errors(one, prefix=f"“{one.label}”：")
            continue
        if not form or not form.is_bound:
            continue
        if isinstance(form, BaseFormSet):
            rows += [{"href": "", "text": str(message)} for message in form.non_form_errors()]
            for number, line in enumerate(form.forms, start=getattr(form, "first_number", 1)):
                rows += _form_errors(line, prefix=f"第 {number} 行 ")
        else:
            rows += _form_errors(form)
    return rows


@register.simple_tag
def error_summary(*forms, messages=None):
    """First thing after the h1 when a form comes back; takes focus. messages: more errors, as text."""
    rows = errors_of(forms) + [{"href": "", "text": str(text)} for text in messages or []]
    return fill("error_summary", errors=rows, count=len(rows)) if rows else ""


def _column(form, column):
    name, label, computed, num = column, "", False, False
    if isinstance(column, tuple | list):
        name, label = column[0], column[1]
    if name in form.fields:
        label = label or form[name].label
        num = "num" in form.fields[name].widget.attrs.get("class", "").split()
    else:
        computed = True
    return {"name": name, "label": label, "computed": computed, "num": computed or num}


def _cells(form, columns, number):
    for column in columns:
        if column["computed"]:
            yield {"text": read(form, column["name"], default="—"), "label": column["label"]}
            continue
        bound = form[column["name"]]
        attrs = {"aria-label": f"第 {number} 行 {column['label']}"}
        if bound.errors:
            attrs["aria-describedby"] = f"{form.prefix}-errors"
        drawn = bound.as_widget(attrs=attrs)
        if number == NUMBER:
            drawn = with_slots(bound.name, bound.field.widget, drawn)
        yield {"input": drawn, "label": column["label"]}


@register.simple_tag
def edit_grid(formset, caption, columns=None, total=None, total_label="合计", table="", under=""):
    """A formset as an editable table. columns: field names, or (name, label); a name that is no field is read
    from the form as computed text. total: text under the column of computed figures, or under the named one.
    A formset that is one page of several says the number of its first row (first_number)."""
    alike = can_be_filled(formset)
    first = model_row(formset) if alike else formset.forms[0] if formset.forms else formset.empty_form
    columns = columns or getattr(first, "grid_columns", None) or [bound.name for bound in first.visible_fields()]
    heads = [_column(first, column) for column in columns if column != "DELETE"]
    width = len(heads) + (1 if formset.can_delete else 0)
    number = getattr(formset, "first_number", 1)
    if alike:
        blank = formset.total_form_count() - len(formset.initial or [])
        values = [*(formset.initial or []), *({} for _ in range(blank))]
        rows = filled(_grid_row(first, heads, NUMBER, width), formset, values, number)
    else:
        rows = (_grid_row(form, heads, place, width) for place, form in enumerate(formset.forms, start=number))
    before = next(
        (n for n, head in enumerate(heads, start=1) if (head["name"] == under if under else head["computed"])),
        len(heads),
    )
    return fill(
        "edit_grid", management=formset.management_form, can_delete=formset.can_delete, caption=caption, heads=heads,
        rows=rows, total=total, total_label=total_label, table=table, before=before, after=width - before,
    )  # fmt: skip


def _grid_row(form, heads, number, width):
    """One row of a grid, and what is wrong with it under it."""
    delete = form["DELETE"] if "DELETE" in form.fields else None
    row = {
        "number": number,
        "form": form,
        "cells": list(_cells(form, heads, number)),
        "hidden": form.hidden_fields(),
        "errors": [item["text"] for item in _form_errors(form)] if form.is_bound else [],
        "delete": delete,
        "ticked": bool(form.is_bound and delete and delete.value()),
    }
    return fill("edit_grid_row", row=row, width=width)


@register.simple_tag
def choice(bound):
    """A radio field as 核实 / 存疑 / 不适用 in one strip; the value "doubt" is amber."""
    return fill("choice", field=bound)


@register.simple_tag
def both(one, who):
    """What two people wrote in one place, side by side, with the choice between them. one: mine (a bound field, or words),
    theirs (words), pick ("mine" or "theirs"); a row of a grid has number and name too. who: the other person."""
    field = one.mine if hasattr(one.mine, "as_widget") else None
    label = field.label if field is not None else one.name
    return fill(
        "both", label=label, name=field.name if field is not None else one.number, who=who, pick=one.pick,
        mine=one.mine, theirs=one.theirs, error=" ".join(field.errors) if field is not None else "",
        mine_input=field.as_widget(attrs={"aria-label": f"我填写的{label}"}) if field is not None else "",
    )  # fmt: skip


@register.simple_block_tag
def fieldset(content, legend, hint=""):
    """Fields that belong together under one legend."""
    return fill("fieldset", legend=legend, hint=hint, content=content)
