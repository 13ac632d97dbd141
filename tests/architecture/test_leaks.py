"""Nothing hidden appears anywhere: canaries are planted, then every address is fetched as every role and as nobody.

A canary that no allowed reader ever met would prove nothing, so each must have been seen by somebody it is for. What
numbers could tell (counts, totals, ranks) is covered by a second walk: lists say the same before and after something
hidden was added.
"""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import unquote

import pytest
from django.db.models import Count, Q
from django.test import Client

from applications.models import EnterpriseProfile, Project
from applications.states import State
from core import jobs
from core.models import BUREAU_ROLES, FINANCE_ROLES, Job, Role, StoredFile, User
from core.notices import Letter, send
from core.people import roles_of
from review.models import (
    Assignment,
    InvestigationNote,
    Objection,
    ObjectionFile,
    Opinion,
    PanelItem,
    PanelMeeting,
    ScoreSheet,
    Statement,
)
from review.services import papers
from review.states import SheetState
from tests.architecture import test_addresses as walk
from tests.factories import applications as filings
from tests.factories.core import NOW

pytestmark = [
    pytest.mark.usefixtures("demonstration"),
    pytest.mark.django_db,
]

PUBLIC = "the public"
CITY = frozenset({*BUREAU_ROLES, Role.SUPERVISOR})
ITS_ENTERPRISE, ITS_DISTRICT, ITS_EXPERT = "its enterprise", "its district", "its expert"
OTHERS = tuple(role for role in Role if role != Role.ENTERPRISE_FILER)  # the approver of the walk files too
WALKERS = (*OTHERS, PUBLIC, ITS_ENTERPRISE, ITS_DISTRICT, ITS_EXPERT)
DESK = frozenset({*CITY, ITS_DISTRICT})
ALL_OF_IT = frozenset({*DESK, ITS_ENTERPRISE, ITS_EXPERT})


@dataclass(frozen=True)
class Canary:
    """A string that stands in one place, and who may meet it."""

    words: str
    what: str
    readers: frozenset[str]
    is_shown: bool = True  # False: told to nobody in full, not even to its readers


@dataclass
class Planted:
    """The canaries, and the keys of the records that hold them, by model label."""

    canaries: list[Canary]
    keys: dict[str, list[Any]]
    people: dict[str, str]  # who stands close to the hidden records: label → username


def planted() -> Planted:
    """Hide things in records of others: another district, another enterprise, other experts, nobody's notice closed."""
    project = _a_project_half_scored()
    found: list[Canary] = []

    def hide(words: str, what: str, *readers: str) -> str:
        found.append(Canary(words, what, frozenset(readers)))
        return words

    Project.objects.filter(pk=project.pk).update(title=hide("暗项目甲", "a project of another district", *ALL_OF_IT))
    sheet = ScoreSheet.objects.filter(assignment__project=project, state=SheetState.SUBMITTED).first()
    ScoreSheet.objects.filter(pk=sheet.pk).update(comment=hide("暗评语甲", "a score before all are in", ITS_EXPERT))
    expert = sheet.assignment.expert.user
    User.objects.filter(pk=expert.pk).update(name=hide("暗专家甲", "who judges", *CITY, Role.ADMINISTRATOR, ITS_EXPERT))
    material = project.current_submission.materials.select_related("file").first()
    StoredFile.objects.filter(pk=material.file_id).update(
        original_name=hide("暗材料甲.pdf", "a file's name", *ALL_OF_IT)
    )
    objection = _hidden_objection(hide)
    meeting = _hidden_panel(project, hide)
    draft = filings.project(State.DRAFT, enterprise=project.enterprise, of_call=project.call)
    Project.objects.filter(pk=draft.pk).update(title=hide("暗草稿甲", "a draft of another enterprise", ITS_ENTERPRISE))
    EnterpriseProfile.objects.filter(organisation=project.enterprise).update(
        phone=hide("13600001357", "a contact's phone", ITS_ENTERPRISE, *DESK)
    )
    keys = _hidden_desk_work(project, found, hide) | {
        "applications.Project": [project.pk, draft.pk, objection.entry.project_id],
        "applications.SubmissionMaterial": [material.pk],
        "review.Objection": [objection.pk],
        "review.ObjectionFile": [objection.files.latest("pk").pk],
        "review.Statement": list(objection.statements.values_list("pk", flat=True)),
        "review.PanelMeeting": [meeting.pk],
        "review.Assignment": [sheet.assignment_id],
        "review.PublicNotice": [objection.entry.notice_id],
    }
    close = {
        ITS_ENTERPRISE: User.objects.filter(organisation=project.enterprise).first().username,
        ITS_DISTRICT: f"district-{project.district.slug}", ITS_EXPERT: expert.username,
        Role.EXPERT: _an_expert_far_from(project).username,
    }  # fmt: skip
    return Planted(found, keys, close)


