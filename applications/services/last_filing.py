"""A new draft begun from the enterprise's last submission."""

from __future__ import annotations

from applications.facts import sections
from applications.models import Draft, DraftLine, Submission

FIELDS = ("industry", "task", "site", "content", "benefit", "contact", "contact_phone", "indicators")
# An invoice and a machine count once; contract and payments are those of the earlier project.
OF_ONE_PROJECT = frozenset(
    {"invoice_number", "invoiced_on", "serial_number", "contract_number", *sections.LATER_LINE_FIELDS}
)


def copy_into(draft: Draft) -> Submission | None:
    """Copy text, indicators and lines of the last submission into a draft of the same enterprise; None without one.

    The filing number, dates, funds, invoices, contracts, payments and serial numbers belong to the earlier project and stay there.
    """
    enterprise = draft.project.enterprise_id
    last = Submission.objects.filter(project__enterprise=enterprise).order_by("-submitted_at", "-pk").first()
    if last is None:
        return None
    for name in FIELDS:
        setattr(draft, name, getattr(last, name))
    draft.save()
    copied = [name for name in sections.LINE_FIELDS if name not in OF_ONE_PROJECT]
    DraftLine.objects.bulk_create(
        [
            DraftLine(draft=draft, position=line.position, **{name: getattr(line, name) for name in copied})
            for line in last.lines.order_by("position")
        ],
        batch_size=500,
    )
    return last
