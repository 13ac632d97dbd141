"""The frame around every page: main places by role, inbox count, who is here, demo and large type."""

from dataclasses import dataclass, field

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property

from core.models import OFFICIALS, Role
from core.people import NOBODY, roles_of, standing_of
from portal import session_time

LARGE_TYPE_COOKIE = "type"

# Role → places: (label, URL name). Names a room has not built yet are left out of the bar, so a room adds its page here
# and in its own urls, in either order. The first matching row of a person with several roles comes first.
DESK = ("工作台", "desk")
PLACES = {
    Role.ENTERPRISE_FILER: [
        DESK,
        ("申报通知", "calls"),
        ("我的项目", "projects"),
        ("一企一档", "enterprise"),
        ("政策与计算器", "policy:calculator"),
    ],
    Role.DISTRICT_OFFICER: [
        DESK,
        ("初审", "district-queue"),
        ("企业注册", "registrations"),
        ("进度报告", "progress-reports"),
        ("项目", "projects"),
        ("政策与计算器", "policy:calculator"),
    ],
    Role.BUREAU_OFFICER: [
        DESK,
        ("申报通知", "calls"),
        ("评审", "review-board"),
        ("公示与异议", "notices"),
        ("审定与任务书", "proposals"),
        ("资金", "batches"),
        ("资金池", "pools"),
        ("验收", "acceptances"),
        ("项目", "projects"),
        ("政策沙盘", "sandbox"),
    ],
    Role.EXPERT: [
        ("我的评审", "expert-desk"),
        ("利益申报", "expert-interests"),
        ("评分标准", "review:rubrics"),
    ],
    Role.FINANCE_OFFICER: [
        DESK,
        ("资金方案", "proposals"),
        ("资金池", "pools"),
        ("拨付批次", "batches"),
        ("追回", "recoveries"),
        ("项目", "projects"),
        ("政策沙盘", "sandbox"),
    ],
    Role.GOVERNMENT_OFFICE: [
        DESK,
        ("待审定", "approvals"),
        ("项目", "projects"),
    ],
    Role.ASSESSOR: [
        DESK,
        ("验收评估", "acceptances"),
    ],
    Role.SUPERVISOR: [
        DESK,
        ("项目", "projects"),
        ("专家抽取", "draws"),
        ("拨付批次", "batches"),
        ("资金池", "pools"),
        ("政策沙盘", "sandbox"),
        ("审计", "audit"),
    ],
    Role.ADMINISTRATOR: [
        DESK,
        ("账号", "people"),
        ("日历", "calendar"),
        ("后台任务", "jobs"),
    ],
}
SAME_AS = {
    Role.ENTERPRISE_APPROVER: Role.ENTERPRISE_FILER,
    Role.DISTRICT_LEAD: Role.DISTRICT_OFFICER,
    Role.BUREAU_LEAD: Role.BUREAU_OFFICER,
    Role.FINANCE_LEAD: Role.FINANCE_OFFICER,
}
# What lies behind a place though its address does not begin with the place's.
BEHIND = {
    "review-board": ("experts", "draws", "panels", "relations", "consultations", "departments"),
    "notices": ("objections",),
    "district-queue": ("recommendations",),
}
PUBLIC_PLACES = [
    ("首页", "home"),
    ("政策", "policy:clauses"),
    ("计算器", "policy:calculator"),
    ("申报通知", "calls"),
    ("公示", "notices"),
    ("结果与统计", "public_results"),
    ("文件核验", "verify"),
]
OWN_PLACES = [("代理", "delegations"), ("利益申报", "declarations")]
ORDER = list(Role)


@dataclass
class Place:
    """One entry of the bar."""

    label: str
    url: str
    count: int = 0
    current: bool = field(default=False)


def address(name: str) -> str:
    """The address of a URL name; "" while its room has no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


class Frame:
    """What base.html shows around a page. Nothing is asked of the database until the template reads it."""

    def __init__(self, request) -> None:
        self.request = request
        self.user = getattr(request, "user", None)
        self.demo = settings.DEMO
        self.large_type = request.COOKIES.get(LARGE_TYPE_COOKIE) == "large"

    @property
    def person(self):
        return self.user if self.user is not None and self.user.is_authenticated else None

    @cached_property
    def roles(self) -> list[Role]:
        return [role for role in ORDER if role.value in roles_of(self.person)] if self.person else []

    @cached_property
    def role_label(self) -> str:
        """One's own roles, then those of whom one stands in for."""
        standing = standing_of(self.person) if self.person else NOBODY
        lent = frozenset().union(*standing.lent.values()) - standing.own
        place = self.person.organisation if self.person else None
        own = [role.label_at(place) for role in self.roles if role.value in standing.own]
        return "、".join([*own, *(f"代理{role.label}" for role in self.roles if role.value in lent)])

    @cached_property
    def places(self) -> list[Place]:
        rows = PUBLIC_PLACES
        if self.person:
            rows = list(dict.fromkeys(row for role in self.roles for row in PLACES[SAME_AS.get(role, role)])) or [DESK]
        named = [(name, Place(label, url)) for label, name in rows if (url := address(name))]
        reached = [(self._nearness(name, place.url), place) for name, place in named]
        nearest, here = max(reached, key=lambda found: found[0], default=(0, None))
        if here and nearest:
            here.current = True
        return [place for _, place in named]

    @cached_property
    def own_places(self) -> list[Place]:
        """What an official keeps about himself: who stands in for him, and his interests."""
        official = not frozenset(OFFICIALS).isdisjoint(self.roles)
        return [Place(label, address(name)) for label, name in OWN_PLACES] if official else []

    def _nearness(self, name: str, url: str) -> int:
        """How much of the page's address leads to a place, by its own address or by one of those behind it; 0: none."""
        behind = [found for other in BEHIND.get(name, ()) if (found := address(other))]
        return max((len(one) for one in (url, *behind) if self._is_at(one)), default=0)

    def _is_at(self, url: str) -> bool:
        return self.request.path == url or (url != "/" and self.request.path.startswith(url))

    @cached_property
    def unread(self) -> int:
        """How many messages of this person are unread."""
        from core.notices import unread_count

        return unread_count(self.person) if self.person else 0

    @property
    def session_left(self) -> int:
        """Seconds until this sign-in ends."""
        return session_time.seconds_left(self.request)

    @cached_property
    def inbox_url(self) -> str:
        return address("inbox")

    @cached_property
    def search_url(self) -> str:
        return address("search")


def frame(request) -> dict:
    """Context processor: `frame` for base.html."""
    return {"frame": Frame(request)}
