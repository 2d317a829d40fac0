"""How schools follow one another, as the register says, and what was done about it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format


class LoadedFileQuerySet(models.QuerySet):
    def held(self):
        """Files that hold: not taken back; the newest first."""
        return self.filter(undone_at=None).order_by("-loaded_at", "-pk")

    def latest_of_each(self):
        """The file of links and the file of groups that were loaded last."""
        return list(self.held().order_by("kind", "-loaded_at", "-pk").distinct("kind"))

    def last(self, kind):
        """The file of a kind that holds, or None; one that was taken back does not."""
        return self.held().filter(kind=kind).first()


class LoadedFile(models.Model):
    """One file of links or of groups that was loaded, and what it changed.

    Files of links can be taken back, the last one first; `follows` is the run that the register
    stood at when it was loaded.
    """

    class Kind(models.TextChoices):
        LINKS = "links", "Links between schools"
        GROUPS = "groups", "Groups and their schools"

    kind = models.CharField(max_length=10, choices=Kind)
    file_name = models.CharField(max_length=255)
    file_hash = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()
    extracted_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    rows = models.PositiveIntegerField()
    new = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    gone = models.PositiveIntegerField(help_text="Here before, not in the file.")
    left_out = ArrayField(
        models.TextField(), default=list, help_text="Rows that were not kept, each with its reason."
    )
    follows = models.ForeignKey(
        "schools.RegisterRun",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    joined = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="Schools that went on by themselves; blank where that was not kept.",
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = LoadedFileQuerySet.as_manager()

    class Meta:
        ordering = ["-loaded_at", "-pk"]

    def __str__(self):
        return f"{self.file_name}, {timezone.localdate(self.loaded_at):%d %B %Y}"

    @property
    def as_at(self):
        """The day the facts are true for, as far as the file says."""
        return self.extracted_on or timezone.localdate(self.loaded_at)

    @property
    def stamp(self):
        """Where the facts come from and when they were true, in words."""
        return f"{self.get_kind_display()}: {self.file_name}, {date_format(self.as_at, 'j F Y')}"


class EstablishmentLinkQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All links: the register is public to everyone who is signed in."""
        return self.all() if user.is_authenticated else self.none()


class EstablishmentLink(models.Model):
    """One row of the register's links: what `linked_code` is to `code`; either may be unknown."""

    scheme = models.CharField(max_length=12, default="URN")
    code = models.CharField(max_length=16, db_collation="C")
    linked_code = models.CharField(max_length=16, db_collation="C")
    type = models.CharField(max_length=120, help_text="As the register writes it.")
    established_on = models.DateField(null=True, blank=True)
    name = models.CharField(max_length=255, blank=True, help_text="Of the linked school.")

    objects = EstablishmentLinkQuerySet.as_manager()

    class Meta:
        ordering = ["code", "linked_code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "code", "linked_code", "type"], name="establishmentlink_once"
            ),
        ]
        indexes = [
            models.Index(fields=["scheme", "linked_code"], name="establishmentlink_back"),
        ]

    def __str__(self):
        return f"{self.scheme} {self.code}: {self.type} {self.linked_code}"


class LinkBefore(models.Model):
    """A link as it was before a file changed it or took it away, or that it was not there."""

    file = models.ForeignKey(LoadedFile, models.CASCADE, related_name="+")
    scheme = models.CharField(max_length=12)
    code = models.CharField(max_length=16, db_collation="C")
    linked_code = models.CharField(max_length=16, db_collation="C")
    type = models.CharField(max_length=120)
    was_there = models.BooleanField()
    established_on = models.DateField(null=True, blank=True)
    name = models.CharField(max_length=255, blank=True)

    class Meta:
        ordering = ["file", "code", "linked_code", "pk"]

    def __str__(self):
        return f"{self.code} to {self.linked_code} before file {self.file_id}"


class SchoolMove(models.Model):
    """A row of any room that followed when its school was joined to another; to put it back.

    What joined them was a run of the register, or a file of links alone.
    """

    run = models.ForeignKey("schools.RegisterRun", models.CASCADE, null=True, related_name="+")
    file = models.ForeignKey(LoadedFile, models.CASCADE, null=True, related_name="+")
    before = models.ForeignKey("schools.School", models.CASCADE, related_name="+")
    after = models.ForeignKey("schools.School", models.CASCADE, related_name="+")
    model = models.CharField(max_length=80)
    field = models.CharField(max_length=40)
    row = models.BigIntegerField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(run=None) ^ models.Q(file=None), name="schoolmove_one_cause"
            ),
        ]

    def __str__(self):
        return f"{self.model} {self.row}: {self.before_id} to {self.after_id}"