def _a_project_half_scored() -> Project:
    """Under review outside 铁西, with some sheets in and some not."""
    handed_in = Q(assignments__sheet__state=SheetState.SUBMITTED)
    rows = Project.objects.filter(state=State.CITY_REVIEW).exclude(district__slug="tiexi").order_by("pk")
    rows = rows.annotate(asked=Count("assignments"), given=Count("assignments", filter=handed_in))
    return next(one for one in rows.select_related("current_submission", "enterprise") if 0 < one.given < one.asked)


def _an_expert_far_from(project: Project) -> User:
    """One with projects to judge, none of them this one or another of its group, which an expert may see beside it."""
    near = Q(pk=project.pk) | Q(group=project.group_id, group__isnull=False)
    asked = Assignment.objects.filter(project__in=Project.objects.filter(near))
    return User.objects.filter(expert__assignments__isnull=False).exclude(expert__assignments__in=asked).first()


def _hidden_desk_work(project: Project, found: list[Canary], hide: Any) -> dict[str, list[Any]]:
    """What lies on desks: an opinion in hand, a call being written, a letter, a job, and an account's number."""
    officer = User.objects.get(username=walk.PERSON_OF[Role.BUREAU_OFFICER])
    opinion = Opinion.objects.create(
        project=project, submission=project.current_submission, conclusion="decline", written_at=NOW,
        written_by=User.objects.get(username=f"district-{project.district.slug}"),
        text="暗意见甲",
    )  # fmt: skip
    found.append(Canary(opinion.text, "an opinion that is not signed", DESK, is_shown=False))
    call = filings.call(state="draft", published_at=None, title=hide("暗通知甲", "a call that is not published", *CITY))
    send([Letter([officer], hide("暗信件甲", "another's letter", Role.BUREAU_OFFICER))], at=NOW)
    job = jobs.enqueue(
        "review.ranking",
        by=officer,
        facts={"call": call.pk},
        title=hide("暗任务甲", "another's job", Role.BUREAU_OFFICER),
    )
    account = project.enterprise.bank_accounts.get(replaced_at=None)
    account.number = "6222026813572468"
    account.save(update_fields=["number"])
    holders = frozenset({ITS_ENTERPRISE, *BUREAU_ROLES, *FINANCE_ROLES})
    found.append(Canary(account.number, "a bank account's number", holders, is_shown=False))
    return {"review.Opinion": [opinion.pk], "applications.Call": [call.pk], "core.Job": [job.pk],
            "applications.BankAccount": [account.pk]}  # fmt: skip


def _hidden_objection(hide: Any) -> Objection:
    objection = Objection.objects.select_related("entry__project").first()
    objection.name = hide("暗异议人", "who objected", *CITY)
    objection.contact = hide("024-98761234", "how to reach who objected", *CITY)
    objection.organisation = hide("暗协会甲", "in whose name it was objected", *CITY)
    objection.grounds = hide("暗事实甲", "what was objected", *CITY)
    objection.save(update_fields=["name", "contact", "organisation", "grounds"])
    file = StoredFile.objects.filter(content_type="application/pdf").first()
    shown = StoredFile.objects.create(
        sha256=file.sha256, size=file.size, content_type=file.content_type, kind="objection", uploaded_at=NOW,
        original_name=hide("暗证据甲.pdf", "the evidence's name", *CITY),
    )  # fmt: skip
    ObjectionFile.objects.create(objection=objection, file=shown)
    officer = User.objects.filter(groups__name=Role.BUREAU_LEAD).first()
    InvestigationNote.objects.create(
        objection=objection,
        text=hide("暗记录甲", "a note of the investigation", *CITY),
        written_at=NOW,
        written_by=officer,
    )
    for party in ("enterprise", "district"):
        Statement.objects.create(
            objection=objection, project=objection.entry.project, party=party, due_on=NOW.date(), asked_at=NOW,
            asked_by=officer, question=hide(f"暗问题{party}", f"what the {party} was asked", *CITY),
        )  # fmt: skip
    hide(objection.receipt, "the receipt of an objection", *CITY)
    return objection


