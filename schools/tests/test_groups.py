"""Groups and the schools in them, from each of the DfE's layouts."""

from datetime import date

import pytest

from schools.groups import follow_register, import_groups, members_of
from schools.models import Group, GroupMembership, RegisterCode
from schools.register import Refused
from schools.tests.extract import Extract
from schools.tests.factories import make_code, make_school

pytestmark = pytest.mark.django_db
ACADEMIES = (
    "Group UID,Group ID,Group Name,Companies House Number,Group Type (code),Group Type,"
    "Closed Date,Incorporated on (open date),Group Status (code),Group Status,Joined date,"
    "Academy URN,Trust Academy Establishment Name"
)
TRUST = "17101,TR01904,Saltmere Trust,07595434,06,Multi-academy trust,,07/04/2011,OPEN,Open"
GROUPS = (
    "Group UID,Group ID,Group Name,Companies House Number,Group Type (code),Group Type,Closed Date,"
    "Group Status (code),Group Status,Group Contact Street,Group Contact Town,"
    "Group Contact Postcode,Head of Group Last Name,UKPRN"
)


def groups_file(header, *lines, name="groups20261120.csv", bom=True):
    text = "\n".join([header, *lines, ""])
    return Extract(text.encode("utf-8-sig" if bom else "cp1252"), name)


def codes(members):
    return [member.code for member in members]


def test_academies_in_trusts_are_read_with_their_dates():
    result = import_groups(
        groups_file(
            ACADEMIES,
            f"{TRUST},01/05/2011,900001,Salt Academy",
            f"{TRUST},01/12/2024,900002,Mere Academy",
        )
    )

    group = Group.objects.get()
    assert (result.kept, result.groups, result.file.left_out) == (2, 1, [])
    assert (group.uid, group.type.name, group.type.code) == ("17101", "Multi-academy trust", "6")
    assert (group.opened_on, group.is_closed) == (date(2011, 4, 7), False)
    assert list(group.memberships.values_list("code", "joined_on").order_by("code")) == [
        ("900001", date(2011, 5, 1)),
        ("900002", date(2024, 12, 1)),
    ]


def test_each_row_is_kept_or_named_with_its_reason():
    row = f"{TRUST},01/05/2011,900001,Salt Academy"

    result = import_groups(
        groups_file(ACADEMIES, row, row, f"{TRUST},01/05/2011,,Nowhere", f"x{row}")
    )

    assert (result.file.rows, result.kept) == (4, 1)
    assert result.file.left_out == [
        "Line 3 was left out: another line too has URN 900001 in group 17101 from the same day.",
        "Line 4 was left out: it has no URN but “”.",
        "Line 5 was left out: it has no group UID but “x17101”.",
    ]


def test_the_file_of_groups_adds_facts_and_leaves_who_is_in_them():
    import_groups(groups_file(ACADEMIES, f"{TRUST},01/05/2011,900001,Salt Academy"))

    import_groups(
        groups_file(
            GROUPS,
            "17101,TR01904,Saltmere Learning Trust,07595434,6,Multi-academy trust,31-08-2026,"
            "CLOSED,Closed,1 Quay,Ketterby,KT1 2AB,Person,10090001",
            "901,,Wexshire Federation,,1,Federation,,OPEN,Open,,,,Person,",
            bom=False,
        )
    )

    trust = Group.objects.get(uid="17101")
    assert (trust.name, trust.closed_on, trust.ukprn, trust.town) == (
        "Saltmere Learning Trust",
        date(2026, 8, 31),
        "10090001",
        "Ketterby",
    )
    assert (trust.opened_on, trust.is_closed) == (date(2011, 4, 7), True)
    assert trust.memberships.get().left_on is None
    assert [group.uid for group in Group.objects.trusts()] == ["17101"]


def test_who_is_in_the_file_no_longer_has_left():
    lines = [f"{TRUST},01/05/2011,9000{n:02},School {n}" for n in range(10)]
    import_groups(groups_file(ACADEMIES, *lines, name="groups20261101.csv"))

    result = import_groups(groups_file(ACADEMIES, *lines[:9], name="groups20261120.csv"))

    assert (result.file.new, result.file.changed, result.file.gone) == (0, 0, 1)
    left = GroupMembership.objects.exclude(left_on=None).get()
    assert (left.code, left.left_on) == ("900009", date(2026, 11, 20))


def test_a_file_without_groups_is_refused():
    with pytest.raises(Refused, match="has no column “Group UID”"):
        import_groups(groups_file("URN,Name", "900001,A"))

    assert Group.objects.count() == 0


def test_the_register_alone_makes_a_trust_with_its_schools():
    trust = make_code("trust", "17101", "Saltmere Trust")
    make_school("Salt Academy", code="900001", trust=trust)
    make_school("Gone Academy", code="900002", trust=trust, standing="closed")

    assert (follow_register(), follow_register()) == (1, 0)

    current, former = members_of(Group.objects.get(uid="17101"))
    assert (codes(current), codes(former)) == (["900001"], ["900002"])


def test_the_register_has_the_newer_word_on_which_trust_runs_a_school():
    trust, other = make_code("trust", "17101", "A"), make_code("trust", "17102", "B")
    make_school("Moved Academy", code="900001", trust=other)
    make_school("Silent School", code="900002")
    make_school("Come Academy", code="900003", trust=trust)
    lines = [f"{TRUST},01/05/2011,90000{n},School {n}" for n in (1, 2, 9)]
    import_groups(groups_file(ACADEMIES, *lines))

    current, former = members_of(Group.objects.get(uid="17101"))

    assert codes(current) == ["900003", "900009", "900002"]
    assert codes(former) == ["900001"]
    assert current[1].row is None


def test_the_real_file_loses_no_row(real_data):
    path = real_data / "groups" / "mat_academy_membership.csv.xz"

    result = import_groups(path)
    again = import_groups(path)

    assert (result.file.rows, result.kept, result.file.left_out) == (11_759, 11_759, [])
    assert (Group.objects.count(), GroupMembership.objects.count()) == (2_127, 11_759)
    assert again.same_file is True
    assert RegisterCode.objects.filter(list="group_type").count() == 2
    assert Group.objects.get(uid="5143").memberships.count() == 92
