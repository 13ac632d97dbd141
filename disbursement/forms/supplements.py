"""What is typed for a later allocation: per award and pool, in 元 (`part-<award>-<pool>`)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from core.forms import PortalForm, YuanFormField, YuanInput
from disbursement.models import Pool


class SupplementForm(PortalForm):
    """The name of the paper and a grid: awards that wait for money, a column per pool."""

    title = forms.CharField(label="名称", max_length=120)

    def __init__(self, *args: Any, awards: Sequence[Any], pools: Sequence[Pool], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.awards, self.pools = list(awards), list(pools)
        for award in self.awards:
            for pool in self.pools:
                field = YuanFormField(
                    label=f"{award.project.title} {pool}", required=False, widget=YuanInput(unit=None)
                )
                field.widget.attrs.update({"class": "num", "inputmode": "decimal", "autocomplete": "off"})
                self.fields[f"part-{award.pk}-{pool.pk}"] = field

    def rows(self) -> list[dict[str, Any]]:
        """Each award with its fields, for the page's table."""
        return [
            {"award": award, "fields": [self[f"part-{award.pk}-{pool.pk}"] for pool in self.pools]}
            for award in self.awards
        ]

    @property
    def parts(self) -> dict[int, dict[int, Decimal]]:
        """What was typed, in 元 by award id and pool id."""
        return {
            award.pk: {
                pool.pk: part for pool in self.pools if (part := self.cleaned_data[f"part-{award.pk}-{pool.pk}"])
            }
            for award in self.awards
        }
