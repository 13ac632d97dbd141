"""What is typed for a 任务书 beside its signature: a supplementary agreement, the scan of the sealed paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms

from core.forms import PortalForm, UploadField
from disbursement.models import Condition
from disbursement.plans import WHOLE, Part

HUNDRED = Decimal(100)


class ScanForm(PortalForm):
    """The scan of the paper both sides sealed."""

    file = UploadField(label="签章扫描件", help_text="双方盖章后的整份扫描件，PDF、OFD 或图片。")


class PlanRows:
    """Rows of a plan in a form: `share-<n>` in percent, `condition-<n>`, `progress-<n>`; a row without a share is left out."""

    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]
    rows_count: int = 0

    def add_rows(self, parts: Sequence[Part], spare: int) -> None:
        """Fields for each part, and for some rows more."""
        self.rows_count = len(parts) + spare
        for number in range(self.rows_count):
            part = parts[number] if number < len(parts) else None
            self.fields |= _row_fields(number, part)

    def rows(self) -> Iterator[dict[str, Any]]:
        for number in range(self.rows_count):
            yield {
                "number": number + 1,
                **{name: self[f"{name}-{number}"] for name in ("share", "condition", "progress")},
            }  # type: ignore[index]

    def parts(self) -> list[Part]:
        """What was typed, rows without a share left out."""
        typed = (
            [self.cleaned_data.get(f"{name}-{number}") for name in ("share", "condition", "progress")]
            for number in range(self.rows_count)
        )
        return [
            Part(int(share * WHOLE / HUNDRED), condition, progress if condition == Condition.PROGRESS else None)
            for share, condition, progress in typed
            if share
        ]


def _row_fields(number: int, part: Part | None) -> dict[str, forms.Field]:
    label = f"第 {number + 1} 行"
    quiet = {"class": "num", "inputmode": "decimal", "autocomplete": "off"}
    share = Decimal(part.share) * HUNDRED / WHOLE if part else None
    return {
        f"share-{number}": forms.DecimalField(
            label=f"{label}比例（%）", required=False, min_value=0, max_value=100, max_digits=5, decimal_places=2,
            initial=share.normalize().to_eng_string() if share else None, widget=forms.TextInput(attrs=quiet),
        ),
        f"condition-{number}": forms.ChoiceField(
            label=f"{label}条件", choices=Condition.choices, initial=part.condition if part else Condition.ACCEPTED
        ),
        f"progress-{number}": forms.IntegerField(
            label=f"{label}须达到的进度（%）", required=False, min_value=1, max_value=100,
            initial=part.progress if part else None, widget=forms.TextInput(attrs=quiet),
        ),
    }  # fmt: skip


class AmendmentForm(PlanRows, PortalForm):
    """补充协议: why, and what is agreed anew; what is left as it stands does not change."""

    reason = forms.CharField(
        label="调整的原因和依据", max_length=400, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明变更备案、延期决定等文号（第十条）。",
    )  # fmt: skip
    end_on = forms.DateField(label="竣工日期", required=False)

    def __init__(
        self, *args: Any, day: Any, targets: Iterable[Mapping[str, Any]], plan: Sequence[Part], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["end_on"].initial = day
        self.target_rows = list(targets)
        for number, row in enumerate(self.target_rows):
            self.fields[f"target-{number}"] = forms.DecimalField(
                label=f"{row.get('name')} 目标值", required=False, max_digits=14, decimal_places=4,
                initial=row.get("target"), widget=forms.TextInput(attrs={"class": "num", "inputmode": "decimal"}),
            )  # fmt: skip
        if plan:
            self.add_rows(plan, spare=1)

    def main_fields(self) -> list[Any]:
        return [self["reason"], self["end_on"]]

    def indicators(self) -> list[dict[str, Any]]:
        """Each target with its field, for the page's table."""
        return [{"row": row, "target": self[f"target-{number}"]} for number, row in enumerate(self.target_rows)]

    def targets(self) -> dict[str, str]:
        """The targets typed, by indicator name."""
        found = {str(row.get("name")): self.cleaned_data.get(f"target-{n}") for n, row in enumerate(self.target_rows)}
        return {name: f"{value.normalize():f}" for name, value in found.items() if value is not None}
