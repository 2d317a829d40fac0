import pytest

from accounts.models import User
from core.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("asked", "to"),
    [
        ("/partnerships/?q=1", "/partnerships/?q=1"),
        ("https://elsewhere.example/", "/accounts/profile/"),
        ("//elsewhere.example", "/accounts/profile/"),
        ("", "/accounts/profile/"),
    ],
)
def test_theme_is_kept_and_leads_back_to_our_own_pages(as_user, officer, asked, to):
    response = as_user(officer).post("/accounts/theme/", {"theme": "dark", "next": asked})

    officer.refresh_from_db()
    assert (officer.theme, response.url) == ("dark", to)


def test_theme_of_the_device_is_a_choice(as_user, officer):
    User.objects.filter(pk=officer.pk).update(theme="dark")

    as_user(officer).post("/accounts/theme/", {"theme": ""})

    officer.refresh_from_db()
    assert officer.theme == ""


def test_theme_takes_posts_of_known_looks_from_who_is_signed_in(as_user, officer):
    assert as_user(officer).get("/accounts/theme/").status_code == 405
    assert as_user(officer).post("/accounts/theme/", {"theme": "pink"}).status_code == 400
    assert "/login/" in as_user().post("/accounts/theme/", {"theme": "dark"}).url
    officer.refresh_from_db()
    assert officer.theme == ""


@pytest.mark.parametrize("player", ["officer", "viewer", "school_lead", "outsider", "site_admin"])
def test_profile_is_everybodys_own(player, request, as_user):
    user = request.getfixturevalue(player)

    response = as_user(user).get("/accounts/profile/")

    assert response.status_code == 200
    assert user.email in response.content.decode()


def test_profile_saves_name_and_look(as_user, officer):
    response = as_user(officer).post("/accounts/profile/", {"name": "Jo Fern", "theme": "light"})

    officer.refresh_from_db()
    event = AuditEvent.objects.get()
    assert response.url == "/accounts/profile/"
    assert (officer.name, officer.theme) == ("Jo Fern", "light")
    assert (event.action, event.changes) == ("user.changed", {"fields": ["name", "theme"]})


def test_profile_needs_a_name(as_user, officer):
    page = as_user(officer).post("/accounts/profile/", {"name": ""}).content.decode()

    officer.refresh_from_db()
    assert "<title>Error: " in page
    assert officer.name == "Jo Ferris"
