"""Two submissions of a project side by side, to whoever sees both."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from applications.facts.differences import difference
from applications.models import Project, Submission
from core.guards import signed_in


@require_safe
@signed_in
def submission_differences(request: HttpRequest, pk: int) -> HttpResponse:
    """What the enterprise changed between two submissions (?from=1&to=2); the last two unless told."""
    project = get_object_or_404(Project.objects.visible_to(request.user).select_related("enterprise"), pk=pk)
    filed = {one.sequence: one for one in Submission.objects.visible_to(request.user).filter(project=project)}
    if len(filed) < 2:
        raise Http404("这个项目只提交过一次，没有可以比较的。")
    last = sorted(filed)[-2:]
    before, after = (_asked(request, name, filed, usual) for name, usual in zip(("from", "to"), last, strict=True))
    context = {
        "project": project,
        "filed": [(one.sequence, f"第 {one.sequence} 次") for one in filed.values()],
        "before": before,
        "after": after,
        "found": difference(before, after),
    }
    return render(request, "applications/submission_differences.html", context)


def _asked(request: HttpRequest, name: str, filed: dict[int, Submission], usual: int) -> Submission:
    wanted = request.GET.get(name, "")
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 6 else usual
    if number not in filed:
        raise Http404("没有这一次提交。")
    return filed[number]