def _hidden_panel(project: Project, hide: Any) -> PanelMeeting:
    officer = User.objects.filter(groups__name=Role.BUREAU_LEAD).first()
    meeting = PanelMeeting.objects.create(
        call=project.call, held_on=NOW.date(), place="301", created_at=NOW, created_by=officer,
        minutes=hide("暗纪要甲", "the minutes of a panel", *CITY),
    )  # fmt: skip
    PanelItem.objects.create(
        meeting=meeting, project=project, reasons=hide("暗结论甲", "a conclusion before the report", *CITY)
    )
    return meeting


# --- what an answer says ----------------------------------------------------------------------------------------------


def said(answer: Any) -> str:
    """Everything a reader could read in an answer: headers, page, and the text inside PDF, Excel and zip."""
    headers = unquote(" ".join(f"{name}: {value}" for name, value in answer.headers.items()))
    return f"{headers}\n{body_of(answer)}"


def body_of(answer: Any) -> str:
    return text_of(b"".join(answer.streaming_content) if answer.streaming else answer.content)


@cache
def text_of(body: bytes) -> str:
    if body.startswith(b"%PDF"):
        read = subprocess.run(["pdftotext", "-q", "-", "-"], input=body, capture_output=True, check=False)
        return read.stdout.decode(errors="replace")
    if body.startswith(b"PK"):
        return "\n".join(_unpacked(body))
    return body.decode(errors="replace")


