"""Small areas: what is measured of them, in which edition, and where each postcode lies."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import OuterRef, Subquery

from core.models import ReferenceItem
from schools.models.school import School

NATIONS = "EWSNLM"
MANY = 100_000_000
LOOSE = {"db_index": False, "db_constraint": False}


class AreaCodeField(models.Field):
    """A code of the statistics offices such as E01023743, kept in four bytes."""

    description = "Code of a small area"

    def db_type(self, connection):
        return "integer"

    def from_db_value(self, value, expression, connection):
        return None if value is None else f"{NATIONS[value // MANY]}{value % MANY:08d}"

    def to_python(self, value):
        return value or None

    def get_prep_value(self, value):
        return area_number(value)


def area_number(code):
    """The number that stands for the code of an area, None for none."""
    if not code:
        return None
    nation, digits = NATIONS.find(code[0]), code[1:]
    if nation < 0 or len(digits) != 8 or not (digits.isascii() and digits.isdigit()):
        raise ValidationError(f"“{code[:20]}” is no code of an area such as E01023743.")
    return nation * MANY + int(digits)


class PostcodeField(models.CharField):
    """Text whose only index is that of the key: in this collation it finds beginnings too."""

    def db_type(self, connection):
        return f"character varying({self.max_length})"


class Geography(models.TextChoices):
    """The kinds of small area that figures are published for, each with its year of drawing."""

    LSOA21 = "lsoa21", "LSOA 2021"
    LSOA11 = "lsoa11", "LSOA 2011"
    MSOA11 = "msoa11", "MSOA 2011"
    MSOA01 = "msoa01", "MSOA 2001"
    WARD01 = "ward01", "Census ward 2001"


class Country(models.IntegerChoices):
    """Where a postcode lies."""

    ENGLAND = 1, "England"
    WALES = 2, "Wales"
    SCOTLAND = 3, "Scotland"
    NORTHERN_IRELAND = 4, "Northern Ireland"
    CHANNEL_ISLANDS = 5, "Channel Islands"
    ISLE_OF_MAN = 6, "Isle of Man"


class AreaMeasure(ReferenceItem):
    """Something measured of small areas in fifths; the first fifth is always the least favoured."""

    first = models.CharField(max_length=60, help_text="What the first fifth is.")
    last = models.CharField(max_length=60, help_text="What the last fifth is.")
    about = models.CharField(max_length=300)


class AreaReason(models.Model):
    """Why a postcode has no fifth, in the words of the file that says so."""

    number = models.PositiveSmallIntegerField(primary_key=True)
    words = models.CharField(max_length=120, unique=True)

    class Meta:
        ordering = ["number"]

    def __str__(self):
        return self.words


class PostcodeLoad(models.Model):
    """One file of postcodes that was loaded; the newest of each layout is what the table holds."""

    class Layout(models.TextChoices):
        OFS = "ofs", "OfS postcode file"
        ONS = "ons", "ONS postcode directory"

    layout = models.CharField(max_length=3, choices=Layout)
    edition = models.CharField(max_length=40)
    file_name = models.CharField(max_length=255)
    file_hash = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    terminated = models.PositiveIntegerField(help_text="Postcodes no longer in use.")
    target_wards = models.PositiveIntegerField(
        null=True, blank=True, help_text="Postcodes in a target ward; 0 where none is marked."
    )
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    forced_reason = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["-finished_at", "-pk"]

    def __str__(self):
        return f"{self.get_layout_display()}, {self.edition}"

    @classmethod
    def of_wards(cls):
        """The OfS's file in use if it marks the target wards of Uni Connect, else None."""
        load = cls.objects.filter(layout=cls.Layout.OFS).first()
        return load if load and load.target_wards else None


class AreaEditionQuerySet(models.QuerySet):
    def newest(self, measure_code):
        """The newest edition of a measure that is loaded, or None."""
        found = self.filter(measure__code=measure_code)
        return found.order_by("-edition", "-loaded_at", "-pk").first()

    def in_order(self):
        """Every edition, as the list of measures has them, the newest of each first."""
        return self.select_related("measure", "load").order_by(
            "measure__order", "-edition", "-loaded_at", "pk"
        )


