import pytest
from django.core.management import CommandError, call_command

from partnerships.models import Membership, Partnership, Role

pytestmark = pytest.mark.django_db


def found(name, manager):
    call_command("found_partnership", name, manager=manager, manager_name="Mo Manager")


def test_found_partnership_makes_it_with_its_first_manager(
    mailoutbox, django_capture_on_commit_callbacks, capsys
):
    with django_capture_on_commit_callbacks(execute=True):
        found("Vale of Elm", "mo@example.org")

    membership = Membership.objects.get(partnership__slug="vale-of-elm")
    assert (membership.user.email, membership.role) == ("mo@example.org", Role.MANAGER)
    assert "We have added you to Vale of Elm" in mailoutbox[0].body
    assert "mo@example.org has been written to" in capsys.readouterr().out


def test_found_partnership_refuses_a_name_twice_or_a_bad_address(partnership):
    with pytest.raises(CommandError, match="called Three Rivers already"):
        found("Three Rivers", "mo@example.org")
    with pytest.raises(CommandError, match="valid email address"):
        found("Vale", "nobody")

    assert Partnership.objects.count() == 1