def _unpacked(body: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        for name in package.namelist():
            yield f"{name}\n{text_of(package.read(name))}"


# --- the walk ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def nest(demonstration: None, django_db_blocker: Any) -> Planted:
    with django_db_blocker.unblock():
        found = planted()
        for paper in ("report", "notice"):
            row = papers.PAPERS[paper].model.objects.order_by("-pk").first()
            job = papers.ask_for(paper, row.pk, by=User.objects.get(username="bureau"), at=NOW)
            jobs.run(Job.objects.get(pk=job.pk).pk)
            found.keys.setdefault(row._meta.label, []).append(row.pk)
        return found


SEEN: dict[str, set[str]] = defaultdict(set)
SEARCHES, SEARCHED = ("/search/", "/projects/"), ("暗项目甲", "暗草稿甲")


def paths(nest: Planted, mine: frozenset[str]) -> Iterator[str]:
    """The addresses a person is not refused outright, for some records of his own and for the hidden ones."""
    for address in walk.ADDRESSES:
        if not _lets_in(address.guard, mine):
            continue
        yield from walk.places_of(address)
        yield from hidden_places(nest, address)
    for words in SEARCHED if mine else ():
        yield from (f"{place}?q={words}" for place in SEARCHES)


def hidden_places(nest: Planted, address: Any) -> set[str]:
    """Paths of an address whose parts are the records that hold something."""
    choices = {part: nest.keys.get(_label(address, part)) or walk._choices(address, part) for part in address.parts}
    longest = max((len(found) for found in choices.values()), default=0)
    made = {
        walk._path(address, {part: found[n % len(found)] for part, found in choices.items()}) for n in range(longest)
    }
    return {path for path in made if path}


def _label(address: Any, part: str) -> str:
    if part in walk.OTHER_PARTS:
        return walk.OTHER_PARTS[part]
    first, second = [*address.route.split("/"), ""][:2]
    return walk.BEHIND.get(f"{first}/{second}") or walk.BEHIND.get(first, "applications.Project")


def walked(nest: Planted, who: str) -> tuple[list[Any], list[Any]]:
    """Every address as one walker: what leaked to him, and what failed; a canary met goes into SEEN."""
    name = nest.people.get(who) or walk.PERSON_OF.get(who, "")
    client = walk.signed_in(name) if name else Client(raise_request_exception=False)
    mine = roles_of(User.objects.get(username=name)) if name else frozenset()
    leaks, broken = set(), []
    for path in dict.fromkeys(paths(nest, mine)):
        asked = path.partition("?q=")[2]
        answer = client.get(path)
        if answer.status_code not in walk.ALLOWED:
            broken.append((path, answer.status_code))
        text = said(answer)
        for canary in nest.canaries:
            if canary.words in text and canary.words != asked:
                SEEN[canary.words].add(who)
                if canary.readers.isdisjoint({*mine, who}):
                    leaks.add((path.partition("?")[0], canary.what))
    return sorted(leaks), broken


@pytest.mark.parametrize("who", WALKERS)
def test_no_canary_reaches_whom_it_is_not_for(nest, who):
    leaks, broken = walked(nest, who)

    assert leaks == []
    assert broken == []  # a page that fails tells nothing, and proves nothing


def test_every_canary_was_seen_by_somebody_it_is_for(nest):
    """What nobody met could not have leaked. Walkers whose tests ran elsewhere or later walk here, as far as needed."""
    unseen = [canary for canary in nest.canaries if canary.is_shown and not SEEN[canary.words]]
    for who in (one for one in WALKERS if any(one in canary.readers for canary in unseen)):
        if all(SEEN[canary.words] for canary in unseen):
            break
        walked(nest, who)

    assert [canary.what for canary in unseen if not SEEN[canary.words]] == []


# --- what numbers could tell -------------------------------------------------------------------------------------------

NOISE = re.compile(  # of the session and of the moment a workbook is written, not of the rows
    r'name="csrfmiddlewaretoken" value="[^"]+"|data-session-left="\d+"|<dcterms:(created|modified)[^>]*>[^<]+'
)
COUNTED = re.compile(r"已提交 \d+ 个项目")  # of a call, told to everybody on purpose
STRANGERS = (
    PUBLIC, Role.ENTERPRISE_APPROVER, Role.DISTRICT_LEAD, Role.EXPERT, Role.FINANCE_LEAD, Role.GOVERNMENT_OFFICE,
    Role.ASSESSOR,
)  # fmt: skip
LISTS = [one for one in walk.ADDRESSES if not one.parts and one.name not in {"styleguide", "session"}]  # its seconds
MEANT = {(Role.FINANCE_LEAD, "budgeting"), (Role.FINANCE_LEAD, "budgeting-export")}  # 第三条（三）: what calls will ask


def lists_of(who: str, nest: Planted) -> dict[str, str]:
    """Every page without a key in its address, as a stranger reads it: rows, counts, totals, tabs."""
    name = nest.people.get(who) or walk.PERSON_OF.get(who, "")
    client = walk.signed_in(name) if name else Client(raise_request_exception=False)
    mine = roles_of(User.objects.get(username=name)) if name else frozenset()
    open_to = [one for one in LISTS if _lets_in(one.guard, mine)]
    answers = {one.name: client.get(walk.places_of(one)[0]) for one in open_to}
    return {name: COUNTED.sub("", NOISE.sub("", body_of(answer))) for name, answer in answers.items()}


def _lets_in(guard: Any, mine: frozenset[str]) -> bool:
    return not mine.isdisjoint(guard) if isinstance(guard, frozenset) else bool(mine) or guard == walk.PUBLIC


def test_no_list_or_count_of_a_stranger_changes_when_something_hidden_is_added(nest):
    before = {who: lists_of(who, nest) for who in STRANGERS}
    pattern = Project.objects.get(pk=nest.keys["applications.Project"][0])
    for state in (State.DRAFT, State.DISTRICT_REVIEW, State.CORRECTION, State.CITY_REVIEW):
        filings.project(state, enterprise=pattern.enterprise, of_call=pattern.call, created_by=pattern.created_by)

    after = {who: lists_of(who, nest) for who in STRANGERS}
    told = {(who, name) for who in STRANGERS for name in before[who] if before[who][name] != after[who][name]}
    assert told <= MEANT, told - MEANT
