"""The project's states, the eight steps they belong to, and whose desk each one is."""

from __future__ import annotations

from django.db import models


class State(models.TextChoices):
    """Where a project stands; labels are the words of the 办法."""

    DRAFT = "draft", "草稿"
    DISTRICT_REVIEW = "district_review", "区县初审"
    CORRECTION = "correction", "退回补正"
    CITY_REVIEW = "city_review", "市级评审"
    PUBLIC_NOTICE = "public_notice", "公示"
    GOVERNMENT_APPROVAL = "government_approval", "市政府审定"
    AGREEMENT = "agreement", "任务书"
    DISBURSEMENT = "disbursement", "分批拨付"
    ACCEPTANCE = "acceptance", "验收"
    RECTIFICATION = "rectification", "整改"
    SETTLEMENT = "settlement", "终核清算"
    SETTLED = "settled", "办结"
    DECLINED = "declined", "不予支持"
    WITHDRAWN = "withdrawn", "撤回"
    LAPSED = "lapsed", "逾期失效"
    TERMINATED = "terminated", "终止"
    REVOKED = "revoked", "取消资格"


STEPS = ("申报", "区县初审", "市级评审", "公示", "市政府审定", "任务书", "分批拨付", "验收")

STEP_OF = {
    State.DRAFT: 1,
    State.DISTRICT_REVIEW: 2,
    State.CORRECTION: 2,
    State.CITY_REVIEW: 3,
    State.PUBLIC_NOTICE: 4,
    State.GOVERNMENT_APPROVAL: 5,
    State.AGREEMENT: 6,
    State.DISBURSEMENT: 7,
    State.ACCEPTANCE: 8,
    State.RECTIFICATION: 8,
    State.SETTLEMENT: 8,
    State.SETTLED: 8,
}

ENDED = frozenset({State.SETTLED, State.DECLINED, State.WITHDRAWN, State.LAPSED, State.TERMINATED, State.REVOKED})

# How a state looks as a status tag; every tone carries its own icon and its words.
TONE_OF = {
    State.DRAFT: "off",
    State.CORRECTION: "warn",
    State.RECTIFICATION: "warn",
    State.SETTLED: "ok",
    State.DECLINED: "stop",
    State.REVOKED: "stop",
    State.TERMINATED: "stop",
    State.WITHDRAWN: "off",
    State.LAPSED: "off",
}

BEFORE_AWARD = (
    State.DRAFT,
    State.DISTRICT_REVIEW,
    State.CORRECTION,
    State.CITY_REVIEW,
    State.PUBLIC_NOTICE,
    State.GOVERNMENT_APPROVAL,
)
AFTER_AWARD = (
    State.AGREEMENT,
    State.DISBURSEMENT,
    State.ACCEPTANCE,
    State.RECTIFICATION,
    State.SETTLEMENT,
)


class CallState(models.TextChoices):
    DRAFT = "draft", "拟稿"
    SCHEDULED = "scheduled", "待发布"
    PUBLISHED = "published", "已发布"
    CLOSED = "closed", "已截止"


class RegistrationState(models.TextChoices):
    REQUESTED = "requested", "待核验"
    VERIFIED = "verified", "已核验"
    REFUSED = "refused", "未通过"
