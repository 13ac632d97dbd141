"""The states of an adoption."""

from django.db import models


class AdoptionState(models.TextChoices):
    """Proposed by one bureau, agreed by the other (第三、十七条)."""

    PROPOSED = "proposed", "待市财政局同意"
    ADOPTED = "adopted", "已采用"
    REFUSED = "refused", "未获同意"
    WITHDRAWN = "withdrawn", "已撤回"


class Reach(models.TextChoices):
    """Which unfinished projects a new policy reaches (第十九条); those are determined again."""

    NEW_ONLY = "new_only", "只用于此后发布的申报批次"
    NOT_YET_APPROVED = "not_yet_approved", "此后的批次，以及尚未审定的项目"
    ALL_UNFINISHED = "all_unfinished", "此后的批次，以及所有未办结的项目"
    LISTED = "listed", "此后的批次，以及逐项列明的项目"
