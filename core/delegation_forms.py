"""What is typed about standing in for a colleague, and about one's own interests."""

from __future__ import annotations

from typing import Any

from django import forms

from core.codes import clean_uscc
from core.forms import DayInput, PortalForm
from core.models import InterestKind, Organisation, OrganisationKind, User


class DelegationForm(PortalForm):
    """Who stands in for whom, from when to when, why."""

    delegator = forms.ModelChoiceField(label="委托人", queryset=User.objects.none(), empty_label=None)
    delegate = forms.ModelChoiceField(label="代理人", queryset=User.objects.none(), empty_label="请选择同事")
    from_on = forms.DateField(label="开始日期", widget=DayInput())
    to_on = forms.DateField(label="结束日期", widget=DayInput(), help_text="当天仍然有效。一次最长一个季度。")
    reason = forms.CharField(label="事由", max_length=200, help_text="例如：外出培训、休假。")

    def __init__(self, *args: Any, delegators: Any, delegates: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["delegator"].queryset, self.fields["delegate"].queryset = delegators, delegates
        for name in ("delegator", "delegate"):
            self.fields[name].label_from_instance = _in_words

    def deed(self) -> dict[str, Any]:
        """The cleaned form in the words of `core.delegations.delegate`."""
        said = self.cleaned_data
        return {"delegator": said["delegator"], "to": said["delegate"], "from_on": said["from_on"],
                "to_on": said["to_on"], "reason": said["reason"]}  # fmt: skip


def _in_words(person: User) -> str:
    return f"{person}（{person.title}）" if person.title else str(person)


class DeclareForm(PortalForm):
    """An interest towards an enterprise, found by its credit code."""

    uscc = forms.CharField(label="企业的统一社会信用代码", max_length=40, help_text="18 位，见营业执照。")
    kind = forms.ChoiceField(label="关系", choices=InterestKind.choices)
    note = forms.CharField(label="说明", max_length=200, required=False)
    expires_on = forms.DateField(label="失效日期", required=False, widget=DayInput(), help_text="不填则一直有效。")

    def clean_uscc(self) -> str:
        code = clean_uscc(self.cleaned_data["uscc"])
        self.organisation = Organisation.objects.filter(kind=OrganisationKind.ENTERPRISE, uscc=code).first()
        if self.organisation is None:
            raise forms.ValidationError("没有找到这家企业。请核对代码；企业注册之后才能申报。", code="unknown")
        return code

    def deed(self) -> dict[str, Any]:
        """The cleaned form in the words of `core.delegations.declare`."""
        said = self.cleaned_data
        return {"organisation": self.organisation, "kind": said["kind"], "note": said["note"],
                "expires_on": said["expires_on"]}  # fmt: skip


class EndInterestForm(PortalForm):
    because = forms.CharField(
        label="撤销原因", max_length=200, widget=forms.Textarea({"rows": 3}), help_text="例如：亲属已离职并转让股份。"
    )
