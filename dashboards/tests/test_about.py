"""The pages about the site: open to everybody, true of the site, and naming the right people."""

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from dashboards import about
from partnerships.models import Role
from partnerships.tests.factories import make_lead, make_link, make_member, make_user

PAGES = ["help", "accessibility", "privacy", "complaints"]
UNSET = dict.fromkeys(["name", "contact", "data_protection", "complaints"], "")


def url_of(name):
    return reverse(f"dashboards:{name}")


def text_of(client, name):
    return client.get(url_of(name)).content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_open_to_everybody(client, officer, as_user, name):
    answers = [one.get(url_of(name)).status_code for one in (client, as_user(officer))]

    assert answers == [200, 200]


@pytest.mark.parametrize("name", PAGES)
def test_the_page_only_reads(client, db, name):
    assert client.post(url_of(name)).status_code == 405


def test_every_page_leads_there_from_the_same_place(client, officer, as_user):
    foot = render_to_string("components/_foot.html")
    links = [line.strip() for line in foot.splitlines() if "<li>" in line]

    pages = [
        client.get(reverse("account_login")).content.decode(),
        as_user(officer).get("/").content.decode(),
        as_user(officer).get("/not/here/").content.decode(),
        render_to_string("500.html", {"detail": "", "reference": ""}),
    ]

    assert len(links) == len(PAGES)
    for page in pages:
        inside = page.partition("<footer")[2].partition("</footer>")[0]
        assert [line.strip() for line in inside.splitlines() if "<li>" in line] == links


# --- whom to ask ---------------------------------------------------------------------------
def test_a_member_is_told_the_managers_of_their_own_partnerships_alone(officer, manager, outsider):
    ended = make_member(manager.memberships.get().partnership, Role.MANAGER, ended_on="2026-01-01")

    contacts = about.whom_to_ask(officer)

    assert [(one.partnership, one.names) for one in contacts] == [
        ("Three Rivers", ["Dev Rowntree"])
    ]
    assert ended.user.name not in contacts[0].names
    assert [one.names for one in about.whom_to_ask(outsider)] == [["Otto Farr"]]


def test_a_lead_is_told_who_looks_after_the_school(partnership, officer):
    lead = make_lead(make_link(partnership, owner=officer)).user

    (contact,) = about.whom_to_ask(lead)

    assert (contact.partnership, contact.names) == ("Three Rivers", ["Jo Ferris"])


def test_nobody_is_named_to_who_is_not_signed_in(client, officer, manager):
    pages = [text_of(client, name) for name in PAGES]

    assert [page for page in pages if "Dev Rowntree" in page or "Three Rivers" in page] == []


def test_more_managers_take_no_more_queries(
    partnership, manager, as_user, django_assert_max_num_queries
):
    client = as_user(manager)
    client.get(url_of("help"))
    with django_assert_max_num_queries(50) as first:
        client.get(url_of("help"))
    for name in ("Ann Other", "Bea Other"):
        make_member(partnership, Role.MANAGER, user=make_user(name))

    with django_assert_max_num_queries(len(first)):
        assert "Ann Other, Bea Other, Dev Rowntree" in text_of(client, "help")


# --- who answers for the site --------------------------------------------------------------
@pytest.mark.parametrize("name", PAGES)
def test_where_the_site_has_not_said_whom_to_write_to_the_page_says_so(client, db, settings, name):
    settings.OPERATOR = UNSET

    page = text_of(client, name)

    assert "has not yet said whom to write to" in page
    assert "mailto:" not in page


@pytest.mark.parametrize(
    ("name", "particular"),
    [
        ("help", "contact"),
        ("accessibility", "contact"),
        ("privacy", "data_protection"),
        ("complaints", "complaints"),
    ],
)
def test_the_sites_own_address_is_given(client, db, settings, name, particular):
    settings.OPERATOR = UNSET | {particular: "someone@site.example"}

    assert 'href="mailto:someone@site.example"' in text_of(client, name)


# --- what the law asks to be said ----------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("accessibility", "partially compliant"),
        ("accessibility", "Equality and Human Rights Commission (EHRC)"),
        ("accessibility", "version 2.2, level AA"),
        ("complaints", "acknowledged within 30 days"),
        ("complaints", "Information Commissioner’s Office (ICO)"),
        ("privacy", "Data protection officer"),
        ("privacy", "No learner is named."),
    ],
)
def test_the_page_says_what_the_law_asks(client, db, name, said):
    assert said in text_of(client, name)


def test_the_privacy_notice_names_every_cookie_that_is_set(client, officer):
    officer.set_password("a password of many words")
    officer.save()
    client.get(reverse("account_login"))
    sent = {"login": officer.email, "password": "a password of many words"}
    client.post(reverse("account_login"), sent, follow=True)
    profile = {"name": "Jo Ferris", "theme": "dark"}
    client.post(reverse("accounts:profile"), profile)

    page = text_of(client, "privacy")

    assert {"sessionid", "csrftoken"} <= set(client.cookies)
    assert [
        name for name in client.cookies if f'<span class="fb-mono">{name}</span>' not in page
    ] == []


def test_the_administration_bears_our_name_and_leads_there_too(site_admin, as_user):
    page = as_user(site_admin).get(reverse("admin:index")).content.decode()

    assert "Footbridge administration" in page
    assert "Django administration" not in page
    assert [name for name in PAGES if f'href="{url_of(name)}"' not in page] == []
