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
