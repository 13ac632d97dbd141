"""The city's dated list of 链主: the bureau adds an entry with its document, and ends it (第六条二)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from applications.models import ChainLeaderCertificate
from core import audit, codes
from core.models import BUREAU_ROLES, Organisation, OrganisationKind
from core.people import Actor, has_role


class ChainLeaderRefused(Exception):
    """The list cannot be changed this way; the text is for the person, `field` names what he typed."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


def certify_chain_leader(
    *, uscc: str, chain: str, document_number: str, valid_from: date, valid_to: date | None = None,
    actor: Actor, at: datetime,
) -> ChainLeaderCertificate:  # fmt: skip
    """Put an enterprise on the list from a day on. What was submitted before keeps what stood then.

    Raises ValidationError for a code that cannot be, ChainLeaderRefused for an enterprise that is not registered or
    stands on the list of that chain already.
    """
    _of_the_bureau(actor)
    if valid_to is not None and valid_to < valid_from:
        raise ChainLeaderRefused("失效日期不能早于生效日期。", "valid_to")
    with transaction.atomic():
        rows = Organisation.objects.select_for_update(of=("self",))
        enterprise = rows.filter(kind=OrganisationKind.ENTERPRISE, uscc=codes.clean_uscc(uscc)).first()
        if enterprise is None:
            raise ChainLeaderRefused("平台上没有这个统一社会信用代码的企业，请企业先注册。", "uscc")
        same = ChainLeaderCertificate.objects.filter(organisation=enterprise, chain=chain)
        same = same.filter(Q(valid_to=None) | Q(valid_to__gte=valid_from))
        if (same.filter(valid_from__lte=valid_to) if valid_to else same).exists():
            raise ChainLeaderRefused("这家企业在该产业链的名单内，期间重叠，请先终止原有认定。", "chain")
        certificate = ChainLeaderCertificate.objects.create(
            organisation=enterprise, chain=chain, document_number=document_number, valid_from=valid_from,
            valid_to=valid_to,
        )  # fmt: skip
        audit.record(
            enterprise, "enterprise.chain_leader_certified", actor=actor, at=at, label="列入链主名单",
            summary=f"{chain}，{document_number}", facts={"from": valid_from.isoformat()},
        )  # fmt: skip
    return certificate


def end_chain_leader(
    certificate: ChainLeaderCertificate, *, valid_to: date, document_number: str, actor: Actor, at: datetime
) -> ChainLeaderCertificate:
    """Let an entry end with a day, by a document. Raises ChainLeaderRefused for one that has an end or an early day."""
    _of_the_bureau(actor)
    with transaction.atomic():
        fresh = ChainLeaderCertificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
        if fresh.valid_to is not None:
            raise ChainLeaderRefused("这项认定已有失效日期，不再更改。", "valid_to")
        if valid_to < fresh.valid_from:
            raise ChainLeaderRefused("失效日期不能早于生效日期。", "valid_to")
        fresh.valid_to = valid_to
        fresh.save(update_fields=["valid_to"])
        audit.record(
            fresh.organisation, "enterprise.chain_leader_ended", actor=actor, at=at, label="移出链主名单",
            summary=f"{fresh.chain}，{document_number}", facts={"to": valid_to.isoformat()},
        )  # fmt: skip
    return fresh


def _of_the_bureau(actor: Actor) -> None:
    if not has_role(actor, *BUREAU_ROLES):
        raise ChainLeaderRefused("链主名单由市工信局维护（第六条二）。")
