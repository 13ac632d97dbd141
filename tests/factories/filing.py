"""Drafts that are ready to be filed, made through the real services."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from applications import services
from applications.models import Call, Draft, EnterpriseProfile, Need, Project, Track
from core.models import Organisation, User
from tests.factories import applications as filings
from tests.factories import core as people
from tests.factories.core import NOW

PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"

LINES: list[dict[str, Any]] = [
    {"category": "equipment", "name": "机器人喷涂单元", "amount": Decimal("20000000"), "quantity": 2},
    {"category": "software", "name": "制造执行系统", "amount": Decimal("4600000")},
    {"category": "building", "name": "地坪改造", "amount": Decimal("4000000"), "domestic": True},
]
BASICS: dict[str, Any] = {
    "title": "盾构减速机绿色涂装改造",
    "industry": "3511",
    "task": 3,
    "site": "沈阳市铁西区示例路101号",
    "filing_number": "示例备〔2025〕037号",
    "filing_date": date(2025, 11, 20),
    "credit_report_date": date(2026, 2, 20),
    "start_on": date(2025, 1, 1),
    "end_on": date(2026, 8, 31),
    "content": "新建喷涂线。",
    "benefit": "单位能耗下降。",
    "own_funds": Decimal("20000000"),
    "bank_loan": Decimal("10000000"),
    "contact": "林一",
    "contact_phone": "024-22721234",
}
INDICATORS: list[dict[str, Any]] = [
    {"kind": "产出", "name": "新增或更新设备", "unit": "台套", "direction": "≥", "baseline": "0", "target": "12"},
    {"kind": "产出", "name": "关键工序数控化率", "unit": "%", "direction": "≥", "baseline": "40", "target": "80"},
    {"kind": "效益", "name": "单位产值能耗下降", "unit": "%", "direction": "≥", "baseline": "0", "target": "12"},
]


def profile(enterprise: Organisation) -> EnterpriseProfile:
    return EnterpriseProfile.objects.get_or_create(
        organisation=enterprise,
        defaults={
            "address": "沈阳市铁西区示例路101号", "industry": "3511", "legal_person": "示例法人", "contact": "林一",
            "phone": "024-22721234",
        },
    )[0]  # fmt: skip


def pdf(name: str = "营业执照.pdf", extra: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF + extra, content_type="application/pdf")


def started(
    *, actor: User | None = None, of_call: Call | None = None, track: str = Track.POINT, **more: Any
) -> Project:
    """A project begun by the enterprise, its draft nearly empty."""
    actor = actor or people.approver()
    profile(actor.organisation)
    return services.start_project(
        call=of_call or filings.call(), enterprise=actor.organisation, track=track, title=BASICS["title"], actor=actor,
        at=NOW, **more,
    )  # fmt: skip


def ready(*, actor: User | None = None, lines: Any = None, **more: Any) -> Project:
    """A draft that lacks nothing. `created_by` is its approver."""
    project = started(actor=actor, **more)
    actor = project.created_by
    services.save_basics(project, values=BASICS, actor=actor, at=NOW)
    services.save_lines(project, lines=lines or LINES, actor=actor, at=NOW)
    services.save_indicators(project, indicators=INDICATORS, actor=actor, at=NOW)
    for entry in project.call.materials.exclude(need=Need.OPTIONAL):
        if entry.is_needed_for(project.track):
            services.add_material(project, entry, upload=pdf(f"{entry.name}.pdf"), actor=actor, at=NOW)
    return Project.objects.get(pk=project.pk)


def filed(**more: Any) -> Project:
    """A project on its district's desk, through the real submission."""
    project = ready(**more)
    return services.submit(project, actor=project.created_by, at=NOW)


def fresh(draft: Draft) -> Draft:
    """The draft as the database has it now, its project and call with it."""
    return Draft.objects.select_related("project__call").get(pk=draft.pk)


def text(name: str = "清单.txt") -> SimpleUploadedFile:
    """A file of a kind nobody takes."""
    return SimpleUploadedFile(name, "只是文字".encode(), content_type="text/plain")
