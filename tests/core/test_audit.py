"""The audit chain: whatever is changed, removed, inserted or reordered behind its back is found."""

import pytest
from django.db import DatabaseError, connection, transaction

from core import audit
from core.models import AuditEvent, AuditStream
from core.people import SYSTEM
from tests.factories.core import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain():
    for number in range(4):
        audit.record("probe", f"probe.{number}", actor=SYSTEM, at=NOW, label=f"第 {number} 件", facts={"n": number})
    return AuditEvent.objects.filter(stream="probe")


def behind_the_back(sql):
    """Change the table as an intruder with the database's own rights would."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET session_replication_role = DEFAULT")


def test_an_honest_chain_verifies(chain):
    audit.write_checkpoint(NOW)

    assert list(audit.faults()) == []


def test_the_database_refuses_to_change_an_event(chain):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        chain.update(label="别的")


def test_the_database_refuses_to_delete_an_event(chain):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        chain.filter(sequence=4).delete()


@pytest.mark.parametrize(
    ("attack", "finding"),
    [
        ("UPDATE core_auditevent SET summary = '改' WHERE stream = 'probe' AND sequence = 2", "内容被改动"),
        ("DELETE FROM core_auditevent WHERE stream = 'probe' AND sequence = 2", "缺失"),
        ("DELETE FROM core_auditevent WHERE stream = 'probe' AND sequence = 4", "链头与事件不符"),
        (
            "UPDATE core_auditevent SET sequence = CASE sequence WHEN 2 THEN 30 ELSE sequence END "
            "WHERE stream = 'probe'",
            "缺失",
        ),
    ],
)
def test_an_attack_on_events_is_found(chain, attack, finding):
    behind_the_back(attack)

    assert any(finding in fault for fault in audit.faults())


def test_a_stream_removed_with_its_head_is_found_by_the_checkpoint(chain):
    audit.write_checkpoint(NOW)
    behind_the_back("DELETE FROM core_auditevent WHERE stream = 'probe'")
    AuditStream.objects.filter(name="probe").delete()

    assert [fault for fault in audit.faults() if "已不存在" in fault] == [f"检查点 {last()}：probe 的第 4 条已不存在。"]


def last():
    return audit.AuditCheckpoint.objects.latest("pk").pk


def test_a_checkpoint_holds_only_heads_that_moved(chain):
    audit.write_checkpoint(NOW)
    audit.record("other", "other.made", actor=SYSTEM, at=NOW, label="另一件")

    assert list(audit.write_checkpoint(NOW).heads) == ["other"]


def test_many_events_are_written_with_few_queries(chain, django_assert_max_num_queries):
    entries = [audit.Entry(f"bulk:{n}", "bulk.made", "批量") for n in range(50)]

    with django_assert_max_num_queries(7):
        audit.record_many(entries, actor=SYSTEM, at=NOW)

    assert AuditEvent.objects.filter(event="bulk.made").count() == 50
