"""Each invariant is broken behind the machine's back, and seen to be broken; whole data has no breach."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from applications import services
from applications.models import Call, Hold, HoldKind, Project
from applications.states import State
from core import audit, delegations, moves
from core.accounts import role_group
from core.models import GroundKind, Role, StoredFile
from portal.invariants.registry import all_invariants, look
from review.models import Assignment, Conclusion, Expert, Opinion
from tests.factories import core as people
from tests.factories import filing
from tests.factories import review as reviewing
from tests.factories.applications import adopted_version
from tests.factories.core import NOW, moment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "private": storage}
    return tmp_path


@pytest.fixture
def project(own_files):
    """A filed project of a call that was published: everything through the real services."""
    adopted_version()
    call = services.open_call(
        title="申报通知", year=2026, text="请申报。", opens_at=moment(days=-10), closes_at=moment(days=30),
        actor=people.bureau_officer(), at=moment(days=-20),
    )  # fmt: skip
    services.publish_call(call, actor=people.bureau_lead(), at=moment(days=-10))
    return filing.filed(of_call=Call.objects.get(pk=call.pk))


def test_a_call_that_changed_after_it_was_published_is_seen(project):
    assert not [one for one in look() if one.invariant.key == "7g" and not one.holds]

    project.call.rules.all().update(weight="manual")

    [found] = [one for one in look() if one.invariant.key == "7g"]
    assert "rules" in found.faults[0]


def behind_the_back(sql, *values):
    """Raw SQL with the triggers and foreign keys of PostgreSQL asleep."""
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL lets its triggers be put to sleep")
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, values)
        cursor.execute("SET session_replication_role = DEFAULT")


def without(table, constraint):
    """Take a constraint of the database away, so that only the invariant is left to see the breach."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")


def broken():
    return {finding.invariant.key for finding in look() if not finding.holds}


def faults_of(key):
    return next(finding.faults for finding in look() if finding.invariant.key == key)


def test_whole_data_has_no_breach(project):
    assert broken() == set()


def test_a_state_changed_by_hand_is_found(project):
    behind_the_back("UPDATE applications_project SET state = 'city_review' WHERE id = %s", project.pk)

    assert faults_of("1a") == [
        f"applications.project:{project.pk}：状态为 city_review，最后一次办理到 district_review。"
    ]


def test_a_record_born_in_a_later_state_is_found(project):
    behind_the_back("UPDATE applications_call SET state = 'closed' WHERE id = %s", project.call_id)

    assert len(faults_of("1a")) == 1


def test_a_move_without_ground_is_found(project):
    behind_the_back("UPDATE core_auditevent SET ground_id = NULL WHERE event = 'project.submitted'")

    assert "1b" in broken()


def test_a_ground_not_linked_to_its_project_is_found(project):
    behind_the_back("DELETE FROM applications_projectground WHERE project_id = %s", project.pk)

    assert broken() == {"1c"}


def test_a_changed_ground_is_found(project):
    behind_the_back("UPDATE core_ground SET title = '另一份' WHERE kind = 'declaration'")

    assert broken() == {"1d"}


def test_a_hold_lifted_without_ground_is_found(project):
    Hold.objects.create(
        project=project, kind=HoldKind.INSPECTION, note="现场核查", ground=people.ground(), placed_at=NOW
    )
    without("applications_hold", "a_lifted_hold_has_its_ground")
    behind_the_back("UPDATE applications_hold SET lifted_at = %s", moment(days=1))

    assert broken() == {"1e"}


def test_a_ceiling_passed_is_found(project):
    without("applications_determination", "a_determination_is_within_ceiling_and_limit")
    without("applications_determination", "columns_repeat_the_determination")
    behind_the_back("UPDATE applications_determination SET central = ceiling + 1")

    assert {"2a", "8a", "8b"} == broken()


def test_a_column_of_a_determination_cannot_be_changed_behind_its_result(project):
    with pytest.raises(IntegrityError, match="columns_repeat_the_determination"), transaction.atomic():
        behind_the_back('UPDATE applications_determination SET "limit" = NULL')


def test_a_changed_column_of_a_determination_is_found(project):
    without("applications_determination", "columns_repeat_the_determination")
    behind_the_back('UPDATE applications_determination SET "limit" = "limit" + 100')

    assert broken() == {"8a", "8b"}  # a column that differs from the result differs from the replay too


