"""The import: what is new, changed and closed, what is kept, and that it is all or nothing."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from core.models import AuditEvent
from schools.models import Establishment, RegisterChange, RegisterCode, RegisterRun, School
from schools.register import HEADER, import_file
from schools.register.columns import FIELDS
from schools.tests import extract
from schools.tests.extract import CLOSED, REST, row, rows

pytestmark = pytest.mark.django_db


def counts(result):
    run = result.run
    return [run.rows, run.new, run.changed, run.unchanged, run.closed, run.missing]


def versions():
    """What PostgreSQL itself says about when each row was last written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 'e', id, xmin::text, ctid::text FROM schools_establishment UNION "
            "ALL SELECT 's', id, xmin::text, ctid::text FROM schools_school UNION ALL "
            "SELECT 'k', id, xmin::text, ctid::text FROM schools_registercode UNION "
            "ALL SELECT 'c', id, xmin::text, ctid::text FROM schools_registerchange"
        )
        return sorted(cursor.fetchall())


def test_a_new_row_becomes_an_establishment_with_a_school():
    result = import_file(extract.extract(row()))

    school = School.objects.select_related("current__phase", "current__status").get()
    row_ = school.current
    assert counts(result) == [1, 1, 0, 0, 0, 0]
    assert (row_.scheme, row_.code, row_.name) == ("URN", "900001", "Saltmere Academy")
    assert (row_.school_id, row_.is_open, school.is_open) == (school.pk, True, True)
    assert (row_.laestab, row_.ukprn, row_.postcode) == ("2010001", "10090001", "KT1 2AB")
    assert (row_.status.name, row_.phase.name, school.phase) == ("Open", "Secondary", row_.phase)
    assert (row_.opened_on, row_.last_changed_on) == (date(2012, 9, 1), date(2026, 2, 9))
    assert (row_.low_age, row_.high_age, row_.pupils) == (11, 18, 1050)
    assert (row_.fsm_percent, row_.easting, row_.northing) == (Decimal("18.1"), 533498, 181201)
    assert school.sort_key == "saltmere academy"


def test_every_column_that_says_something_about_a_school_is_a_field():
    spoken = row(**REST)

    import_file(extract.extract(spoken))

    school = Establishment.objects.get()
    for field in FIELDS:
        value = getattr(school, field.name)
        if field.kind == "code":
            assert value.name == spoken[field.headers[1]], field.name
        elif field.kind == "date":
            assert f"{value:%d-%m-%Y}" == spoken[field.header], field.name
        elif field.kind != "list":
            said = " ".join(spoken[field.header].split())
            assert str(value) == said.replace("Not applicable", ""), field.name
    assert school.sen_types == ["ASD - Autistic Spectrum Disorder", 'HI - "Hearing", impairment']
    assert (school.religious_character.code, school.previous_authority.code) == ("2", "911")
    assert (school.has_sixth_form, school.extra) == (True, {})
    assert set(HEADER) - {name for field in FIELDS for name in field.headers} == {
        "URN",
        "HeadTitle (name)",
        "HeadFirstName",
        "HeadLastName",
        "HeadHonours",
        "HeadPreferredJobTitle",
    }


def test_what_stands_for_nothing_is_nothing():
    nothing = {
        "LSOA (code)": "999999999",
        "UKPRN": "Not recorded",
        "ReligiousEthos (name)": "Does not apply",
        "OpenDate": "01-01-1900",
        "Easting": "0",
        "Diocese (code)": "0000",
        "Diocese (name)": "Not applicable",
        "ReligiousCharacter (code)": "99",
        "OfficialSixthForm (code)": "0",
        "StatutoryHighAge": "16",
    }
    import_file(extract.extract(row(**nothing)))

    school = Establishment.objects.get()
    assert (school.lsoa, school.ukprn, school.religious_ethos) == ("", "", "")
    assert (school.opened_on, school.easting, school.has_sixth_form) == (None, None, False)
    assert str(school.diocese) == "Not applicable"
    assert str(school.religious_character) == "Not known"


def test_the_inspectorates_of_old_files_are_told_apart():
    old = ["URN", "InspectorateName (name)", "Inspectorate (name)"]
    said = {"InspectorateName (name)": "Penta", "Inspectorate (name)": "ISI"}

    run = import_file(extract.extract(row(**said), header=old)).run

    school = Establishment.objects.get()
    assert (school.inspectorate, school.bso_inspectorate) == ("ISI", "Penta")
    assert run.unknown_columns == []


