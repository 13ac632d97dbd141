"""The pages of calendar and jobs: who gets in, what is written, what a mistake gives back."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core import accounts, calendar, files, jobs
from core.models import AuditEvent, DayOverride, Job, Role, User

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def person(name, *roles):
    user = User.objects.create(username=name, name=name)
    for role in roles:
        user.groups.add(accounts.role_group(role))
    return user


@pytest.fixture(autouse=True)
def _settings(settings, tmp_path):
    settings.JOBS = {"three": "tests.core.job_samples.three_steps", "refuses": "tests.core.job_samples.refuses"}
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        },
    }
    calendar.look_again()
    yield
    calendar.look_again()


@pytest.fixture
def keeper(client):
    user = person("admin", Role.ADMINISTRATOR)
    client.force_login(user)
    return user


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR, Role.BUREAU_LEAD}))
def test_the_calendar_is_kept_by_few(client, role):
    client.force_login(person("other", role))
    for address in (reverse("calendar"), reverse("calendar_new_day")):
        assert client.get(address).status_code == 403


def test_strangers_are_sent_to_the_login(client):
    for name in ("calendar", "calendar_new_day", "jobs"):
        assert client.get(reverse(name))["Location"].startswith("/accounts/login/")


def test_a_new_day_is_written_with_its_source_and_audited(client, keeper):
    said = {"date": "2027-10-01", "is_workday": "0", "name": "国庆节", "source": "国办发明电〔2026〕9号"}
    answer = client.post(reverse("calendar_new_day"), said)
    assert answer["Location"] == "/calendar/?year=2027"
    row = DayOverride.objects.get(date=date(2027, 10, 1))
    assert (row.is_workday, row.edited_by) == (False, keeper)
    event = AuditEvent.objects.get(event="calendar.day_set")
    assert (event.actor, event.summary) == (keeper, "2027-10-01：未登记 → 放假（国庆节）")
    assert not calendar.is_working_day(date(2027, 10, 1))


def test_a_day_is_changed_and_counts_at_once(client, keeper):
    row = DayOverride.objects.create(date=date(2026, 3, 6), is_workday=False, name="临时", source="x", edited_at=NOW)
    page = client.get(reverse("calendar_day", args=[row.pk])).content.decode()
    assert "2026年3月6日" in page
    client.post(reverse("calendar_day", args=[row.pk]), {"is_workday": "1", "name": "照常上班", "source": "更正"})
    row.refresh_from_db()
    assert (row.is_workday, row.name) == (True, "照常上班")
    assert calendar.is_working_day(date(2026, 3, 6))


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("date", "2027-13-01", "日期不正确"),
        ("date", "1999-10-01", "请检查年份"),
        ("date", "2026-10-01", "已在表中"),
        ("name", "", "请填写名称"),
        ("is_workday", "2", "不在可选范围"),
        ("source", "长" * 201, "200"),
    ],
)
def test_a_mistake_comes_back_with_what_was_typed(client, keeper, field, value, reason):
    DayOverride.objects.create(date=date(2026, 10, 1), is_workday=False, name="国庆节", source="x", edited_at=NOW)
    said = {"date": "2027-10-01", "is_workday": "0", "name": "国庆节", "source": "国办发明电", field: value}
    answer = client.post(reverse("calendar_new_day"), said)
    page = answer.content.decode()
    assert (answer.status_code, reason in page, "data-error-summary" in page) == (200, True, True)
    assert "国办发明电" in page or field == "source"
    assert DayOverride.objects.count() == 1


def test_an_unpublished_year_says_so_and_a_wild_one_is_not_found(client, keeper):
    assert "尚未录全" in client.get(reverse("calendar"), {"year": 2027}).content.decode()
    for year in ("abc", "99999", "-1"):
        assert client.get(reverse("calendar"), {"year": year}).status_code == 404


def test_the_calendar_page_asks_as_often_for_many_days_as_for_one(client, keeper, django_assert_max_num_queries):
    DayOverride.objects.create(
        date=date(2026, 1, 1), is_workday=False, name="x", source="x", edited_at=NOW, edited_by=keeper
    )
    with django_assert_max_num_queries(12) as one:
        client.get(reverse("calendar"), {"year": 2026})
    for n in range(1, 31):
        DayOverride.objects.create(
            date=date(2026, 1, 1) + timedelta(n),
            is_workday=False,
            name="x",
            source="x",
            edited_at=NOW,
            edited_by=keeper,
        )
    calendar.look_again()
    calendar.is_working_day(date(2026, 1, 1))  # the table has changed: it is read once more, here
    with django_assert_max_num_queries(12) as many:
        client.get(reverse("calendar"), {"year": 2026})
    assert abs(len(one) - len(many)) <= 1


@pytest.fixture
def wang(client):
    user = person("wang", Role.BUREAU_OFFICER)
    client.force_login(user)
    return user


def test_a_running_job_asks_again_by_itself_with_and_without_script(client, wang):
    job = jobs.enqueue("three", by=wang, title="批量通知书", facts={"back": "/desk/"})
    page = client.get(reverse("job", args=[job.pk])).content.decode()
    assert 'hx-trigger="every 2s"' in page
    assert "查看最新进度</a></p></noscript>" in page
    assert 'href="/desk/"' in page
    jobs.run(job.pk)
    page = client.get(reverse("job", args=[job.pk])).content.decode()
    assert ("every 2s" in page, "查看最新进度" in page, "下载 结果.pdf" in page) == (False, False, True)


def test_the_result_is_downloaded_by_its_owner_only(client, wang):
    job = jobs.enqueue("three", by=wang)
    jobs.run(job.pk)
    answer = client.get(reverse("job_result", args=[job.pk]))
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert answer["Cache-Control"] == "private, no-store"
    client.force_login(person("li", Role.BUREAU_OFFICER, Role.ADMINISTRATOR))
    for name in ("job", "job_result"):
        assert client.get(reverse(name, args=[job.pk])).status_code == 404
    assert client.post(reverse("job_again", args=[job.pk])).status_code == 404


def test_a_failed_job_says_why_and_starts_again(client, wang):
    job = jobs.enqueue("refuses", by=wang)
    jobs.run(job.pk)
    assert "请先放宽筛选条件" in client.get(reverse("job", args=[job.pk])).content.decode()
    assert client.get(reverse("job_again", args=[job.pk])).status_code == 405
    assert client.post(reverse("job_again", args=[job.pk])).status_code == 302
    job.refresh_from_db()
    assert job.state == "waiting"
    assert client.get(reverse("job_result", args=[job.pk])).status_code == 404


def test_a_foreign_address_to_return_to_is_not_shown(client, wang):
    job = jobs.enqueue("three", by=wang, facts={"back": "https://evil.example/"})
    assert "evil.example" not in client.get(reverse("job", args=[job.pk])).content.decode()


def test_the_list_of_jobs_asks_as_often_for_many_as_for_one(client, wang, django_assert_max_num_queries):
    file = files.store_bytes(b"%PDF-1.7\n%%EOF", name="x.pdf", kind="x", by=wang, at=NOW)

    def ask():
        with django_assert_max_num_queries(12) as asked:
            assert client.get(reverse("jobs")).status_code == 200
        return len(asked)

    Job.objects.create(kind="three", created_by=wang, created_at=NOW, lease_until=NOW, result_file=file)
    client.get(reverse("jobs"))
    one = ask()
    Job.objects.bulk_create(
        Job(kind="three", created_by=wang, created_at=NOW, lease_until=NOW, result_file=file) for _ in range(40)
    )
    assert ask() == one