def test_a_determination_that_does_not_recompute_is_found(project):
    behind_the_back(
        """UPDATE applications_determination SET facts = jsonb_set(facts, '{invest_total}', '"1000000.00"')"""
    )

    assert broken() == {"8b"}


def test_a_policy_version_that_changed_is_found(project):
    behind_the_back("UPDATE applications_determination SET policy_digest = %s", "0" * 64)

    assert faults_of("8b")[0].endswith("政策版本 2025-03 的内容已变。")


def test_an_opinion_of_one_person_is_found(project):
    officer = people.district_officer()
    Opinion.objects.create(
        project=project, submission=project.current_submission, conclusion=Conclusion.RECOMMEND, text="可行",
        written_at=NOW, written_by=officer,
    )  # fmt: skip
    without("review_opinion", "the_person_who_countersigns_an_opinion_did_not_write_it")
    without("review_opinion", "a_countersigned_opinion_is_a_ground")
    behind_the_back("UPDATE review_opinion SET countersigned_by_id = written_by_id")

    assert broken() == {"6a"}


def test_a_bank_account_of_one_person_is_found(project):
    actor = project.created_by
    enterprise = actor.organisation
    services.enter_account(
        enterprise, holder=enterprise.name, bank="示例银行", cnaps="102221000012", number="6222000011112222",
        actor=actor, at=NOW,
    )  # fmt: skip
    without("applications_bankaccount", "the_person_who_confirms_an_account_did_not_enter_it")
    behind_the_back("UPDATE applications_bankaccount SET confirmed_by_id = entered_by_id, confirmed_at = entered_at")

    assert broken() == {"6b"}


def test_one_person_at_district_and_city_is_found(project):
    for event in ("project.recommended", "project.concluded"):
        audit.record(project, event, actor=people.User.objects.get(pk=project.created_by_id), at=NOW, label=event)

    assert broken() == {"6c"}


def test_one_person_on_both_levels_through_a_stand_in_is_found(project):
    lead, officer = people.bureau_lead(), people.bureau_officer()
    audit.record(project, "project.recommended", actor=lead, at=timezone.now(), label="推荐")
    stand_in(lead, officer)
    audit.record(project, "project.concluded", actor=officer, at=timezone.now(), label="评审通过")

    assert broken() == {"6c"}


def test_acting_for_another_without_a_delegation_is_found(project):
    lead, officer = people.district_lead(), people.district_officer()
    made = stand_in(lead, officer)
    audit.record(project, "project.noted", actor=officer, at=timezone.now(), label="记录")
    assert broken() == set()

    made.delete()

    assert broken() == {"6n"}


def stand_in(lead, officer):
    """The officer acts for the lead today."""
    day = timezone.localdate()
    made = delegations.delegate(lead, officer, from_on=day, to_on=day, reason="休假", actor=lead, at=timezone.now())
    officer._acts_for = lead
    return made


def test_somebody_who_sees_too_much_is_found(project, monkeypatch):
    from applications.models.projects import ProjectQuerySet

    people.expert()
    monkeypatch.setattr(ProjectQuerySet, "_visible_to_person", lambda rows, user: rows)

    assert "9a" in broken()


def test_a_draft_seen_by_others_is_found(project, monkeypatch):
    from applications.models.projects import ProjectQuerySet

    filing.started(of_call=project.call)
    people.supervisor()
    monkeypatch.setattr(ProjectQuerySet, "submitted", lambda rows: rows)

    assert broken() == {"9b"}


def test_an_administrator_of_two_roles_is_found(project):
    people.administrator().groups.add(role_group(Role.SUPERVISOR))

    assert "9c" in broken()


def test_an_assignment_open_after_the_review_is_found(project):
    expert = Expert.objects.create(user=people.expert())
    Assignment.objects.create(project=project, expert=expert, assigned_at=NOW, assigned_by=people.bureau_officer())

    assert broken() == {"9d"}


def test_an_expert_of_the_enterprise_is_found(project):
    expert = Expert.objects.create(user=people.expert(), employer=project.enterprise)
    Assignment.objects.create(
        project=project, expert=expert, assigned_at=NOW, assigned_by=people.bureau_officer(), open=False
    )

    assert broken() == {"6d"}


def test_a_missing_trigger_is_found(project):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("DROP TRIGGER applications_submission_is_append_only ON applications_submission")

    assert broken() == {"7a"}


