"""Grids of like lines: investment lines and indicators. Blank rows are skipped, typed ones are kept whatever happens."""

from __future__ import annotations

from typing import Any

from django import forms

BLANK_ROWS = 5


class GridFormSet(forms.BaseFormSet):
    """Every posted row is judged alike: a row as empty as a new one is skipped, whether it was there before or not."""

    rows_alike = True  # every row has the same fields: a page opened anew draws one and fills in the others

    default_error_messages = {
        "missing_management_form": "页面不完整，请返回重新打开后再填写。",
        "too_many_forms": "最多 %(num)d 行，请合并同类内容。",
    }

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        if data is not None:
            kwargs["initial"] = None  # a row left as it was must not pass for a blank one
        super().__init__(data, *args, **kwargs)

    def initial_form_count(self) -> int:
        return 0 if self.is_bound else super().initial_form_count()

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What was typed, row by row, without blank and deleted rows."""
        return [
            {name: value for name, value in form.cleaned_data.items() if name != "DELETE"}
            for form in self.forms
            if form.has_changed() and form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]


def with_more_rows(data: Any, prefix: str, form: type[forms.Form]) -> Any:
    """The posted rows and five more, as blank as a new page has them."""
    count = str(data.get(f"{prefix}-TOTAL_FORMS", ""))
    if not count.isdigit():
        return data
    data, first = data.copy(), int(count)
    for number in range(first, first + BLANK_ROWS):
        for name, field in form.base_fields.items():
            data[f"{prefix}-{number}-{name}"] = "" if field.initial is None else str(field.initial)
    data[f"{prefix}-TOTAL_FORMS"] = str(first + BLANK_ROWS)
    return data
