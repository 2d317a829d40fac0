"""The last file of links, taken back with what it alone joined."""

import pytest
from django.core.management import call_command
from django.db import connection

from core.models import AuditEvent
from schools.fetching import nightly
from schools.lineage import import_links, undo_links
from schools.models import Establishment, EstablishmentLink, LoadedFile, School
from schools.register import Refused, import_file, undo_run
from schools.tests import extract
from schools.tests.extract import CLOSED, Extract, row, rows

pytestmark = pytest.mark.django_db
HEADER = "URN,LinkURN,LinkName,LinkType,LinkEstablishedDate"
CHAIN = ("900001,900002,B,Successor,01-09-2012", "900003,900002,B,Predecessor,")


def links(*lines, name="links.csv"):
    return Extract("\r\n".join([HEADER, *lines, ""]).encode(), name)


def state():
    """Every link, and which School each register row belongs to, with all that Schools hold."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT md5(string_agg(s::text, ' ' ORDER BY id)) FROM schools_school s")
        schools = cursor.fetchone()
    facts = ("code", "linked_code", "type", "established_on", "name")
    return (
        schools,
        list(EstablishmentLink.objects.order_by(*facts).values_list(*facts)),
        dict(Establishment.objects.values_list("code", "school")),
    )


def schools_of(*codes):
    found = Establishment.objects.filter(code__in=codes)
    return found.order_by().values("school").distinct().count()


@pytest.fixture
def register(db):
    """Two schools that closed, and others that are open; none is joined."""
    closed = [row("900001", "First", **CLOSED), row("900002", "Second", **CLOSED)]
    return import_file(extract.extract(*closed, *rows(20)[2:])).run


@pytest.fixture
def held(register):
    """A file of links that joins nothing."""
    return import_links(links("900010,900011,C,Successor,", "900012,900013,D,Other,")).file


def test_the_last_file_is_taken_back_with_what_it_joined(held, reader):
    before = state()
    file = import_links(links(*CHAIN, "900010,900011,Cc,Successor,")).file
    assert (file.new, file.changed, file.gone, file.joined) == (2, 1, 1, 2)
    assert schools_of("900001", "900002", "900003") == 1

    parted = undo_links(file, by=reader)

    assert (parted, state()) == (2, before)
    event = AuditEvent.objects.get(action="links.undone")
    assert (event.actor_id, event.target_id) == (reader.pk, str(file.pk))
    assert LoadedFile.objects.last("links") == held


def test_the_file_can_be_loaded_again_by_hand(held, reader):
    lines = links(*CHAIN)
    undo_links(import_links(lines).file, by=reader)
    lines.seek(0)

    assert import_links(lines).file.joined == 2


def test_what_cannot_be_undone_is_refused(held, reader):
    file = import_links(links(*CHAIN)).file

    with pytest.raises(Refused, match="csv was loaded after it"):
        undo_links(held, by=reader)
    run = import_file(extract.extract(*rows(21))).run
    with pytest.raises(Refused, match="was applied after it"):
        undo_links(file, by=reader)
    undo_run(run, by=reader)
    undo_links(file, by=reader)
    with pytest.raises(Refused, match="it was undone on"):
        undo_links(file, by=reader)
    LoadedFile.objects.filter(pk=held.pk).update(joined=None)
    with pytest.raises(Refused, match="was not kept yet"):
        undo_links(held, by=reader)


def test_links_still_join_what_they_say_after_a_run_was_undone(held, reader):
    before = state()
    run = import_file(
        extract.extract(
            *(row(f"90000{n}", name, **CLOSED) for n, name in ((1, "First"), (2, "Second"))),
            *rows(20)[2:],
            row("900031", "New"),
        )
    ).run
    file = import_links(links(*CHAIN, "900001,900031,New,Other,")).file

    undo_run(run, by=reader)

    assert schools_of("900001", "900002", "900003") == 1
    assert not Establishment.objects.filter(code="900031").exists()
    assert undo_links(file, by=reader) == 2
    assert state() == before


def test_a_file_that_was_undone_is_not_fetched_again(settings, tmp_path, register, reader):
    settings.VAR_DIR, settings.REGISTER_LINKS_SOURCE = tmp_path / "var", str(tmp_path)
    path = tmp_path / "links_edubasealldata20261122.csv"
    path.write_bytes(links(*CHAIN).getvalue())
    nightly.fetch_all()
    undo_links(LoadedFile.objects.get(), by=reader)

    (found,) = nightly.fetch_all()

    assert (found.state, "was undone here" in found.said) == ("same", True)
    assert not EstablishmentLink.objects.exists()


def test_the_command_says_how_to_undo_and_does_it(register, tmp_path, capsys):
    path = tmp_path / "links.csv"
    path.write_bytes(links(*CHAIN).getvalue())

    call_command("import_register", links=str(path))
    file = LoadedFile.objects.get()
    said = capsys.readouterr().out
    call_command("import_register", undo_links=file.pk)

    assert said.endswith(f"To undo it: import_register --undo-links {file.pk}\n")
    assert capsys.readouterr().out == (
        "links.csv is undone.\n        2 schools are again what they were before it\n"
    )
    assert School.objects.filter(joined_to=None).count() == 20