def test_the_run_is_kept_and_audited(reader):
    run = import_file(extract.extract(row()), by=reader).run

    event = AuditEvent.objects.get(action="register.imported")
    assert (run.by, run.file_name) == (reader, "edubasealldata20261118.csv")
    assert (run.extracted_on, run.as_at) == (date(2026, 11, 18), date(2026, 11, 18))
    assert (run.header, run.missing_columns, run.unknown_columns) == (HEADER, [], [])
    assert (event.actor_id, event.target_id, event.changes["new"]) == (reader.pk, str(run.pk), 1)


def test_the_names_of_head_teachers_are_not_kept():
    import_file(extract.extract(row()))

    with connection.cursor() as cursor:
        cursor.execute("SELECT e::text, s::text FROM schools_establishment e, schools_school s")
        kept = " ".join(cursor.fetchone())
    assert "Invented" not in kept
    assert "Person" not in kept


def test_the_same_file_again_stops_early():
    first = import_file(extract.extract(row()))
    before = versions()

    again = import_file(extract.extract(row()))

    assert (again.same_file, again.run) == (True, first.run)
    assert RegisterRun.objects.count() == 1
    assert versions() == before
    assert next(again.in_words()).startswith("Same file as the last import of")


def test_an_unchanged_register_in_another_file_writes_no_row():
    import_file(extract.extract(*rows(3)))
    before = versions()

    result = import_file(extract.extract(*rows(3), end="\n"))

    assert counts(result) == [3, 0, 0, 3, 0, 0]
    assert versions() == before


def test_each_changed_field_is_kept_with_what_was_there():
    import_file(extract.extract(row(), row("900002", "Holm Park School")))
    untouched = [version for version in versions() if version[0] == "e"][1]

    result = import_file(
        extract.extract(
            row(name="Saltmere School", NumberOfPupils="1060", CloseDate="31-08-2026", **CLOSED),
            row("900002", "Holm Park School"),
        )
    )

    assert counts(result) == [2, 0, 1, 1, 1, 0]
    changes = RegisterChange.objects.order_by("field").values_list("field", "old", "new")
    assert list(changes) == [
        ("closed_on", "", "2026-08-31"),
        ("name", "Saltmere Academy", "Saltmere School"),
        ("pupils", "1050", "1060"),
        ("status", "Open", "Closed"),
    ]
    assert untouched in versions()


def test_a_school_follows_its_establishment():
    import_file(extract.extract(row()))

    import_file(extract.extract(row(name="Weir Academy", Town="Holm", **CLOSED)))

    school = School.objects.get()
    assert (school.name, school.sort_key, school.standing) == (
        "Weir Academy",
        "weir academy",
        "closed",
    )
    assert list(School.objects.search("weir holm")) == [school]


def test_a_line_that_differs_only_in_columns_not_kept_counts_as_unchanged():
    import_file(extract.extract(row(HeadLastName="Before")))

    result = import_file(extract.extract(row(HeadLastName="After")))

    assert counts(result) == [1, 0, 0, 1, 0, 0]
    assert RegisterChange.objects.count() == 0
    again = import_file(extract.extract(row(HeadLastName="After"), end="\n"))
    assert counts(again) == [1, 0, 0, 1, 0, 0]


def test_a_school_that_was_closed_before_is_not_closed_again():
    import_file(extract.extract(row(**CLOSED)))

    result = import_file(extract.extract(row(name="Saltmere Old School", **CLOSED)))

    assert counts(result) == [1, 0, 1, 0, 0, 0]


def test_rows_missing_from_the_file_are_kept_and_counted():
    import_file(extract.extract(*rows(20)))

    result = import_file(extract.extract(*rows(19)))

    assert counts(result) == [19, 0, 0, 19, 0, 1]
    assert Establishment.objects.count() == 20


def test_codes_are_compared_without_their_zeros_and_kept_once():
    padded = {"TypeOfEstablishment (code)": "02", "Gender (code)": "00"}
    bare = {"TypeOfEstablishment (code)": "2", "Gender (code)": "0"}
    import_file(extract.extract(row(**padded), row("900002", **bare)))

    codes = RegisterCode.objects.filter(list__in=["type", "gender"]).order_by("list")
    assert list(codes.values_list("list", "code")) == [("gender", "0"), ("type", "2")]
    assert Establishment.objects.values("type").distinct().count() == 1


def test_a_renamed_code_keeps_its_row_and_takes_the_new_name():
    import_file(extract.extract(row(**{"Trusts (code)": "77", "Trusts (name)": "Coast Trust"})))

    result = import_file(
        extract.extract(row(**{"Trusts (code)": "77", "Trusts (name)": "Coast and Weir Trust"}))
    )

    assert RegisterCode.objects.get(list="trust").name == "Coast and Weir Trust"
    assert counts(result) == [1, 0, 0, 1, 0, 0]


