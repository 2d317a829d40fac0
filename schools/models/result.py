"""What is published of each school by year: its census, destinations and results."""

from django.conf import settings
from django.db import models

from core.models import TimeStampedModel
from schools.models.establishment import Establishment


class ResultMeasure(models.Model):
    """One published figure, such as points for each A level entry; from `data/measures.json`."""

    kind = models.CharField(max_length=24)
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)
    of = models.CharField(max_length=60, blank=True, help_text="Of whom; blank is of all.")
    unit = models.CharField(max_length=12, help_text="percent, points or number")
    better = models.CharField(max_length=6, blank=True, help_text="higher, lower or neither")
    order = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=120)
    list_version = models.CharField(max_length=20)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "code"], name="result_measure_once"),
        ]

    def __str__(self):
        return self.name


class ResultFile(TimeStampedModel):
    """The published file that the results of one kind and school year come from."""

    kind = models.CharField(max_length=24)
    school_year = models.PositiveSmallIntegerField()
    file_name = models.CharField(max_length=255)
    file_hash = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    kept = models.PositiveIntegerField()
    left_out = models.JSONField(default=dict, help_text="How many rows for which reason.")
    not_in_register = models.PositiveIntegerField(help_text="Kept by their number alone.")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        ordering = ["kind", "-school_year", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "school_year"], name="result_file_once"),
        ]

    def __str__(self):
        return self.file_name


class ResultQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All results: they are published."""
        return self.all() if user.is_authenticated else self.none()

    def of_schools(self, ids):
        """Results of schools under every number that they have had."""
        return self.filter(code__in=Establishment.objects.with_urn_of(ids).values("code"))


class Result(models.Model):
    """One figure of one school in one school year, or why there is none.

    Kept by the register number, so that a school may come into the register later.
    """

    code = models.CharField("URN", max_length=16, db_collation="C")
    # No database constraint: the import is the only writer, and loads 200,000 rows at once.
    measure = models.ForeignKey(
        ResultMeasure,
        on_delete=models.PROTECT,
        related_name="results",
        db_index=False,
        db_constraint=False,
    )
    school_year = models.PositiveSmallIntegerField()
    value = models.DecimalField(max_digits=11, decimal_places=2, null=True)
    reason = models.CharField(max_length=20, blank=True, help_text="Why there is no value.")

    objects = ResultQuerySet.as_manager()

    class Meta:
        ordering = ["code", "measure", "-school_year", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "measure", "school_year"], name="result_once_a_year"
            ),
            models.CheckConstraint(
                condition=models.Q(value__isnull=False, reason="")
                | (models.Q(value=None) & ~models.Q(reason="")),
                name="result_value_or_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["measure", "school_year", "id"], name="result_by_measure"),
        ]

    def __str__(self):
        return (
            f"{self.code} {self.school_year}: {self.reason if self.value is None else self.value}"
        )