class AreaEdition(models.Model):
    """One published edition of a measure; its fifths stand on areas, or on postcodes of a load."""

    measure = models.ForeignKey(AreaMeasure, on_delete=models.PROTECT, related_name="editions")
    edition = models.CharField(max_length=40)
    geography = models.CharField(max_length=6, choices=Geography)
    load = models.ForeignKey(
        PostcodeLoad, on_delete=models.PROTECT, null=True, blank=True, related_name="editions"
    )
    file_name = models.CharField(max_length=255)
    file_hash = models.CharField(max_length=64)
    columns = models.JSONField(default=dict, help_text="The headings that were read.")
    rows = models.PositiveIntegerField(help_text="Areas, or postcodes, with a fifth.")
    loaded_at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = AreaEditionQuerySet.as_manager()

    class Meta:
        ordering = ["measure", "-edition", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "edition", "geography"], name="area_edition_once"
            ),
        ]

    def __str__(self):
        return f"{self.measure.name} {self.edition}"

    @property
    def stamp(self):
        """What the fifths are of, which edition and on which areas, in words."""
        return f"{self.measure}, edition {self.edition}, {self.get_geography_display()}"


class AreaValue(models.Model):
    """What one edition of a measure says of one area."""

    edition = models.ForeignKey(
        AreaEdition, on_delete=models.CASCADE, related_name="values", db_index=False
    )
    area = AreaCodeField()
    rank = models.PositiveIntegerField(null=True, blank=True, help_text="1 is the first of all.")
    decile = models.PositiveSmallIntegerField(null=True, blank=True)
    quintile = models.PositiveSmallIntegerField(null=True, blank=True)
    value = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ["edition", "area"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "area"], name="area_value_once"),
        ]

    def __str__(self):
        return f"{self.area}: {self.quintile or 'not classified'}"


def _fifth():
    # 1 to 5; what has none has minus the number of its AreaReason; null where the file is silent.
    return models.SmallIntegerField(null=True, blank=True)


class Postcode(models.Model):
    """Where a postcode lies, and its fifths by the OfS's file: 1 to 5, or minus an AreaReason.

    The table is built anew by each load and changes places with the old one (`areas.swapping`).
    """

    OFS, ONS = 1, 2

    code = PostcodeField(max_length=7, primary_key=True, db_collation="C")
    lsoa21 = AreaCodeField(null=True)
    lsoa11 = AreaCodeField(null=True)
    msoa11 = AreaCodeField(null=True)
    authority = AreaCodeField(null=True)
    easting = models.IntegerField(null=True)
    northing = models.IntegerField(null=True)
    terminated = models.IntegerField(help_text="0 in use; else the month, as in 201406, or 1.")
    country = models.SmallIntegerField(null=True, choices=Country)
    sources = models.SmallIntegerField(help_text="1 in the OfS's file, 2 in the ONS's, 3 in both.")
    polar4 = _fifth()
    polar3 = _fifth()
    tundra_msoa = _fifth()
    tundra_lsoa = _fifth()
    adult_he = _fifth()
    gaps_gcse = _fifth()
    gaps_ethnicity = _fifth()
    target_ward = models.SmallIntegerField(
        null=True, help_text="Of Uni Connect: 1 as the OfS marks it, 2 as it marks it 1*."
    )

    class Meta:
        ordering = ["code"]

    def __str__(self):
        return f"{self.code[:-3]} {self.code[-3:]}"


class SchoolAreaQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All of them: they are published."""
        return self.all() if user.is_authenticated else self.none()

    def with_value(self):
        """With the score or rate that the area has, as `value`, where the edition gives one."""
        there = AreaValue.objects.filter(edition=OuterRef("edition"), area=OuterRef("area"))
        return self.annotate(value=Subquery(there.values("value")[:1]))


class SchoolArea(models.Model):
    """What one edition says of the area that a school's site lies in: made anew by `recompute`.

    It says nothing of where the school's pupils live.
    """

    # No database constraints: `recompute` is the only writer, and it clears what is left behind.
    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="areas", **LOOSE)
    edition = models.ForeignKey(AreaEdition, on_delete=models.CASCADE, related_name="+", **LOOSE)
    area = AreaCodeField(null=True, blank=True)
    by_postcode = models.BooleanField(help_text="Else by the code in the register.")
    rank = models.PositiveIntegerField(null=True, blank=True)
    decile = models.PositiveSmallIntegerField(null=True, blank=True)
    quintile = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.ForeignKey(
        AreaReason,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        **LOOSE,
    )

    objects = SchoolAreaQuerySet.as_manager()

    class Meta:
        ordering = ["school", "edition"]
        constraints = [
            models.UniqueConstraint(fields=["school", "edition"], name="school_area_once"),
        ]
        indexes = [
            models.Index(
                fields=["edition", "quintile"], include=["school"], name="school_area_quintile"
            ),
        ]

    def __str__(self):
        return f"{self.edition_id}: {self.quintile or 'not classified'}"