def test_a_skipped_submission_is_found(project):
    behind_the_back("UPDATE applications_submission SET sequence = 3")

    assert "7b" in broken()


def test_lines_that_do_not_add_up_are_found(project):
    behind_the_back("UPDATE applications_submissionline SET amount = amount + 1 WHERE position = 1")

    assert broken() == {"7c"}


def test_a_gap_in_the_numbers_is_found(project):
    behind_the_back("UPDATE applications_numberseries SET last = last + 1")

    assert broken() == {"7d"}


def test_a_lost_file_is_found(project, own_files):
    for path in own_files.rglob("*"):
        if path.is_file():
            path.unlink()

    assert broken() == {"7e"}


def test_a_file_without_fingerprint_is_found(project):
    without("core_storedfile", "a_stored_file_has_its_whole_fingerprint")
    behind_the_back("UPDATE core_storedfile SET sha256 = 'none'")

    assert {"7e", "7f"} <= broken()


def test_a_filed_material_with_a_virus_is_found(project):
    material = project.submissions.get().materials.first()
    StoredFile.objects.filter(pk=material.file_id).update(scan_state="infected")

    assert faults_of("7h") == [f"申报材料 {material.pk}：发现病毒，不应已经提交。"]


def test_a_material_that_replaces_one_of_another_project_is_found(project):
    mine, foreign = (one.submissions.get().materials.first() for one in (project, filing.filed()))
    behind_the_back("UPDATE applications_submissionmaterial SET replaces_id = %s WHERE id = %s", foreign.pk, mine.pk)

    assert faults_of("7i") == [f"申报材料 {mine.pk}：替换的材料或盖章稿属于另一个项目。"]


def test_a_changed_event_is_found(project):
    behind_the_back("UPDATE core_auditevent SET summary = '改过' WHERE event = 'project.submitted'")

    assert broken() == {"10a"}


def test_checkpoints_out_of_order_are_found(project):
    audit.write_checkpoint(moment(days=1))
    audit.write_checkpoint(NOW)

    assert broken() == {"10b"}


def test_the_command_prints_a_row_for_each_and_ends_well(project):
    said = StringIO()

    call_command("check_invariants", stdout=said)

    rows = said.getvalue().splitlines()
    assert len([row for row in rows if " OK " in row]) == len(all_invariants())
    assert rows[-1] == f"{len(all_invariants())} invariants, 0 broken"


def test_the_command_ends_with_one_on_a_breach(project):
    Project.objects.filter(pk=project.pk).update(state=State.SETTLED)
    said = StringIO()

    with pytest.raises(SystemExit) as end:
        call_command("check_invariants", stdout=said)

    assert end.value.code == 1
    assert "1a   BREACH" in said.getvalue()


def test_verify_audit_names_what_was_changed(project):
    behind_the_back("UPDATE core_auditevent SET summary = '改过' WHERE event = 'project.submitted'")
    said = StringIO()

    with pytest.raises(SystemExit):
        call_command("verify_audit", stdout=said)

    assert "内容被改动" in said.getvalue()


def test_verify_audit_passes_on_a_whole_trail(project):
    moves.perform(
        project, "withdraw", actor=project.created_by, at=NOW, ground=people.ground(GroundKind.SIGNED_REQUEST)
    )
    said = StringIO()

    call_command("verify_audit", stdout=said)

    assert said.getvalue().strip().endswith("0 faults")


def test_an_investigator_who_touched_the_project_is_found(own_files):
    objection = reviewing.objection(reviewing.published())
    taken = reviewing.assigned_objection(objection)
    assert "6k" not in broken()
    project = objection.entry.project
    audit.record(project, "project.noted", actor=taken.assigned_to, at=moment(days=-1), label="记录")

    assert "6k" in broken()


def test_a_panel_member_who_judged_at_the_district_is_found(own_files):
    project = reviewing.scored(reviewing.under_review(of_call=reviewing.small_call()))
    member = people.bureau_officer()
    reviewing.panel(project, members=[member])
    assert "6l" not in broken()
    reviewing.district_hand(project, member)

    assert "6l" in broken()


def test_a_correction_by_one_person_is_found(project):
    one = people.correction(people.ground(by=people.bureau_lead()))
    without("core_correction", "whoever_countersigns_a_correction_did_not_propose_it")
    type(one).objects.filter(pk=one.pk).update(decided_by=one.proposed_by, decided_at=NOW)

    assert broken() == {"6m"}
