"""Links from a file, and one School for what goes on under a new number."""

from datetime import date

import pytest
from django.utils import timezone

from core.models import AuditEvent
from schools.lineage import (
    follows,
    import_links,
    join_schools,
    now_at,
    part_schools,
    predecessors_of,
    successors_of,
)
from schools.models import Establishment, EstablishmentLink, LoadedFile, RegisterRun, School
from schools.register import Refused, import_file
from schools.tests.extract import Extract, extract, row
from schools.tests.factories import make_school

pytestmark = pytest.mark.django_db
HEADER = "URN,LinkURN,LinkName,LinkType,LinkEstablishedDate"


def closed(name, code, **fields):
    fields = {"standing": "closed", "closed_on": date(2019, 8, 31), **fields}
    return make_school(name, code=code, **fields)


def follow(before, after, type="Successor"):
    EstablishmentLink.objects.create(code=before, linked_code=after, type=type)


def links_file(*lines, name="links_edubasealldata20261120.csv", encoding="cp1252"):
    return Extract("\r\n".join([HEADER, *lines, ""]).encode(encoding), name)


def make_run():
    now = timezone.now()
    counts = dict.fromkeys(("rows", "new", "changed", "unchanged", "closed", "missing"), 0)
    return RegisterRun.objects.create(
        started_at=now, finished_at=now, file_name="r.csv", file_hash="", mapping="", **counts
    )


@pytest.fixture
def conversion(db):
    """A school that closed and the academy that it became, as two Schools."""
    old = closed("Old Mill School", "900101")
    new = make_school("Mill Academy", code="900102", opened_on=date(2019, 9, 1))
    follow("900101", "900102")
    return old, new


def test_links_are_read_as_they_are_and_a_second_time_nothing_is_written(manager):
    file = links_file(
        '900001,900002,"St Martha’s School","Successor","01-09-2012"',
        '900003,999999,"","Merged - expansion and changer in age range",""',
    )

    first = import_links(file, by=manager).file
    file.seek(0)
    again = import_links(file)

    assert list(
        EstablishmentLink.objects.values_list("code", "linked_code", "name", "established_on")
    ) == [
        ("900001", "900002", "St Martha’s School", date(2012, 9, 1)),
        ("900003", "999999", "", None),
    ]
    assert (first.rows, first.new, first.extracted_on) == (2, 2, date(2026, 11, 20))
    assert (again.same_file, LoadedFile.objects.count()) == (True, 1)
    assert AuditEvent.objects.get().actor_id == manager.pk


def test_a_newer_file_adds_changes_and_takes_away():
    import_links(links_file("900001,900002,A,Successor,", "900003,900004,B,Successor,"))

    file = import_links(
        links_file("900001,900002,A,Successor,01-09-2012", "900005,900006,C,Successor,")
    ).file

    assert (file.new, file.changed, file.gone) == (1, 1, 1)
    assert set(EstablishmentLink.objects.values_list("code", flat=True)) == {"900001", "900005"}


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["900001,,A,Successor,"], "Line 2 of .* has no LinkURN but “”"),
        (["900001,900002,A,Successor,", "900003,9000"], "cut short"),
        (["900001,900002,A,Successor,,,,"], "Line 2 of .* has 8 columns; the header has 5"),
        ([], "no rows"),
    ],
)
def test_a_file_that_cannot_be_right_is_refused_whole(lines, said):
    import_links(links_file("900001,900002,A,Successor,"))

    with pytest.raises(Refused, match=said):
        import_links(links_file(*lines))

    assert EstablishmentLink.objects.get().linked_code == "900002"


def test_a_file_with_far_fewer_links_needs_a_reason():
    import_links(links_file(*(f"900001,90010{n},A,Other," for n in range(10))))

    with pytest.raises(Refused, match="looks incomplete"):
        import_links(links_file("900001,900100,A,Other,"))
    gone = import_links(links_file("900001,900100,A,Other,"), force_reason="so it is").file.gone

    assert gone == 9


def test_a_day_that_is_none_is_said_and_the_link_kept():
    result = import_links(links_file("900001,900002,A,Successor,31-02-2012"))

    assert "Line 2: “" in result.notices[0]
    assert EstablishmentLink.objects.get().established_on is None


def test_a_conversion_goes_on_as_one_school_at_its_old_address(conversion):
    old, new = conversion

    joined = join_schools()
    again = join_schools()

    old.refresh_from_db()
    assert (joined, again) == (1, 0)
    assert (old.name, old.standing, old.current.code) == ("Mill Academy", "open", "900102")
    assert {row.code for row in old.establishments.all()} == {"900101", "900102"}
    assert "old mill" in old.search_text
    assert (now_at(new.pk), now_at(old.pk)) == (old, None)


