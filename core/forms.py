"""Forms as the portal draws them: renderer, field markup, money and date fields, bases that keep what was typed."""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting

from core.widget_markup import drawn

# Full-width figures and signs that input methods leave behind: １２，３４５．６７ －
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0x2212: "-", 0x3002: "."}
_PLAIN = re.compile(r"[0-9]+(\.[0-9]*)?|\.[0-9]+", re.ASCII)
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?|[0-9]{1,4}(,[0-9]{4})+(\.[0-9]*)?", re.ASCII)
LARGEST_YUAN = Decimal(10) ** 13

_CLASSES = {
    "checkbox": "form-check-input",
    "radio": "form-check-input",
    "select": "form-select",
    "hidden": "",
}
_OWN_TEMPLATES = {
    "django/forms/widgets/radio.html": "components/widgets/radio_list.html",
    "django/forms/widgets/checkbox_select.html": "components/widgets/radio_list.html",
    "django/forms/widgets/clearable_file_input.html": "components/widgets/file.html",
}


class PortalRenderer(TemplatesSetting):
    """Draws every form of the portal, Django's own included: one field template, our classes on each widget."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"

    def render(self, template_name, context, request=None):
        widget = context.get("widget") if isinstance(context, dict) else None
        if widget:
            _dress(widget, template_name)
            template_name = _OWN_TEMPLATES.get(template_name, template_name)
            markup = drawn(template_name, widget)
            if markup is not None:
                return markup
        return super().render(template_name, context, request=request)


def _dress(widget, template_name):
    """Give a widget's markup the class of its kind, keeping those it has."""
    kind = widget.get("type") or ("select" if "select" in template_name else "text")
    wanted = _CLASSES.get(kind, "form-control")
    attrs = widget.get("attrs")
    if attrs is None or not wanted:
        return
    have = attrs.get("class", "").split()
    if wanted not in have:
        attrs["class"] = " ".join([wanted, *have])
    for sub in widget.get("subwidgets", []) if isinstance(widget.get("subwidgets"), list) else []:
        _dress(sub, sub.get("template_name", ""))


# --- widgets --------------------------------------------------------------------------------------------------------


class YuanInput(forms.TextInput):
    """An amount of 元: right-aligned, decimal keyboard, unit beside it (unit=None in grids)."""

    template_name = "components/widgets/amount.html"

    def __init__(self, attrs=None, unit="元"):
        super().__init__({"inputmode": "decimal", "class": "num", "autocomplete": "off"} | (attrs or {}))
        self.unit = unit

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["unit"] = self.unit
        return context


class DayInput(forms.DateInput):
    """A day, as the browser's own date field."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """A day and time to the minute, as the browser's own field."""

    input_type = "datetime-local"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class Choices(forms.RadioSelect):
    """核实 / 存疑 / 不适用 side by side; draw it with {% choice field %}."""

    def __init__(self, attrs=None, choices=()):
        super().__init__({"class": "choice-input"} | (attrs or {}), choices)


# --- fields ---------------------------------------------------------------------------------------------------------


def half_width(text: str) -> str:
    """Full-width letters, figures and signs as their ASCII forms; nothing else is touched."""
    return text.translate(_HALF_WIDTH)


def read_yuan(typed: str, largest: Decimal = LARGEST_YUAN) -> Decimal:
    """The 元 a person typed ("１,234.5" -> 1234.50). Raises ValidationError in Chinese; never rounds."""
    text = half_width(str(typed)).strip().strip("¥￥").removesuffix("元").strip().replace(" ", "")
    if text.endswith("万"):
        raise ValidationError("请按元填写，不要写“万元”。例如 150 万元写作 1,500,000.00。", code="unit")
    if text.startswith("-"):
        raise ValidationError("金额不能为负数。", code="negative")
    if not (_PLAIN.fullmatch(text) or _GROUPED.fullmatch(text)):
        raise ValidationError("金额只能填数字，可带千分位逗号和小数点，例如 1,500,000.00。", code="invalid")
    whole, _, cents = text.replace(",", "").partition(".")
    if len(cents) > 2:
        raise ValidationError("金额最多两位小数（精确到分）。", code="places")
    amount = Decimal(f"{whole or '0'}.{cents or '0'}")
    if amount >= largest:
        raise ValidationError("金额过大，请检查是否多填了数字，单位是元。", code="large")
    return amount.quantize(Decimal("0.01"))


