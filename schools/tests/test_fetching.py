"""The nightly fetch, from a real server and from folders."""

import io
from datetime import date, timedelta

import pytest
from django.core import mail

from schools import tasks
from schools.fetching import download, nightly
from schools.fetching.download import Patience
from schools.models import Establishment, EstablishmentLink, Group, RegisterFetch, RegisterRun
from schools.register import import_file, undo_run
from schools.tests import extract
from schools.tests.extract import row, rows
from schools.tests.files_server import serving

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 22)
QUICK = Patience(silence=0.3, whole=5, pauses=(0,))
NEWER, OLDER = "/edubasealldata20261122.csv", "/edubasealldata20261121.csv"
PATTERN = "/edubasealldata{date:%Y%m%d}.csv"
BY_DAY = {"register": "edubasealldata", "groups": "allgroupsdata", "links": "links_edubasealldata"}


@pytest.fixture
def server(settings, tmp_path, monkeypatch):
    """A server that is the register's source; mail goes to the operator."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with serving() as server:
        settings.REGISTER_SOURCE = server.address + PATTERN
        settings.VAR_DIR = tmp_path
        settings.OPERATOR = settings.OPERATOR | {"contact": "keeper@example.org"}
        yield server


def fetch(today=TODAY):
    return nightly.fetch_all(today=today, patience=QUICK)[0]


def test_todays_file_is_loaded_and_nothing_is_left_on_the_disk(server, tmp_path):
    server.hand_out(NEWER, extract.data(*rows(3)))

    found = fetch()

    assert (found.state, found.said) == ("loaded", "edubasealldata20261122.csv was loaded.")
    run = RegisterRun.objects.get()
    assert (found.run, run.extracted_on, run.origin, run.rows) == (run, TODAY, "fetched", 3)
    assert list((tmp_path / "fetched").iterdir()) == []
    assert mail.outbox == []


def test_yesterdays_is_taken_where_todays_is_missing_and_the_day_is_kept(server):
    server.hand_out(OLDER, extract.data(*rows(3)))

    first, again = fetch(), fetch()

    assert server.asked[:2] == [NEWER, OLDER]
    assert (first.state, first.file_day) == ("loaded", TODAY - timedelta(days=1))
    assert (again.state, again.said) == (
        "same",
        "There is no newer file than edubasealldata20261121.csv, which was loaded before.",
    )
    assert RegisterRun.objects.count() == 1


def test_an_older_file_than_the_register_is_left_alone(server):
    server.hand_out(NEWER, extract.data(row(name="New name")))
    server.hand_out(OLDER, extract.data(row(name="Old name")))
    fetch()

    del server.answers[NEWER]
    found = fetch()

    assert found.said == (
        "There is no newer file than edubasealldata20261121.csv, and the register is newer already."
    )
    assert (found.state, Establishment.objects.get().name) == ("same", "New name")


def test_a_source_that_is_stuck_on_a_file_older_than_the_register_fails(settings, tmp_path):
    settings.VAR_DIR, settings.REGISTER_SOURCE = tmp_path / "var", str(tmp_path)
    import_file(io.BytesIO(extract.data(*rows(3))))
    RegisterRun.objects.update(extracted_on=TODAY)
    (tmp_path / "edubasealldata20261101.csv").write_bytes(extract.data(*rows(4)))

    found = fetch()

    assert (found.state, Establishment.objects.count()) == ("failed", 3)


def cut_short(server):
    data = extract.data(*rows(3))
    server.hand_out(NEWER, data[:200], length=len(data))
    return f"edubasealldata20261122.csv: only 200 of {len(data):,} bytes came, 2 times."


def page(server):
    server.hand_out(NEWER, b"<!DOCTYPE html><p>Back soon", kind="text/html")
    return (
        "edubasealldata20261122.csv: the server answered with a page, not with a file. "
        "edubasealldata20261121.csv is not there (404)."
    )


def page_that_says_it_is_a_file(server):
    server.hand_out(NEWER, b"<!DOCTYPE html><p>Back, soon")
    return "edubasealldata20261122.csv is not a CSV file. Choose the CSV that the DfE publishes."


def slow(server):
    server.fall_silent(NEWER)
    return "edubasealldata20261122.csv: 127.0.0.1 did not answer in time, 2 times."


def sent_to_a_file_of_this_machine(server):
    server.send_on(NEWER, "file:///etc/passwd")
    return "edubasealldata20261122.csv: the server sends us on to where we do not follow."


def nothing_at_all(server):
    return (
        "edubasealldata20261122.csv is not there (404). "
        "edubasealldata20261121.csv is not there (404)."
    )


@pytest.mark.parametrize(
    "fail",
    [
        cut_short,
        page,
        page_that_says_it_is_a_file,
        slow,
        sent_to_a_file_of_this_machine,
        nothing_at_all,
    ],
)
def test_what_fails_is_said_and_changes_nothing(server, fail, tmp_path):
    sentence = fail(server)

    found = fetch()

    assert (found.state, found.said) == ("failed", sentence)
    assert not RegisterRun.objects.exists()
    assert list((tmp_path / "fetched").iterdir()) == []
    assert sentence in mail.outbox[0].body


def test_too_large_a_file_is_left(server, monkeypatch, tmp_path):
    server.hand_out(NEWER, extract.data(*rows(3)))
    place = nightly.places_of("register", server.address + PATTERN, TODAY)[0]

    with pytest.raises(download.NotFetched, match="too large"):
        download.download(place, tmp_path / "file", patience=QUICK, largest=100)


def test_a_much_smaller_file_is_refused_in_words(server):
    server.hand_out(OLDER, extract.data(*rows(20)))
    fetch()
    server.hand_out(NEWER, extract.data(*rows(3)))

    found = fetch()

    assert found.state == "failed"
    assert "has 3 rows; the last file had 20. It looks incomplete." in found.said


def test_the_operator_is_told_once_for_each_row_of_failures(server, settings):
    fetch(), fetch()
    told_of_the_first = len(mail.outbox)
    server.hand_out(NEWER, extract.data(*rows(3)))
    fetch()
    server.answers.clear()
    fetch(), fetch()

    assert (told_of_the_first, len(mail.outbox)) == (1, 2)
    assert mail.outbox[0].to == ["keeper@example.org"]


def test_a_letter_that_could_not_be_sent_is_sent_the_next_night(server, settings):
    settings.EMAIL_BACKEND, works = "schools.tests.test_fetching.Away", settings.EMAIL_BACKEND
    first = fetch()
    settings.EMAIL_BACKEND = works
    second = fetch()

    assert (first.told_at, bool(second.told_at), len(mail.outbox)) == (None, True, 1)


class Away:
    """A mail server that is away."""

    def __init__(self, **options):
        pass

    def send_messages(self, messages):
        raise ConnectionRefusedError


def test_the_newest_file_of_a_folder_is_loaded(settings, tmp_path):
    settings.VAR_DIR, settings.REGISTER_SOURCE = tmp_path / "var", str(tmp_path)
    for kind, name in (("register", "20261101"), ("register", "20261120"), ("links", "20261122")):
        data = extract.data(row(name=f"As of {name}"))
        (tmp_path / f"{BY_DAY[kind]}{name}.csv").write_bytes(data)

    first, again = fetch(), fetch()

    assert (first.state, first.file_day) == ("loaded", date(2026, 11, 20))
    assert Establishment.objects.get().name == "As of 20261120"
    assert again.said == (
        "There is no newer file than edubasealldata20261120.csv, which was loaded before."
    )
    assert again.has_failed


@pytest.mark.parametrize("folder", ["", "nowhere"])
def test_a_folder_without_a_file_is_said(settings, tmp_path, folder):
    settings.VAR_DIR = tmp_path / "var"
    (tmp_path / "empty").mkdir()
    settings.REGISTER_SOURCE = f"file://{tmp_path}/{folder or 'empty'}"

    assert fetch().said.startswith("The folder to fetch from ")


def test_links_and_groups_are_fetched_too(settings, tmp_path):
    settings.VAR_DIR = tmp_path / "var"
    settings.REGISTER_GROUPS_SOURCE = settings.REGISTER_LINKS_SOURCE = str(tmp_path)
    tables = {
        "groups": "Group UID,Group Name\n17101,Saltmere Trust\n",
        "links": "URN,LinkURN,LinkType\n900001,900002,Successor\n",
    }
    for kind, table in tables.items():
        (tmp_path / f"{BY_DAY[kind]}20261122.csv").write_text(table)

    found = nightly.fetch_all(today=TODAY)

    assert [(each.of, each.state) for each in found] == [("links", "loaded"), ("groups", "loaded")]
    assert [group.name for group in Group.objects.all()] == ["Saltmere Trust"]
    assert EstablishmentLink.objects.get().linked_code == "900002"


def test_without_a_source_nothing_is_tried():
    assert tasks.fetch_register() == []
    assert not RegisterFetch.objects.exists()


def test_a_file_that_was_undone_is_not_loaded_again_by_itself(settings, tmp_path, reader):
    settings.VAR_DIR = tmp_path / "var"
    settings.REGISTER_SOURCE = str(tmp_path)
    (tmp_path / f"{BY_DAY['register']}20261122.csv").write_bytes(extract.data(*rows(20)))
    nightly.fetch_all(today=TODAY)
    undo_run(RegisterRun.objects.last_applied(), by=reader)

    (found,) = nightly.fetch_all(today=TODAY)

    assert (found.state, "was undone here" in found.said) == ("same", True)
    assert RegisterRun.objects.last_applied() is None
