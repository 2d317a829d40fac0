"""The demonstration: it fills every screen, is the same each time, and says no real name."""

import io
from datetime import date

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from accounts.models import User
from activities.models import Activity
from core.models import AuditEvent
from dashboards.demo import extract
from needs.models import Assessment, Need
from partnerships.models import Hub, Partnership, SchoolLink
from schools.models import Result, ResultFile

AS_AT = date(2026, 11, 21)
NAMED = ["officer", "hub", "manager", "evaluator", "viewer", "school", "admin", "outsider"]


def seed():
    out = io.StringIO()
    call_command("seed_demo", as_at=AS_AT, stdout=out)
    return out.getvalue()


def test_the_demonstration_fills_every_screen_once(db):
    first = seed()
    events = AuditEvent.objects.count()
    second = seed()

    rivers = Partnership.objects.get(slug="three-rivers")
    assert first == "Three Rivers works with 120 invented schools, as at 2026-11-21.\n"
    assert second == "The demonstration data is there already.\n"
    assert AuditEvent.objects.count() == events
    assert Hub.objects.filter(partnership=rivers).count() == 2
    assert SchoolLink.objects.filter(partnership=rivers).count() == 120
    assert Activity.objects.filter(partnership=rivers).count() > 600
    assert Activity.objects.exclude(partnership=rivers).exists()
    assert {"planned", "delivered", "cancelled"} == set(
        Activity.objects.values_list("status", flat=True)
    )
    assert Assessment.objects.filter(status="agreed").exists()
    assert Need.objects.filter(status="met").exists()
    assert not Result.objects.filter(reason="other").exists()
    assert Result.objects.filter(reason="suppressed").exists()
    assert ResultFile.objects.filter(not_in_register=0).count() == 6
    assert_people()
    mail.send_mail("Still sent", "afterwards", None, ["reader@example.org"])
    assert [letter.subject for letter in mail.outbox] == ["Still sent"]


def assert_people():
    """The accounts that are named stand ready, and different people did the work."""
    emails = {f"{name}@demo.footbridge.example" for name in NAMED}
    assert User.objects.filter(email__in=emails).count() == len(emails)
    assert User.objects.get(email__startswith="officer@").check_password("footbridge-demo")
    assert not User.objects.get(email__startswith="school@").has_usable_password()
    assert AuditEvent.objects.values("actor_id").distinct().count() > 10
    assert not AuditEvent.objects.exclude(action="register.imported").filter(actor_id=None)


def test_the_invented_register_is_the_same_each_time():
    assert extract.as_file().read() == extract.as_file().read()


def test_a_site_in_earnest_is_not_filled(db, settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="FOOTBRIDGE_DEMO=1"):
        call_command("seed_demo")
