"""Pages for everybody: the face of the portal, large type."""

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from core import guards
from portal.context import LARGE_TYPE_COOKIE
from portal.queries import front_page

A_YEAR = 365 * 24 * 3600
STEPS = [
    ("申报", "企业"),
    ("区县初审", "属地工信部门"),
    ("市级评审", "专家"),
    ("公示", "全社会"),
    ("市政府审定", "市政府"),
    ("任务书", "双方签署"),
    ("分批拨付", "直达企业"),
    ("验收", "第三方"),
]
DESKS = [
    ("企业", "在受理期内填报、补正、签订任务书、报送进度、申请验收"),
    ("区县工信部门", "核验材料，缺陷一次性告知，提出推荐意见"),
    ("市工业和信息化局", "组织专家评审、公示、拟定资金方案、直接拨付企业"),
    ("市财政局", "审核资金来源，放行拨付批次"),
    ("市人民政府", "审定支持项目与金额"),
]


@guards.public
def home(request):
    """What the portal is and what one can do here without an account."""
    now = timezone.now()
    context = {
        "calls": front_page.open_calls(request.user, now),
        "notices": front_page.running_notices(request.user, now),
        "steps": STEPS,
        "desks": DESKS,
    }
    return render(request, "public/home.html", context)


@guards.public
def forgotten(request):
    """How to get back in: passwords are reset by the organisation's own administrator."""
    return render(request, "accounts/forgotten.html")


@guards.public
@require_POST
def type_size(request):
    """长者模式 on or off, kept in a cookie; back to where one was."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    if request.POST.get("size") == "large":
        response.set_cookie(LARGE_TYPE_COOKIE, "large", max_age=A_YEAR, samesite="Lax", httponly=True)
    else:
        response.delete_cookie(LARGE_TYPE_COOKIE)
    return response