def test_an_emptied_school_is_in_no_list(conversion, reader):
    join_schools()

    assert School.objects.visible_to(reader).count() == 1
    assert School.objects.visible_to(reader).search("900102").count() == 1


def test_a_chain_is_one_school_whatever_came_first(conversion):
    old, new = conversion
    earlier = closed("First School", "900100", closed_on=date(2012, 8, 31))
    join_schools()

    follow("900101", "900100", "Predecessor")
    join_schools()

    kept = Establishment.objects.values_list("school", flat=True).distinct().get()
    assert kept in (old.pk, earlier.pk)
    assert {now_at(pk) for pk in {old.pk, new.pk, earlier.pk} - {kept}} == {
        School.objects.get(pk=kept)
    }


@pytest.mark.parametrize(
    ("more", "standing"),
    [
        (("900101", "900103", "Successor - Split School"), "closed"),
        (("900103", "900102", "Successor"), "closed"),
        (("900102", "900101", "Successor"), "closed"),
        (("900102", "900101", "Predecessor - merged"), "closed"),
        (None, "open"),
    ],
)
def test_what_the_register_leaves_in_doubt_is_not_joined(conversion, more, standing):
    Establishment.objects.filter(code="900101").update(standing=standing)
    if more:
        follow(*more)

    assert join_schools() == 0


def test_what_a_run_joined_is_put_back(conversion):
    old, new = conversion
    run = make_run()
    join_schools(run)
    change = run.changes.get()
    assert (change.field, change.old) == ("school", "Mill Academy (URN 900102)")
    assert (change.new, change.old_raw) == ("Old Mill School (URN 900101)", str(new.pk))

    part_schools(run)

    new.refresh_from_db()
    assert (new.joined_to, new.current.code, new.standing) == (None, "900102", "open")
    assert School.objects.get(pk=old.pk).standing == "closed"


def test_a_forerunner_that_an_older_file_opens_again_is_asked_about():
    shut = {"EstablishmentStatus (code)": "2", "EstablishmentStatus (name)": "Closed"}
    old = row("900101", "Mill School", OpenDate="01-09-1950", CloseDate="")
    new = row("900102", "Mill Academy", OpenDate="01-09-2019")
    newest = extract(old | shut, new, name="edubasealldata20261118.csv")
    follow("900101", "900102")
    import_file(newest)

    older = import_file(extract(old, new, name="edubasealldata20190901.csv"))
    school = School.objects.get(joined_to=None)
    shown = school.name, school.current.code
    newest.seek(0)
    again = import_file(newest)

    assert shown == ("Mill Academy", "900102")
    assert older.notices[-1].startswith("Open again, though the school goes on")
    assert "900101 beside 900102. Is the file" in older.run.notices[-1]
    assert again.notices == []


def test_neighbours_are_named_with_what_the_register_says():
    old = closed("Old Mill School", "900101")
    part = make_school("North Mill School", code="900102")
    for code in ("900102", "999999"):
        EstablishmentLink.objects.create(
            code="900101", linked_code=code, type="Successor - Split School", name=f"Name {code}"
        )

    known, unknown = successors_of(old)

    assert (known.school, known.types) == (part, ["Successor - Split School"])
    assert (unknown.school, unknown.name) == (None, "Name 999999")
    assert [one.code for one in predecessors_of(part)] == ["900101"]
    assert follows(old)["predecessors"] == []


def test_the_real_links_join_the_real_register(real_data):
    import_file(real_data / "register" / "edubasealldata20231116_reconstructed.csv.xz")
    links = real_data / "links"

    first = import_links(links / "links_edubasealldata20240129.csv.xz")
    _check_against_the_register()
    second = import_links(links / "links_edubasealldata20240717.csv.xz")

    assert (first.file.rows, first.file.new, first.file.joined) == (32_197, 32_197, 10_931)
    assert (second.file.new, second.file.changed, second.file.gone) == (640, 141, 12)
    assert (second.file.joined, join_schools()) == (0, 0)


def _check_against_the_register():
    """The notes on the data: numbers that the register has not, and open schools with successors.

    The joined schools have all rows of the register between them, and no two of them are open.
    """
    held, links = Establishment.objects.values("code"), EstablishmentLink.objects.all()
    assert links.exclude(linked_code__in=held).count() == 150
    followed = links.filter(type__startswith="Successor").values("code")
    assert Establishment.objects.filter(status__code="1", code__in=followed).count() == 227
    schools = School.objects.filter(joined_to=None)
    assert schools.count() == 50_515 - 10_931
    assert not schools.filter(establishments=None).exists()
    assert schools.filter(establishments__standing="open").count() == 26_989 + 86
    assert schools.open().count() == 26_989 + 86
