import pytest

from core.models import AuditEvent
from partnerships import actions
from partnerships.models import Hub, Partnership, Provider

pytestmark = pytest.mark.django_db


def events():
    return list(AuditEvent.objects.order_by("pk").values_list("action", "actor_id"))


def test_found_partnership_makes_it_without_people(site_admin):
    partnership = actions.found_partnership(name="Vale", slug="vale", by=site_admin)

    assert (partnership.name, partnership.slug) == ("Vale", "vale")
    assert events() == [("partnership.founded", site_admin.pk)]
    assert AuditEvent.objects.get().partnership_id == partnership.pk


def test_found_partnership_refuses_a_name_or_slug_that_is_taken(partnership, site_admin):
    with pytest.raises(actions.Refused, match="called THREE RIVERS already"):
        actions.found_partnership(name="THREE RIVERS", slug="new", by=site_admin)
    with pytest.raises(actions.Refused, match="short name"):
        actions.found_partnership(name="New", slug=partnership.slug, by=site_admin)

    assert Partnership.objects.count() == 1


def test_add_hub_and_provider_are_recorded(partnership, manager):
    hub = actions.add_hub(partnership, name="Moor hub", by=manager)
    provider = actions.add_provider(partnership, name="Vale College", ukprn=10001234, by=manager)

    assert (hub.partnership, provider.partnership) == (partnership, partnership)
    assert provider.ukprn == 10001234
    assert events() == [("hub.added", manager.pk), ("provider.added", manager.pk)]


def test_add_hub_refuses_a_name_twice_in_one_partnership(hub, partnership, manager):
    with pytest.raises(actions.Refused, match="has a hub called coast hub already"):
        actions.add_hub(partnership, name="coast hub", by=manager)

    assert Hub.objects.count() == 1


def test_add_hub_lets_another_partnership_use_the_name(hub, other_partnership, outsider):
    actions.add_hub(other_partnership, name=hub.name, by=outsider)

    assert Hub.objects.filter(name=hub.name).count() == 2


def test_rename_hub_keeps_the_row(hub, manager):
    renamed = actions.rename_hub(hub, name="Shore hub", by=manager)

    assert (renamed.pk, renamed.name) == (hub.pk, "Shore hub")
    assert AuditEvent.objects.get().changes == {"name": ["Coast hub", "Shore hub"]}


def test_rename_hub_to_its_own_name_in_other_letters(hub, manager):
    assert actions.rename_hub(hub, name="COAST HUB", by=manager).name == "COAST HUB"


def test_rename_hub_refuses_the_name_of_another(hub, partnership, manager):
    actions.add_hub(partnership, name="Moor hub", by=manager)

    with pytest.raises(actions.Refused, match="already"):
        actions.rename_hub(hub, name="Moor hub", by=manager)


def test_set_recent_contact_records_both_values(partnership, manager):
    actions.set_recent_contact(partnership, days=30, by=manager)

    partnership.refresh_from_db()
    assert partnership.recent_contact_days == 30
    assert AuditEvent.objects.get().changes == {"recent_contact_days": [42, 30]}


@pytest.mark.parametrize("days", [0, 366])
def test_set_recent_contact_refuses_what_is_out_of_range(partnership, manager, days):
    with pytest.raises(actions.Refused, match="between 1 and 365"):
        actions.set_recent_contact(partnership, days=days, by=manager)


def test_nothing_is_founded_when_auditing_fails(partnership, hub, manager, no_audit):
    with pytest.raises(no_audit):
        actions.found_partnership(name="Vale", slug="vale", by=manager)
    with pytest.raises(no_audit):
        actions.add_hub(partnership, name="Moor hub", by=manager)
    with pytest.raises(no_audit):
        actions.add_provider(partnership, name="Vale College", by=manager)
    with pytest.raises(no_audit):
        actions.rename_hub(hub, name="Shore hub", by=manager)
    with pytest.raises(no_audit):
        actions.set_recent_contact(partnership, days=3, by=manager)

    hub.refresh_from_db()
    partnership.refresh_from_db()
    assert Partnership.objects.count() == 1
    assert [hub.name for hub in Hub.objects.all()] == ["Coast hub"]
    assert not Provider.objects.filter(name="Vale College").exists()
    assert partnership.recent_contact_days == 42
