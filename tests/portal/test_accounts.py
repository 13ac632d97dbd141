"""Signing in and out, the demonstration's entry, and pages for what went wrong."""

import pytest
from django.contrib.auth import get_user
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory

from core.models import AuditEvent
from portal.demo_accounts import PASSWORD
from portal.views import errors
from tests.factories import core as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def wang():
    user = people.bureau_officer()
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client, user, password=PASSWORD, **more):
    return client.post("/accounts/login/", {"username": user.username, "password": password, **more})


def events_of(user):
    return list(AuditEvent.objects.filter(stream__contains=str(user.pk)).values_list("event", flat=True))


def test_a_person_signs_in_and_lands_on_the_desk(client, wang):
    response = sign_in(client, wang)
    assert response.url == "/desk/"
    assert get_user(client).pk == wang.pk
    assert "person.signed_in" in events_of(wang)


def test_one_comes_back_to_the_page_that_asked_for_the_login(client, wang):
    assert client.get("/desk/").url == "/accounts/login/?next=/desk/"
    assert sign_in(client, wang, next="/accounts/password/").url == "/accounts/password/"
    client.logout()
    assert sign_in(client, wang, next="https://elsewhere.example/").url == "/desk/"


def test_a_wrong_password_says_what_to_do_and_is_kept(client, wang):
    response = sign_in(client, wang, password="wrong")
    text = response.content.decode()
    assert "账号或密码不正确" in text and f'value="{wang.username}"' in text
    assert "wrong" not in text
    assert "person.sign_in_refused" in events_of(wang)


def test_an_unknown_name_is_answered_alike_and_not_kept(client):
    response = client.post("/accounts/login/", {"username": "my-secret", "password": "x"})
    assert "账号或密码不正确" in response.content.decode()
    assert not AuditEvent.objects.filter(summary__contains="my-secret").exists()


def test_five_wrong_passwords_lock_the_account(client, wang, settings):
    settings.AXES_ENABLED = True
    for _ in range(5):
        response = sign_in(client, wang, password="wrong")
    assert response.status_code == 429
    assert "这个账号暂停登录" in response.content.decode()
    assert sign_in(client, wang).status_code == 429


def test_signing_out_takes_a_post(client, wang):
    client.force_login(wang)
    assert client.get("/accounts/logout/").status_code == 405
    assert client.post("/accounts/logout/").url == "/"
    assert not get_user(client).is_authenticated
    assert "person.signed_out" in events_of(wang)


def test_demonstration_accounts_are_listed_in_demo_mode_only(client, settings):
    person = people.district_officer()
    settings.DEMO = True
    shown = client.get("/accounts/login/", {"all": "1"}).content.decode()
    assert f'value="{person.username}"' in shown and PASSWORD in shown
    settings.DEMO = False
    hidden = client.get("/accounts/login/", {"all": "1"}).content.decode()
    assert person.username not in hidden and PASSWORD not in hidden


def test_one_click_enters_a_demonstration_account(client, settings, wang):
    settings.DEMO = True
    assert client.post("/accounts/demo-login/", {"username": wang.username}).url == "/desk/"
    assert get_user(client).pk == wang.pk


def test_outside_demo_mode_there_is_no_one_click(client, settings, wang):
    settings.DEMO = False
    assert client.post("/accounts/demo-login/", {"username": wang.username}).status_code == 404
    assert not get_user(client).is_authenticated


def test_one_click_opens_no_account_with_a_password_of_its_own(client, settings):
    settings.DEMO = True
    person = people.finance_lead()
    person.set_password("a-password-of-his-own")
    person.save()
    assert client.post("/accounts/demo-login/", {"username": person.username}).url == "/accounts/login/"
    assert not get_user(client).is_authenticated


def test_a_password_is_changed_by_its_owner(client, wang):
    client.force_login(wang)
    new = "鲸鱼-blue-2026-lake"
    typed = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post("/accounts/password/", typed).url == "/accounts/password/"
    wang.refresh_from_db()
    assert wang.check_password(new)
    assert "person.changed_password" in events_of(wang)


def test_a_weak_password_comes_back_with_its_reasons(client, wang):
    client.force_login(wang)
    typed = {"old_password": PASSWORD, "new_password1": "1234", "new_password2": "1234"}
    page = client.post("/accounts/password/", typed).content.decode()
    assert "处需要改正" in page and 'aria-invalid="true"' in page


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/accounts/forgotten/"])
def test_public_pages_open_without_an_account(client, path):
    assert client.get(path).status_code == 200


def test_the_frame_names_the_person_and_offers_the_way_out(client, wang):
    client.force_login(wang)
    page = client.get("/desk/").content.decode()
    assert wang.name in page and "市工信局经办" in page
    assert 'action="/accounts/logout/"' in page
    assert 'aria-current="page">工作台' in page


def test_large_type_is_kept_in_a_cookie(client):
    response = client.post("/type-size/", {"size": "large", "next": "/accounts/login/"})
    assert response.url == "/accounts/login/"
    assert 'data-type="large"' in client.get("/").content.decode()
    client.post("/type-size/", {"size": "normal"})
    assert "data-type" not in client.get("/").content.decode()


def test_large_type_leads_nowhere_else(client):
    assert client.post("/type-size/", {"next": "https://elsewhere.example/"}).url == "/"


def test_a_page_that_is_not_there_says_so(client, wang):
    client.force_login(wang)
    response = client.get("/nothing/here/")
    assert response.status_code == 404
    assert "没有找到这个页面" in response.content.decode()


def test_a_page_of_another_desk_says_why_and_is_kept(client, wang, rf: RequestFactory):
    request = rf.get("/somewhere/")
    request.user = wang
    response = errors.forbidden(request, PermissionDenied("这个页面由其他岗位办理。"))
    assert response.status_code == 403
    assert "这个页面由其他岗位办理。" in response.content.decode()
    assert events_of(wang)[-1] == "person.page_refused"


def test_a_form_from_elsewhere_is_refused_in_words(wang):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/accounts/login/", {"username": wang.username, "password": PASSWORD})
    assert response.status_code == 403
    assert "页面已过期" in response.content.decode()


def test_the_page_of_a_fault_asks_nothing_of_the_database(rf, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = errors.server_error(rf.get("/"))
    assert response.status_code == 500
    assert "不会只办一半" in response.content.decode()


def test_no_page_carries_script_or_style_of_its_own(client, settings):
    settings.DEMO = True
    for path in ("/", "/accounts/login/", "/styleguide/", "/styleguide/?form=errors"):
        page = client.get(path).content.decode()
        assert " style=" not in page and "<style" not in page and " onclick=" not in page
        assert "<script>" not in page


def test_the_styleguide_is_not_for_the_public(client, settings):
    settings.DEMO = settings.DEBUG = settings.TESTING = False
    assert client.get("/styleguide/").status_code == 404
