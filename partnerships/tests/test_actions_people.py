from datetime import date

import pytest
from django.utils import timezone

from accounts.models import User
from core.models import AuditEvent, Job
from partnerships import actions
from partnerships.models import Membership, Partnership, Role, SchoolAccess, SchoolLink
from partnerships.tests.factories import make_hub, make_lead, make_link, make_member, make_user

pytestmark = pytest.mark.django_db


def add(partnership, by, **facts):
    facts = {"email": "new@example.org", "name": "Nia New", "role": Role.OFFICER, **facts}
    return actions.add_person(partnership, by=by, **facts)


def test_add_person_makes_a_person_without_a_password_and_writes_to_them(
    partnership, provider, hub, manager, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        membership = add(
            partnership, manager, email="New@Example.org", provider=provider, hubs=[hub]
        )

    assert membership.user.email == "new@example.org"
    assert not membership.user.has_usable_password()
    assert list(membership.hubs.all()) == [hub]
    [letter] = mailoutbox
    assert letter.to == ["new@example.org"]
    assert (
        "Dev Rowntree has added you to Three Rivers on Footbridge as: Outreach officer"
        in letter.body
    )
    assert "http://localhost:8000/accounts/login/code/" in letter.body
    event = AuditEvent.objects.get()
    assert (event.action, event.actor_id) == ("membership.added", manager.pk)
    assert event.changes == {"role": "officer", "provider": provider.pk, "hubs": [hub.pk]}


def test_add_person_with_a_password_sends_no_letter(
    partnership, manager, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        membership = add(partnership, manager, password="three words long")

    assert membership.user.check_password("three words long")
    assert mailoutbox == []


def test_add_person_reuses_who_is_known_by_the_address(partnership, manager, outsider):
    membership = add(partnership, manager, email=outsider.email.upper(), name="otto  FARR")

    assert membership.user == outsider
    assert User.objects.get(pk=outsider.pk).name == "Otto Farr"
    assert set(Partnership.objects.visible_to(outsider)) == {
        partnership,
        outsider.memberships.exclude(partnership=partnership).get().partnership,
    }


def test_a_stranger_is_taken_by_the_right_name_alone(partnership, link, manager, outsider):
    for invite in (
        lambda: add(partnership, manager, email=outsider.email, name="Another Name"),
        lambda: actions.admit_lead(link, email=outsider.email, name="Another Name", by=manager),
    ):
        with pytest.raises(actions.Refused) as refusal:
            invite()

        assert "under another name" in str(refusal.value)
        assert "Otto" not in str(refusal.value)


def test_add_person_refuses_who_works_here_already(partnership, manager, officer):
    with pytest.raises(actions.Refused, match="Jo Ferris works in Three Rivers already"):
        add(partnership, manager, email=officer.email)


def test_add_person_brings_back_who_had_left(partnership, manager, officer, hub):
    membership = officer.memberships.get()
    actions.end_person(membership, by=manager)

    again = add(partnership, manager, email=officer.email, role=Role.HUB, hubs=[hub])

    assert again.pk == membership.pk
    assert (again.role, again.ended_on, list(again.hubs.all())) == (Role.HUB, None, [hub])


def test_add_person_refuses_an_account_that_is_switched_off(partnership, manager):
    user = make_user(is_active=False)

    with pytest.raises(actions.Refused, match="switched off"):
        add(partnership, manager, email=user.email)


def test_add_person_refuses_a_lead_of_the_partnerships_school(partnership, manager, school_lead):
    with pytest.raises(actions.Refused, match="nobody speaks for both"):
        add(partnership, manager, email=school_lead.email)


def test_add_person_refuses_a_hub_of_another_partnership(partnership, manager, other_partnership):
    foreign = make_hub(other_partnership, "Dale hub")

    with pytest.raises(actions.Refused, match="another partnership"):
        add(partnership, manager, hubs=[foreign])

    assert not User.objects.filter(email="new@example.org").exists()


def test_change_person_sets_role_provider_and_hubs(partnership, manager, hub_officer, hub):
    moor = make_hub(partnership, "Moor hub")

    membership = actions.change_person(
        hub_officer.memberships.get(), role=Role.OFFICER, provider=None, hubs=[moor], by=manager
    )

    membership.refresh_from_db()
    assert (membership.role, membership.provider) == (Role.OFFICER, None)
    assert list(membership.hubs.all()) == [moor]
    assert AuditEvent.objects.get().action == "membership.changed"


def test_change_person_keeps_the_last_manager(manager):
    membership = manager.memberships.get()

    with pytest.raises(actions.Refused, match="last manager"):
        actions.change_person(membership, role=Role.VIEWER, provider=None, hubs=[], by=manager)

    membership.refresh_from_db()
    assert membership.role == Role.MANAGER


def test_end_person_ends_what_they_see(officer, manager, partnership):
    actions.end_person(officer.memberships.get(), by=manager, on=date(2026, 5, 4))

    assert officer.memberships.get().ended_on == date(2026, 5, 4)
    assert list(Partnership.objects.visible_to(officer)) == []
    assert AuditEvent.objects.get().changes == {"ended_on": "2026-05-04"}


def test_end_person_twice_is_refused(officer, manager):
    membership = officer.memberships.get()
    actions.end_person(membership, by=manager)

    with pytest.raises(actions.Refused, match="ended already"):
        actions.end_person(membership, by=manager)


def test_end_person_keeps_the_last_manager(manager):
    with pytest.raises(actions.Refused, match="Make somebody else a manager first"):
        actions.end_person(manager.memberships.get(), by=manager)


def test_end_person_lets_a_manager_go_when_another_stays(partnership, manager):
    make_member(partnership, Role.MANAGER)

    actions.end_person(manager.memberships.get(), by=manager)

    assert manager.memberships.get().ended_on == timezone.localdate()


def test_end_person_does_not_count_a_manager_who_is_switched_off(partnership, manager):
    make_member(partnership, Role.MANAGER, user=make_user(is_active=False))

    with pytest.raises(actions.Refused, match="last manager"):
        actions.end_person(manager.memberships.get(), by=manager)


def test_admit_lead_shows_them_their_school_only(
    link, manager, partnership, mailoutbox, django_capture_on_commit_callbacks
):
    make_link(partnership)

    with django_capture_on_commit_callbacks(execute=True):
        access = actions.admit_lead(
            link, email="head@saltmere.example", name="Robin Calloway", job_title="Head", by=manager
        )

    assert list(SchoolLink.objects.visible_to(access.user)) == [link]
    assert not access.user.has_usable_password()
    [letter] = mailoutbox
    assert letter.subject == "Three Rivers asks you to write Saltmere Academy’s side"
    assert "Open this address and type head@saltmere.example" in letter.body
    event = AuditEvent.objects.get()
    assert (event.action, event.target_id) == ("school_access.admitted", str(access.pk))


def test_admit_lead_refuses_who_works_in_the_partnership(link, officer, manager):
    with pytest.raises(actions.Refused, match="nobody speaks for both"):
        actions.admit_lead(link, email=officer.email, name="Jo", by=manager)


def test_admit_lead_twice_is_refused_and_after_an_end_reopens(link, school_lead, manager):
    with pytest.raises(actions.Refused, match="is a school lead of Saltmere Academy already"):
        actions.admit_lead(link, email=school_lead.email, name="Robin", by=manager)
    access = actions.end_lead(school_lead.school_accesses.get(), by=manager)

    again = actions.admit_lead(link, email=school_lead.email, name="Robin", by=manager)

    assert (again.pk, again.ended_on) == (access.pk, None)


def test_end_lead_shuts_the_school_to_them(link, school_lead, manager):
    access = actions.end_lead(school_lead.school_accesses.get(), by=manager)

    assert list(SchoolLink.objects.visible_to(school_lead)) == []
    assert AuditEvent.objects.get().action == "school_access.ended"
    with pytest.raises(actions.Refused, match="ended already"):
        actions.end_lead(access, by=manager)


def test_nothing_is_left_behind_when_auditing_fails(partnership, link, officer, manager, no_audit):
    membership = officer.memberships.get()
    access = make_lead(link)

    with pytest.raises(no_audit):
        add(partnership, manager)
    with pytest.raises(no_audit):
        actions.change_person(membership, role=Role.VIEWER, provider=None, hubs=[], by=manager)
    with pytest.raises(no_audit):
        actions.end_person(membership, by=manager)
    with pytest.raises(no_audit):
        actions.admit_lead(link, email="new@example.org", name="Nia New", by=manager)
    with pytest.raises(no_audit):
        actions.end_lead(access, by=manager)

    assert not User.objects.filter(email="new@example.org").exists()
    assert Membership.objects.get(pk=membership.pk).role == Role.OFFICER
    assert Membership.objects.get(pk=membership.pk).ended_on is None
    assert list(SchoolAccess.objects.filter(ended_on=None)) == [access]


def test_end_person_takes_the_files_of_their_jobs_away(partnership, manager, officer):
    other = make_user()
    jobs = [
        Job.objects.create(owner=owner, title="Export", kind="x", partnership_id=at, file="x.csv")
        for owner, at in [
            (officer, partnership.pk),
            (officer, None),
            (officer, partnership.pk + 1),
            (other, partnership.pk),
        ]
    ]

    actions.end_person(Membership.objects.get(user=officer), by=manager)

    left = Job.objects.exclude(file="").order_by("pk")
    assert list(left) == jobs[2:]