class YuanFormField(forms.Field):
    """An amount in 元 to the 分, exact. Accepts thousands commas and full-width figures; cleans to Decimal or None."""

    widget = YuanInput
    default_error_messages = {"required": "请填写金额（元）。"}

    def __init__(self, *, min_value=None, max_value=None, unit="", **kwargs):
        for of_decimal_fields in ("max_digits", "decimal_places", "step_size"):
            kwargs.pop(of_decimal_fields, None)
        super().__init__(**kwargs)
        self.min_value, self.max_value = min_value, max_value
        if unit and isinstance(self.widget, YuanInput):
            self.widget.unit = unit

    def to_python(self, value):
        if value is None or str(value).strip() == "":
            return None
        amount = value.quantize(Decimal("0.01")) if isinstance(value, Decimal) else read_yuan(value)
        return amount

    def validate(self, value):
        super().validate(value)
        if value is None:
            return
        if self.min_value is not None and value < self.min_value:
            raise ValidationError(f"金额不能少于 {self.min_value:,.2f} 元。", code="min_value")
        if self.max_value is not None and value > self.max_value:
            raise ValidationError(f"金额不能超过 {self.max_value:,.2f} 元。", code="max_value")

    def prepare_value(self, value):
        return f"{value:,.2f}" if isinstance(value, Decimal) and value.is_finite() else value

    def has_changed(self, initial, data):
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class UploadField(forms.FileField):
    """A file; hint and limits are words of the page, the checks are core.files'."""

    widget = forms.FileInput
    default_error_messages = {
        "required": "请选择要上传的文件。",
        "empty": "文件是空的，请重新选择。",
        "invalid": "没有收到文件，请重新选择。",
    }


class UploadsInput(forms.FileInput):
    """Several files at once, in the browser's own field."""

    allow_multiple_selected = True


class UploadsField(UploadField):
    """Several files; cleans to a list, empty where none was chosen."""

    widget = UploadsInput

    def clean(self, data, initial=None):
        chosen = data if isinstance(data, list | tuple) else [data] if data else []
        if not chosen and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        return [super(UploadsField, self).clean(one, initial) for one in chosen]


def named(bound, message):
    """A field's message with the field's name, where the message does not say it; a hidden field has one if it was given."""
    label = str((bound.field.label if bound.is_hidden else bound.label) or "")
    return f"{label}：{message}" if label and label not in str(message) else str(message)


# --- bases ----------------------------------------------------------------------------------------------------------

_PURPOSES = {"phone": "tel", "mobile": "tel", "email": "email"}
_MESSAGES = {
    forms.IntegerField: {"invalid": "请填写整数。"},
    forms.DecimalField: {"invalid": "请填写数字。"},
    forms.DateField: {"invalid": "日期不正确，请按 2026-03-05 的样子填写。"},
    forms.BooleanField: {"required": "请先勾选这一项。"},
    forms.ChoiceField: {"required": "请选择一项。", "invalid_choice": "所选的内容不在可选范围内，请重新选择。"},
    forms.FileField: UploadField.default_error_messages,
}


class PortalFormMixin:
    """Chinese messages, keyboards and autocomplete for each kind of field; the browser checks nothing itself."""

    use_required_attribute = False
    marks_required = True  # False where every field is needed anyway (sign-in)

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        self._prepare_once()
        super().__init__(*args, **kwargs)

    @classmethod
    def _prepare_once(cls):
        """The fields as they were declared, of which every form has its copies: a grid makes hundreds of forms."""
        if "prepared" not in vars(cls):
            for name, field in cls.base_fields.items():
                _prepare(name, field)
            cls.prepared = True  # last: another thread never takes half-prepared fields for prepared ones


def _prepare(name, field):
    _say_in_chinese(field)
    _use_our_widget(field)
    attrs = field.widget.attrs
    if field.required and not field.widget.is_hidden and not field.widget.use_fieldset:
        attrs.setdefault("aria-required", "true")
    if isinstance(field.widget, forms.TextInput | forms.Textarea):
        attrs.setdefault("autocomplete", _PURPOSES.get(name, "off"))


def _say_in_chinese(field):
    texts = {"required": f"请填写{field.label}。" if field.label else "请填写这一项。"}
    for kind, messages in _MESSAGES.items():
        if isinstance(field, kind):
            texts |= messages
    for code, text in texts.items():
        if code in field.error_messages and not _written_by_hand(field, code):
            field.error_messages[code] = text


def _written_by_hand(field, code):
    """True when the form's author gave the message himself."""
    defaults = [vars(base).get("default_error_messages", {}).get(code) for base in type(field).__mro__]
    return field.error_messages[code] not in defaults


def _use_our_widget(field):
    widget = field.widget
    if isinstance(widget, forms.NumberInput):
        # a browser's number field drops what it cannot read, so the person would lose what was typed
        widget.input_type = "text"
        widget.attrs.setdefault("inputmode", "numeric" if type(field) is forms.IntegerField else "decimal")
        widget.attrs.setdefault("class", "num")
    elif type(widget) is forms.DateInput:
        widget.input_type, widget.format = "date", "%Y-%m-%d"
    elif type(widget) is forms.DateTimeInput:
        widget.input_type, widget.format = "datetime-local", "%Y-%m-%dT%H:%M"
    elif isinstance(widget, forms.Textarea) and widget.attrs.get("rows") in (None, "10"):
        widget.attrs["rows"] = 4


class PortalForm(PortalFormMixin, forms.Form):
    """The base of forms that are not one row of the database."""


class PortalModelForm(PortalFormMixin, forms.ModelForm):
    """The base of forms over one row; it writes nothing by itself: services do."""
