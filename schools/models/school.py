"""A school as people know it, however often its place in the register changes."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse

from schools.models.register import RegisterCode
from schools.search import SchoolQuerySet


class Standing(models.TextChoices):
    """Where a school is in its life, from the register's status."""

    OPEN = "open", "Open"
    PROPOSED = "proposed", "Proposed to open"
    CLOSED = "closed", "Closed"
    UNKNOWN = "", "Not known"


def _code(**options):
    # Copied from the register row that stands for the school, which the import alone writes.
    return models.ForeignKey(
        RegisterCode,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
        editable=False,
        **options,
    )


class School(models.Model):
    """A school as people know it, through changes of status, name and register number.

    What lists are narrowed by is copied from the current register row: a count over all schools
    reads one slim table. `precedence` says which of two equal matches comes first, the lower one:
    open, then with pupils over 16, then the larger.
    """

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
        help_text="The register row that stands for the school today.",
    )
    standing = models.CharField(
        max_length=10, choices=Standing.choices, blank=True, default="", editable=False
    )
    phase = _code()
    type = _code()
    type_group = _code()
    region = _code()
    authority = _code()
    trust = _code()
    has_sixth_form = models.BooleanField(null=True, blank=True, editable=False)
    fsm_percent = models.DecimalField(
        max_digits=5, decimal_places=1, null=True, blank=True, editable=False
    )
    easting = models.PositiveIntegerField(null=True, blank=True, editable=False)
    northing = models.PositiveIntegerField(null=True, blank=True, editable=False)
    precedence = models.PositiveIntegerField(default=0, editable=False)
    search_text = models.TextField(blank=True, default="", editable=False)
    joined_to = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        help_text="The school that this one turned out to be; only old addresses lead here.",
    )

    objects = SchoolQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "pk"]
        indexes = [
            models.Index(fields=["sort_key", "id"], name="school_order"),
            models.Index(fields=["standing", "sort_key", "id"], name="school_standing_order"),
            models.Index(fields=["phase", "sort_key", "id"], name="school_phase_order"),
            GinIndex(OpClass("search_text", name="gin_trgm_ops"), name="school_search_text"),
            models.Index(
                OpClass("search_text", name="text_pattern_ops"), name="school_search_begins"
            ),
            models.Index(fields=["precedence", "id"], name="school_precedence"),
            models.Index(fields=["easting", "northing"], name="school_place"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("dashboards:school", args=[self.pk])

    @property
    def is_open(self):
        return self.standing == Standing.OPEN


class SearchWord(models.Model):
    """A word of the names and towns of schools, to set a misspelt one right."""

    word = models.TextField(primary_key=True, db_collation="C")

    class Meta:
        indexes = [GinIndex(OpClass("word", name="gin_trgm_ops"), name="search_word_alike")]

    def __str__(self):
        return self.word
