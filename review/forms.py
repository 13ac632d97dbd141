"""What is typed on the pages of the review room; not what is permitted."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms

from applications.models import Call, RubricItem, Track
from core.codes import clean_uscc
from core.forms import DayInput, PortalForm, half_width
from core.models import District
from review.models import Conclusion, ConflictKind, ItemScore
from review.services.objections import DECLINE, DISMISS, REVIEW_AGAIN
from review.services.scoring import Score


class SeenForm(PortalForm):
    """A form over a record that others may move meanwhile: carries the version the person had on screen."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)


# --- lists ----------------------------------------------------------------------------------------------------------


class QueueFilter(PortalForm):
    """Filters over the district's queue and the bureau's board (GET)."""

    q = forms.CharField(
        label="查找", required=False, widget=forms.TextInput({"placeholder": "项目、企业、编号、信用代码", "size": 28})
    )
    track = forms.ChoiceField(label="类别", required=False, choices=[("", "类别：全部"), *Track.choices])
    call = forms.ModelChoiceField(label="批次", required=False, queryset=Call.objects.none(), empty_label="批次：全部")

    def __init__(self, *args: Any, calls: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["call"].queryset = calls.only("state", "title")  # its options show no more


# --- the district ---------------------------------------------------------------------------------------------------


class DefectForm(PortalForm):
    """One defect; an empty row is no defect."""

    about = forms.CharField(label="所指", max_length=120, required=False)
    what = forms.CharField(label="问题", max_length=500, required=False, widget=forms.Textarea({"rows": 2}))
    todo = forms.CharField(label="怎么改", max_length=500, required=False, widget=forms.Textarea({"rows": 2}))

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if any(said.values()):
            for name in ("what", "todo"):
                if not said.get(name) and name not in self.errors:
                    self.add_error(name, f"请填写{self.fields[name].label}。")
        return said


DefectFormSet = forms.formset_factory(DefectForm, extra=2, max_num=60, validate_max=True)


class OpinionForm(PortalForm):
    conclusion = forms.ChoiceField(label="结论", choices=Conclusion.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label="初审意见", widget=forms.Textarea({"rows": 8}), max_length=4000,
        help_text="写明属地、行业、材料与投资真实性的核验情况。",
    )  # fmt: skip


class WaiveForm(PortalForm):
    """Why a stop of the automatic checks may pass."""

    reason = forms.CharField(
        label="放行理由", widget=forms.Textarea(attrs={"rows": 4}), max_length=1000,
        help_text="写明核实了什么、依据哪份材料。记入办理记录。",
    )  # fmt: skip


class DeclineForm(SeenForm):
    """Reasons, clause, where to turn: all of it goes into the letter."""

    reasons = forms.CharField(
        label="理由", widget=forms.Textarea({"rows": 6}), max_length=2000, help_text="企业会收到全文，请写明事实。"
    )
    clause = forms.CharField(label="依据条款", max_length=60, initial="第九条", help_text="例如 第五条、第九条（二）。")
    number = forms.CharField(label="文号", max_length=60, required=False)
    turn_to = forms.CharField(label="救济途径", widget=forms.Textarea({"rows": 2}), max_length=400)


# --- the bureau -----------------------------------------------------------------------------------------------------


class AssignForm(PortalForm):
    experts = forms.ModelMultipleChoiceField(
        label="专家",
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选择一名专家。"},
    )
    due_on = forms.DateField(label="评分期限", required=False, widget=DayInput(), help_text="不填则到本环节期限为止。")

    def __init__(self, *args: Any, experts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["experts"].queryset = experts
        self.fields["experts"].label_from_instance = _expert_in_words


def _expert_in_words(expert: Any) -> str:
    words = [str(expert), "、".join(expert.fields), str(expert.employer or "")]
    load = getattr(expert, "load", 0)
    return " · ".join(word for word in (*words, f"在评 {load} 项") if word)


class ConcludeForm(SeenForm):
    number = forms.CharField(label="评审报告文号", max_length=60, help_text="例如 示例评审〔2026〕2号。")
    text = forms.CharField(label="评审结论", widget=forms.Textarea({"rows": 6}), max_length=4000)
    remark = forms.CharField(
        label="对本项目的评审意见", required=False, widget=forms.Textarea({"rows": 3}), max_length=2000
    )


class SendBackForm(SeenForm):
    reasons = forms.CharField(
        label="退回原因", widget=forms.Textarea({"rows": 5}), max_length=2000, help_text="区县和企业都会收到。"
    )


class ProlongForm(PortalForm):
    due_on = forms.DateField(label="评分延长至", widget=DayInput())


class NoticeForm(PortalForm):
    projects = forms.ModelMultipleChoiceField(
        label="项目",
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选择一个项目。"},
    )
    number = forms.CharField(label="文号", max_length=60, help_text="例如 示例公示〔2026〕2号。")
    title = forms.CharField(label="标题", max_length=200, required=False, help_text="不填则按申报通知的标题拟定。")
    days = forms.IntegerField(
        label="公示期（工作日）",
        min_value=1,
        max_value=60,
        required=False,
        help_text="不填则按申报通知。自发布次日起算。",
    )

    shows_amounts = forms.BooleanField(
        label="公开评审会建议的支持金额", required=False,
        help_text="一般不公开：办法规定公示无异议后才由两局确定金额（第九条三）。",
    )  # fmt: skip

    def __init__(self, *args: Any, projects: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["projects"].queryset = projects
        self.fields["projects"].label_from_instance = lambda p: f"{p.title}（{p.number}，{p.enterprise.name}）"


class NoticeFilter(PortalForm):
    """Filters over the public's list of notices (GET)."""

    q = forms.CharField(
        label="查找", required=False, max_length=80,
        widget=forms.TextInput({"placeholder": "标题、文号、单位、项目、编号", "size": 26}),
    )  # fmt: skip
    year = forms.IntegerField(
        label="年度",
        required=False,
        min_value=2024,
        max_value=2100,
        widget=forms.TextInput({"placeholder": "年度", "size": 6}),
    )


class AnswerForm(SeenForm):
    outcome = forms.ChoiceField(
        label="结论",
        widget=forms.RadioSelect,
        choices=[
            (DISMISS, "不成立：解除暂停，公示继续"),
            (REVIEW_AGAIN, "成立：移出公示，重新评审"),
            (DECLINE, "成立：不予支持"),
        ],
    )
    answer = forms.CharField(
        label="给异议人的答复", widget=forms.Textarea({"rows": 5}), max_length=2000, help_text="异议人凭受理编号查看。"
    )
    told = forms.CharField(
        label="告知企业的内容", required=False, widget=forms.Textarea({"rows": 4}), max_length=2000,
        help_text="异议成立时必填。不得透露异议人身份，也不要照抄异议原文。",
    )  # fmt: skip
    clause = forms.CharField(label="依据条款", max_length=60, initial="第九条（三）", required=False)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("outcome") in (REVIEW_AGAIN, DECLINE) and not said.get("told"):
            self.add_error("told", "异议成立时请写明告知企业的内容和理由。")
        return said


# --- the expert -----------------------------------------------------------------------------------------------------


class HalfPointsField(forms.Field):
    """Points in steps of the item (a half at least), full-width figures forgiven; empty is not judged yet."""

    def __init__(self, *, most: int, step: Decimal, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(required=False, **kwargs)
        self.most, self.step = most, step

    def to_python(self, value: Any) -> Decimal | None:
        typed = half_width(str(value or "")).strip()
        if not typed:
            return None
        try:
            points = Decimal(typed)
        except ArithmeticError:
            raise forms.ValidationError("分数只能填数字，例如 8.5。", code="invalid") from None
        if not points.is_finite() or points % self.step or points * 2 != (points * 2).to_integral_value():
            raise forms.ValidationError(f"分数以 {self.step.normalize():f} 分为一档。", code="step")
        if not 0 <= points <= self.most:
            raise forms.ValidationError(f"应为 0 至 {self.most} 分。", code="range")
        return points


class ScoreForm(SeenForm):
    """The whole rubric: points and a reason for each item, and the comment on the whole."""

    comment = forms.CharField(
        label="总体意见", required=False, max_length=4000, widget=forms.Textarea({"rows": 4})
    )  # fmt: skip

    def __init__(
        self, *args: Any, call: Call, rubric: Iterable[RubricItem], scores: dict[int, ItemScore], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rubric = list(rubric)
        bounds = f"总分低于 {call.reason_below} 分或高于 {call.reason_above} 分时必填。"
        self.fields["comment"].help_text = bounds
        for item in self.rubric:
            score = scores.get(item.pk)
            self.fields[f"item_{item.pk}"] = HalfPointsField(
                label=item.name, most=item.points, step=item.step, initial=plain(score.points) if score else None
            )
            self.fields[f"reason_{item.pk}"] = forms.CharField(
                label=f"{item.name}：理由",
                required=False,
                max_length=500,
                initial=score.comment if score else "",
                widget=forms.TextInput({"class": "form-control-sm", "placeholder": "理由（可不填）"}),
            )

    def dimensions(self) -> list[dict[str, Any]]:
        """The rubric as the sheet shows it: dimension, its points, its items with their two fields."""
        groups: list[dict[str, Any]] = []
        for item in self.rubric:
            if not groups or groups[-1]["name"] != item.dimension:
                groups.append({"name": item.dimension, "points": 0, "items": []})
            groups[-1]["points"] += item.points
            row = {"item": item, "points": self[f"item_{item.pk}"], "reason": self[f"reason_{item.pk}"]}
            groups[-1]["items"].append(row)
        return groups

    def readable(self) -> dict[int, Score]:
        """The items that were sent and whose points and reason both read, for saving while the sheet is filled in."""
        bad = set(self.errors)
        return {
            key: score
            for key, score in self.scores().items()
            if f"item_{key}" in self.data and bad.isdisjoint({f"item_{key}", f"reason_{key}"})
        }

    def scores(self) -> dict[int, Score]:
        said = self.cleaned_data
        return {
            item.pk: Score(said.get(f"item_{item.pk}"), said.get(f"reason_{item.pk}") or "") for item in self.rubric
        }


def plain(points: Decimal | None) -> str:
    """8.5 → "8.5", 8 → "8.0", nothing → ""."""
    return "" if points is None else f"{points:.1f}"


class StepAsideForm(PortalForm):
    because = forms.CharField(
        label="回避原因",
        max_length=200,
        widget=forms.Textarea({"rows": 3}),
        help_text="只有市工信局可见，不影响您的评审记录。",
    )


class InterestForm(PortalForm):
    """An interest an expert declares against an enterprise, found by its credit code, or a contract with a district."""

    kind = forms.ChoiceField(label="关系", choices=ConflictKind.choices)
    uscc = forms.CharField(
        label="企业的统一社会信用代码", max_length=40, required=False, help_text="18 位，见营业执照。"
    )
    name = forms.CharField(
        label="单位名称", max_length=120, required=False, help_text="系统里没有登记的单位，请填写全称。"
    )
    district = forms.ModelChoiceField(
        label="区县", queryset=District.objects.all(), required=False, empty_label="不适用",
        help_text="关系为“与区县有合同”时选择。",
    )  # fmt: skip
    ended_on = forms.DateField(
        label="关系结束日期", required=False, widget=DayInput(), help_text="仍在继续的不填。结束未满三年仍须回避。"
    )
    note = forms.CharField(label="说明", max_length=200, required=False)
    expires_on = forms.DateField(label="失效日期", required=False, widget=DayInput(), help_text="不填则一直有效。")

    def clean_uscc(self) -> str:
        typed = self.cleaned_data["uscc"]
        return clean_uscc(typed) if typed else ""

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("kind") == ConflictKind.DISTRICT:
            if not said.get("district"):
                self.add_error("district", "请选择有合同关系的区县。")
        elif not said.get("uscc") and "uscc" not in self.errors:
            self.add_error("uscc", "请填写企业的统一社会信用代码。")
        return said
