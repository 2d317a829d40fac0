"""The public register: schools as people know them, and the register rows behind them."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from schools.search import SchoolQuerySet


class Standing(models.TextChoices):
    """Where a school is in its life, from the register's status."""

    OPEN = "open", "Open"
    PROPOSED = "proposed", "Proposed to open"
    CLOSED = "closed", "Closed"
    UNKNOWN = "", "Not known"


class RegisterCode(models.Model):
    """One code of one of the register's lists with its name: the status "Open", a trust."""

    list = models.CharField(max_length=32)
    code = models.CharField(max_length=64, db_collation="C", help_text="Without leading zeros.")
    name = models.CharField(max_length=255, blank=True)

    class Meta:
        ordering = ["list", "name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["list", "code"], name="register_code_once"),
        ]

    def __str__(self):
        return self.name or "Not known"


class School(models.Model):
    """A school as people know it, through changes of status, name and register number."""

    name = models.CharField(max_length=255)
    sort_key = models.GeneratedField(
        expression=Lower(models.Func("name", function="f_unaccent")),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )
    current = models.ForeignKey(
        "Establishment",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="The register row that stands for the school today.",
    )
    standing = models.CharField(
        max_length=10, choices=Standing.choices, blank=True, default="", editable=False
    )
    phase = models.ForeignKey(
        RegisterCode,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
        editable=False,
    )
    search_text = models.TextField(blank=True, default="", editable=False)

    objects = SchoolQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "pk"]
        indexes = [
            models.Index(fields=["sort_key", "id"], name="school_order"),
            models.Index(fields=["standing", "sort_key", "id"], name="school_standing_order"),
            models.Index(fields=["phase", "sort_key", "id"], name="school_phase_order"),
            GinIndex(OpClass("search_text", name="gin_trgm_ops"), name="school_search_text"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("dashboards:school", args=[self.pk])

    @property
    def is_open(self):
        return self.standing == Standing.OPEN


def _code(**options):
    # No database constraint: the import is the only writer and codes are never deleted, while
    # twenty checks a row would take longer than the rest of a national load.
    options = {"null": True, "blank": True, "related_name": "+", "db_index": False, **options}
    return models.ForeignKey(RegisterCode, on_delete=models.PROTECT, db_constraint=False, **options)


def _number(**options):
    return models.PositiveIntegerField(null=True, blank=True, **options)


def _text(length, **options):
    return models.CharField(max_length=length, blank=True, default="", **options)


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
    ukprn = _text(8, db_collation="C")
    type = _code()
    type_group = _code()
    status = _code()
    phase = _code()
    low_age = models.PositiveSmallIntegerField(null=True, blank=True)
    high_age = models.PositiveSmallIntegerField(null=True, blank=True)
    gender = _code()
    sixth_form = _code()
    boarders = _code()
    admissions = _code()
    religious_character = _code()
    diocese = _code()
    trust = _code(db_index=True)
    federation = _code()
    further_education_type = _text(120)

    opened_on = models.DateField(null=True, blank=True)
    reason_opened = _code()
    closed_on = models.DateField(null=True, blank=True)
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
    census_on = models.DateField(null=True, blank=True)

    street = _text(255)
    locality = _text(255)
    address3 = _text(255)
    town = _text(120)
    county = _text(120)
    postcode = _text(10)
    website = _text(300)
    telephone = _text(40)

    easting = _number()
    northing = _number()
    region = _code()
    district = _code()
    ward = _code()
    constituency = _code()
    urban_rural = _code()
    country = _text(60)
    msoa = _text(9)
    lsoa = _text(9)

    last_changed_on = models.DateField(null=True, blank=True)
    extra = models.JSONField(
        default=dict, blank=True, help_text="Columns of the register not known to this version."
    )
    line_hash = models.CharField(max_length=32, blank=True, default="", editable=False)

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


class RegisterRun(models.Model):
    """One import of a register file that was applied."""

    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    file_name = models.CharField(max_length=255)
    file_hash = models.CharField(max_length=64)
    mapping = models.CharField(max_length=32, editable=False)
    extracted_on = models.DateField(null=True, blank=True)
    header = ArrayField(models.TextField(), default=list)
    rows = models.PositiveIntegerField()
    new = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    unchanged = models.PositiveIntegerField()
    closed = models.PositiveIntegerField()
    missing = models.PositiveIntegerField(help_text="In the register, not in the file.")
    missing_columns = ArrayField(models.TextField(), default=list)
    unknown_columns = ArrayField(models.TextField(), default=list)
    forced_reason = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["-finished_at", "-pk"]

    def __str__(self):
        return f"{self.file_name}, {timezone.localdate(self.finished_at):%d %B %Y}"

    @property
    def as_at(self):
        """The day the facts are true for, as far as the file says."""
        return self.extracted_on or timezone.localdate(self.finished_at)

    @property
    def stamp(self):
        """Where the facts come from and when they were true, in words."""
        return f"Register facts: Get Information about Schools, {date_format(self.as_at, 'j F Y')}"


class RegisterChange(models.Model):
    """One field of one register row that an import changed."""

    run = models.ForeignKey(RegisterRun, on_delete=models.CASCADE, related_name="changes")
    establishment = models.ForeignKey(
        Establishment, on_delete=models.CASCADE, related_name="changes"
    )
    field = models.CharField(max_length=40)
    old = models.TextField(blank=True)
    new = models.TextField(blank=True)

    class Meta:
        ordering = ["-run", "establishment", "field", "pk"]

    def __str__(self):
        return f"{self.field}: {self.old} → {self.new}"
