"""All that the register says about a school: each of its rows in full, and what changed when."""

from dataclasses import dataclass, field

from django.db.models import BooleanField, DateField, ForeignKey
from django.utils.formats import date_format

from schools.changes import label_of, value_of
from schools.models import Establishment, RegisterChange, RegisterRun

MOST_CHANGES = 200
GROUPS = {
    "Numbers": """code laestab establishment_number ukprn uprn fehe_identifier company_number
        previous_authority previous_number""",
    "Kind": """status type type_group phase low_age high_age has_sixth_form sixth_form
        nursery_provision gender admissions boarders boarding further_education_type
        religious_character religious_ethos diocese""",
    "Run by": """authority trust trust_flag sponsor_flag sponsors federation_flag federation
        proprietor""",
    "Opened and closed": "opened_on reason_opened closed_on reason_closed",
    "Pupils": "census_on pupils boys girls capacity fsm_pupils fsm_percent",
    "Special needs and provision": """special_classes sen_types section_41 resourced_provision
        resourced_pupils resourced_places sen_unit_pupils sen_unit_places pupils_with_sen_plan
        pupils_without_sen_plan teenage_mothers teenage_mothers_places child_care pru_places
        pru_special_needs pru_behaviour pru_full_time pru_other_tuition""",
    "Inspection": """inspectorate inspected_on next_inspection_on inspectorate_report ofsted_rating
        ofsted_inspected_on ofsted_special_measures bso_inspectorate accredited accreditation_body
        accreditation_report accreditation_expires_on""",
    "Address": """street locality address3 town county postcode site_name telephone website""",
    "Place": """easting northing region dfe_region district ward census_ward constituency
        urban_rural country gss_authority msoa msoa_name lsoa lsoa_name""",
}
CODED = [one.name for one in Establishment._meta.fields if isinstance(one, ForeignKey)]


@dataclass
class Record:
    """One row of the register with the facts it has: [(group, [(label, value)])]."""

    row: Establishment
    groups: list = field(default_factory=list)
    other: list = field(default_factory=list)


def records_of(school):
    """Each register row of the school, the one that speaks for it first, then the newest."""
    rows = school.establishments.select_related(*CODED).newest_first()
    rows = sorted(rows, key=lambda row: row.pk != school.current_id)
    return [Record(row, list(_groups(row)), sorted(row.extra.items())) for row in rows]


def _groups(row):
    for group, names in GROUPS.items():
        facts = [(label_of(name), in_words(row, name)) for name in names.split()]
        if any(value for _, value in facts):
            yield group, [(label, value) for label, value in facts if value]


def in_words(row, name):
    """The value of a field as a person reads it; '' where the register has none."""
    kind, value = Establishment._meta.get_field(name), getattr(row, name)
    if value is None or value == "":
        return ""
    if isinstance(kind, BooleanField):
        return "Yes" if value else "No"
    if isinstance(kind, DateField):
        return date_format(value, "j F Y")
    return ", ".join(value) if isinstance(value, list) else str(value)


def changes_of(school):
    """What applied files changed, newest first: [(run, row, field, was, is)] in words."""
    changes = RegisterChange.objects.filter(
        establishment__school=school, run__state=RegisterRun.State.APPLIED
    ).select_related("run", "establishment")
    return [
        (
            change.run,
            change.establishment,
            label_of(change.field),
            value_of(change.field, change.old),
            value_of(change.field, change.new),
        )
        for change in changes.order_by("-run", "-establishment", "field")[:MOST_CHANGES]
    ]
