"""The partnership itself, its providers, its hubs and its settings."""

from django.db import IntegrityError, transaction

from core import audit
from partnerships.actions.refusals import Refused
from partnerships.models import Hub, Partnership, Provider

LONGEST_RECENT = 365


@transaction.atomic
def found_partnership(*, name, slug, by, programme=None):
    """Make a partnership without people; `add_person` brings its first manager."""
    if Partnership.objects.filter(name__iexact=name).exists():
        raise Refused(f"There is a partnership called {name} already.")
    if Partnership.objects.filter(slug=slug).exists():
        raise Refused(f"There is a partnership with the short name {slug} already.")
    try:
        with transaction.atomic():
            partnership = Partnership.objects.create(name=name, slug=slug, programme=programme)
    except IntegrityError as error:
        raise Refused(f"Somebody else has just founded {name}.") from error
    audit.record("partnership.founded", partnership, by=by, partnership_id=partnership.pk)
    return partnership


@transaction.atomic
def add_provider(partnership, *, name, by, ukprn=None):
    """Add a university, college or other body that delivers for the partnership."""
    _free_name(Provider, partnership, name, "provider")
    provider = Provider.objects.create(partnership=partnership, name=name, ukprn=ukprn)
    audit.record("provider.added", provider, by=by)
    return provider


@transaction.atomic
def add_hub(partnership, *, name, by):
    """Add a team that looks after a group of schools."""
    _free_name(Hub, partnership, name, "hub")
    hub = Hub.objects.create(partnership=partnership, name=name)
    audit.record("hub.added", hub, by=by)
    return hub


@transaction.atomic
def rename_hub(hub, *, name, by):
    """Give a hub another name; everything it looks after stays with it."""
    partnership = hub.partnership
    hub = Hub.objects.select_for_update(of=("self",)).get(pk=hub.pk)
    _free_name(Hub, partnership, name, "hub", but=hub)
    before, hub.name = hub.name, name
    hub.save(update_fields=["name", "updated_at"])
    audit.record("hub.renamed", hub, by=by, changes={"name": [before, name]})
    return hub


@transaction.atomic
def set_recent_contact(partnership, *, days, by):
    """Say after how many days without contact a school is shown as left alone."""
    if not 1 <= days <= LONGEST_RECENT:
        raise Refused(f"Choose between 1 and {LONGEST_RECENT} days.")
    partnership = Partnership.objects.select_for_update(of=("self",), no_key=True).get(
        pk=partnership.pk
    )
    before, partnership.recent_contact_days = partnership.recent_contact_days, days
    partnership.save(update_fields=["recent_contact_days", "updated_at"])
    audit.record(
        "partnership.recent_contact_set",
        partnership,
        by=by,
        changes={"recent_contact_days": [before, days]},
        partnership_id=partnership.pk,
    )
    return partnership


def _free_name(model, partnership, name, noun, but=None):
    Partnership.objects.select_for_update(of=("self",), no_key=True).get(pk=partnership.pk)
    same = model.objects.filter(partnership=partnership, name__iexact=name)
    if but is not None:
        same = same.exclude(pk=but.pk)
    if same.exists():
        raise Refused(f"{partnership} has a {noun} called {name} already.")