def test_a_code_without_a_name_is_not_known():
    import_file(extract.extract(row(**{"Gender (code)": "9", "Gender (name)": ""})))

    assert str(Establishment.objects.get().gender) == "Not known"


def test_a_file_with_names_alone_means_the_codes_that_are_there():
    import_file(extract.extract(row(**{"Diocese (code)": "CE23", "Diocese (name)": "Weir"})))
    header = [name for name in HEADER if name != "Diocese (code)"]

    run = import_file(extract.extract(row(**{"Diocese (name)": "Weir "}), header=header)).run

    assert (run.changed, Establishment.objects.get().diocese.code) == (0, "CE23")


def test_a_name_without_a_code_stands_for_itself():
    column = {"ReligiousCharacter (name)": "Church of England"}
    import_file(extract.extract(row(**column)))

    assert Establishment.objects.get().religious_character.name == "Church of England"


@pytest.mark.parametrize(
    ("group", "percent", "expected"),
    [("10", "0.0", Decimal(0)), ("3", "0.0", None), ("1", "0", None), ("3", "4.2", Decimal("4.2"))],
)
def test_no_free_meals_at_an_independent_school_or_college_is_unknown(group, percent, expected):
    import_file(
        extract.extract(row(PercentageFSM=percent, **{"EstablishmentTypeGroup (code)": group}))
    )

    assert Establishment.objects.get().fsm_percent == expected


@pytest.mark.parametrize(
    ("code", "standing", "is_open"),
    [("1", "open", True), ("2", "closed", False), ("3", "open", True), ("4", "proposed", False)],
)
def test_standing_follows_the_status(code, standing, is_open):
    import_file(extract.extract(row(**{"EstablishmentStatus (code)": code})))

    establishment = Establishment.objects.get()
    assert (establishment.standing, establishment.is_open) == (standing, is_open)


def test_columns_are_found_by_name_in_any_order_and_case():
    header = [name.upper() for name in reversed(HEADER)]
    school = {name.upper(): value for name, value in row().items()}

    import_file(extract.extract(school, header=header))

    assert Establishment.objects.values_list("code", "town", "low_age").get() == (
        "900001",
        "Ketterby",
        11,
    )


def test_unknown_columns_are_kept_aside_and_reported():
    header = [*HEADER, "Breakfast Club's (name)"]

    result = import_file(
        extract.extract({**row(), "Breakfast Club's (name)": "100% daily"}, header=header)
    )

    assert result.run.unknown_columns == ["Breakfast Club's (name)"]
    assert Establishment.objects.get().extra == {"Breakfast Club's (name)": "100% daily"}


def test_missing_columns_leave_what_is_there_and_are_reported():
    import_file(extract.extract(row()))
    header = [name for name in HEADER if name not in ("Town", "NumberOfPupils")]

    result = import_file(extract.extract(row(name="Weir Academy"), header=header))

    assert result.run.missing_columns == ["NumberOfPupils", "Town"]
    assert Establishment.objects.values_list("name", "town", "pupils").get() == (
        "Weir Academy",
        "Ketterby",
        1050,
    )


def test_a_file_with_few_columns_loads():
    import_file(extract.extract(row(), header=["EstablishmentName", "URN"]))

    assert str(Establishment.objects.get()) == "Saltmere Academy (URN 900001)"


def test_a_dry_run_counts_and_writes_nothing():
    import_file(extract.extract(row()))
    before = versions()

    result = import_file(extract.extract(row(name="Weir"), row("900002")), dry_run=True)

    assert counts(result) == [2, 1, 1, 0, 0, 0]
    assert versions() == before
    assert RegisterRun.objects.count() == 1
    assert AuditEvent.objects.filter(action="register.imported").count() == 1
    assert list(result.in_words())[-1] == "This was a trial. Nothing was written."


def test_progress_is_told_to_the_end():
    told = []

    import_file(extract.extract(*rows(3)), progress=lambda done, total: told.append((done, total)))

    assert told == [(3, 3), (3, 3)]


def test_two_rows_of_one_school_and_the_open_one_speaks_for_it():
    import_file(extract.extract(row("900001", "Old School", **CLOSED), row("900002", "New School")))
    old, new = Establishment.objects.order_by("code")
    Establishment.objects.filter(pk=old.pk).update(school=new.school)

    import_file(
        extract.extract(row("900001", "Older School", **CLOSED), row("900002", "New School"))
    )

    school = School.objects.get(pk=new.school_id)
    assert (school.name, school.current, school.standing) == ("New School", new, "open")
    assert list(School.objects.search("older")) == [school]
