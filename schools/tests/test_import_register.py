"""The command that loads a register file."""

import pytest
from django.core.management import CommandError, call_command

from schools.models import Establishment, RegisterRun
from schools.tests import extract
from schools.tests.extract import CLOSED, row, rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path):
    def write(*schools, name="edubasealldata20261118.csv"):
        path = tmp_path / name
        path.write_bytes(extract.data(*schools))
        return str(path)

    return write


def said(capsys, *arguments):
    call_command("import_register", *arguments)
    return capsys.readouterr().out


def test_it_prints_what_came_of_it(file, capsys):
    assert said(capsys, file(*rows(3))).splitlines()[:6] == [
        "edubasealldata20261118.csv: 3 rows",
        "        3 new",
        "        0 changed",
        "        0 unchanged",
        "        0 closed",
        "        0 in the register but not in the file (kept)",
    ]


def test_again_it_says_the_same_file(file, capsys):
    path = file(*rows(3))
    call_command("import_register", path)

    assert "Same file as the last import" in said(capsys, path)


def test_a_trial_writes_nothing(file, capsys):
    assert "Nothing was written." in said(capsys, file(row()), "--dry-run")
    assert Establishment.objects.count() == 0


def test_who_imports_is_kept(file, reader):
    call_command("import_register", file(row()), "--by", reader.email.upper())

    assert RegisterRun.objects.get().by == reader


def test_a_refusal_is_an_error_with_its_sentence(file):
    with pytest.raises(CommandError, match=r"has a header and no rows\. .* The register is as it"):
        call_command("import_register", file())


def test_a_much_smaller_file_needs_force_and_a_reason(file):
    call_command("import_register", file(*rows(20)))
    small = file(*rows(3), name="small.csv")

    with pytest.raises(CommandError, match="looks incomplete"):
        call_command("import_register", small)
    with pytest.raises(CommandError, match="--force needs --reason"):
        call_command("import_register", small, "--force")
    call_command("import_register", small, "--force", "--reason", "One county only")

    assert RegisterRun.objects.order_by("pk").last().forced_reason == "One county only"


def test_nobody_of_that_address(file):
    with pytest.raises(CommandError, match="Nobody here has the e-mail address"):
        call_command("import_register", file(row()), "--by", "nobody@example.org")


def test_links_and_groups_are_loaded_with_the_register_or_alone(tmp_path, capsys):
    register = tmp_path / "edubasealldata20261118.csv"
    register.write_bytes(extract.data(row(**CLOSED), row("900002", "Mere Academy")))
    links = tmp_path / "links.csv"
    links.write_text("URN,LinkURN,LinkType\n900001,900002,Successor\n")
    groups = tmp_path / "groups.csv"
    groups.write_text("Group UID,Group Name\n17101,Saltmere Trust\n")

    call_command("import_register", str(register), links=str(links))
    call_command("import_register", groups=[str(groups)])

    printed = capsys.readouterr().out
    assert RegisterRun.objects.last_applied().changes.filter(field="school").count() == 1
    assert "groups.csv: 1 rows, 1 kept, 1 groups" in printed
    with pytest.raises(CommandError, match="Name a file to import"):
        call_command("import_register")


def test_it_says_what_kinds_of_change_there_are_and_takes_them_back(file, capsys):
    said(capsys, file(*rows(20)))
    moved = row("900001", "Renamed", **CLOSED, **{"Trusts (code)": "77", "Trusts (name)": "Hills"})

    printed = said(capsys, file(moved, *rows(20)[1:])).splitlines()
    run = RegisterRun.objects.last_applied()
    undone = said(capsys, "--undo", str(run.pk))

    assert printed[-4:] == [
        "        1 closed",
        "        1 moved trust",
        "        1 renamed",
        f"To undo it: import_register --undo {run.pk}",
    ]
    assert undone == "edubasealldata20261118.csv is undone.\n"
    assert Establishment.objects.get(code="900001").name == "School 0"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Name a file to import"),
        (["--undo", "1", "--links", "a.csv"], "stand alone: first undo, then import"),
        (["--undo", "1", "--undo-links", "1"], "stand alone: first undo, then import"),
        (["--links", "a.csv", "--dry-run"], "--dry-run is for the file of establishments"),
        (["--undo", "1"], "There is no run 1."),
        (["--undo-links", "1"], "There is no file of links 1."),
    ],
)
def test_what_cannot_be_meant_is_said(db, arguments, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("import_register", *arguments)
