"""A row of the public register, with every fact that says something about the school."""

from collections import defaultdict

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Coalesce

from schools.models.register import RegisterCode, RegisterRun
from schools.models.school import School, Standing


def _code(**options):
    # No database constraint: the import is the only writer and codes are never deleted, while
    # twenty checks a row would take longer than the rest of a national load.
    options = {"null": True, "blank": True, "related_name": "+", "db_index": False, **options}
    return models.ForeignKey(RegisterCode, on_delete=models.PROTECT, db_constraint=False, **options)


def _number(**options):
    return models.PositiveIntegerField(null=True, blank=True, **options)


def _text(length, **options):
    return models.CharField(max_length=length, blank=True, default="", **options)


def _date(**options):
    return models.DateField(null=True, blank=True, **options)


class EstablishmentQuerySet(models.QuerySet):
    def newest_first(self):
        """Those that opened last, or where that is not known closed last, before the others."""
        day = Coalesce("opened_on", "closed_on")
        return self.order_by(day.desc(nulls_last=True), "-code")

    def with_urn_of(self, schools):
        """The rows of schools (ids, or a query of them) that have a URN."""
        return self.filter(school__in=schools, scheme=Establishment.URN).order_by()

    def urns_of(self, schools):
        """The URNs that each of the schools has or had, as {id: [URN]}."""
        found = defaultdict(list)
        for school, code in (
            self.with_urn_of(schools).order_by("code").values_list("school", "code")
        ):
            found[school].append(code)
        return found


class Establishment(models.Model):
    """One row of a public register, kept by its number there; never deleted."""

    URN = "URN"

    scheme = models.CharField(max_length=12, default=URN)
    code = models.CharField(max_length=16, db_collation="C")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="establishments")
    name = models.CharField(max_length=255)
    standing = models.CharField(
        max_length=10, choices=Standing.choices, blank=True, default="", editable=False
    )

    authority = _code(db_index=True)
    establishment_number = _number()
    laestab = _text(7, editable=False, db_collation="C")
    previous_authority = _code()
    previous_number = _number()
    ukprn = _text(8, db_collation="C")
    uprn = _text(12, db_collation="C")
    fehe_identifier = _text(12, db_collation="C")
    company_number = _text(20, db_collation="C")
    type = _code()
    type_group = _code()
    status = _code()
    phase = _code()
    low_age = models.PositiveSmallIntegerField(null=True, blank=True)
    high_age = models.PositiveSmallIntegerField(null=True, blank=True)
    gender = _code()
    sixth_form = _code()
    has_sixth_form = models.BooleanField(
        null=True,
        editable=False,
        help_text="As the register says; by the ages where it does not. Blank if not known.",
    )
    nursery_provision = _text(80)
    boarders = _code()
    boarding = _text(80, help_text="Whether it boards, where the register asks so.")
    admissions = _code()
    religious_character = _code()
    religious_ethos = _text(80)
    diocese = _code()
    further_education_type = _text(120)

    trust_flag = _code()
    trust = _code(db_index=True)
    sponsor_flag = _text(80)
    sponsors = _text(255)
    federation_flag = _text(80)
    federation = _code()
    proprietor = _text(255)

    opened_on = _date()
    reason_opened = _code()
    closed_on = _date()
    reason_closed = _code()

    capacity = _number()
    pupils = _number()
    boys = _number()
    girls = _number()
    fsm_pupils = _number()
    fsm_percent = models.DecimalField(
        max_digits=5,
        decimal_places=1,
        null=True,
        blank=True,
        help_text="Claiming free school meals at the census; blank if not known.",
    )
    census_on = _date()

    special_classes = _code()
    sen_types = ArrayField(
        models.CharField(max_length=120),
        default=list,
        blank=True,
        help_text="Special educational needs it provides for, the chief one first.",
    )
    section_41 = _text(80, help_text="Approved under section 41 of the 2014 Act or not.")
    resourced_provision = _text(80)
    resourced_pupils = _number()
    resourced_places = _number()
    sen_unit_pupils = _number()
    sen_unit_places = _number()
    pupils_with_sen_plan = _number(help_text="Special pupils under a statement or plan.")
    pupils_without_sen_plan = _number(help_text="Special pupils under no statement or plan.")
    teenage_mothers = _text(80)
    teenage_mothers_places = _number()
    child_care = _text(80)
    pru_places = _number()
    pru_special_needs = _text(80)
    pru_behaviour = _text(80)
    pru_full_time = _text(80)
    pru_other_tuition = _text(80)

    inspectorate = _text(120)
    inspectorate_report = _text(500)
    inspected_on = _date()
    next_inspection_on = _date()
    ofsted_rating = _text(80, help_text="Only in files of 2024 and before.")
    ofsted_inspected_on = _date(help_text="Only in files of 2024 and before.")
    ofsted_special_measures = _code(help_text="Only in files of 2024 and before.")
    bso_inspectorate = _text(120, help_text="Of a British school overseas.")
    accredited = _code()
    accreditation_body = _code()
    accreditation_report = _text(500)
    accreditation_expires_on = _date()

    street = _text(255)
    locality = _text(255)
    address3 = _text(255)
    town = _text(120)
    county = _text(120)
    postcode = _text(10)
    site_name = _text(255)
    website = _text(300)
    telephone = _text(40)

    easting = _number()
    northing = _number()
    region = _code()
    dfe_region = _text(120, help_text="Of the regional schools commissioners, until 2024.")
    district = _code()
    ward = _code()
    census_ward = _text(120)
    constituency = _code()
    urban_rural = _code()
    country = _text(60)
    gss_authority = _text(9, help_text="The authority's code at the statistics office.")
    msoa = _text(9)
    msoa_name = _text(80)
    lsoa = _text(9)
    lsoa_name = _text(80)

    last_changed_on = _date()
    extra = models.JSONField(
        default=dict, blank=True, help_text="Columns of the register not known to this version."
    )
    line_hash = models.CharField(max_length=32, blank=True, default="", editable=False)
    added_by = models.ForeignKey(
        RegisterRun,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="added",
        db_index=False,
        db_constraint=False,
        editable=False,
    )

    objects = EstablishmentQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "code"], name="establishment_code_once"),
        ]
        indexes = [
            models.Index(fields=["laestab"], name="establishment_laestab"),
            models.Index(fields=["ukprn"], name="establishment_ukprn"),
        ]

    def __str__(self):
        return f"{self.name} ({self.scheme} {self.code})"

    @property
    def is_open(self):
        return self.standing == Standing.OPEN

    @property
    def website_url(self):
        """The address to link to, or '' where the register holds none that is safe to follow."""
        found = self.website if "://" in self.website else f"http://{self.website}"
        safe = found.lower().startswith(("http://", "https://")) and " " not in found
        return found if self.website and safe else ""

    def year_groups(self):
        """Years taught, from the ages (0 is Reception); a default that people may correct."""
        if self.low_age is None or self.high_age is None:
            return []
        return [n for n in range(14) if self.low_age <= n + 4 and self.high_age >= n + 5]

    def pupils_per_year(self):
        """An estimate of the size of one year group, or None."""
        years = self.year_groups()
        return round(self.pupils / len(years)) if years and self.pupils else None

    def address(self):
        """The lines of the address that are filled in."""
        lines = [self.street, self.locality, self.address3, self.town, self.county, self.postcode]
        return [line for line in lines if line]
