"""The imports of the public register: each run, each field that it changed, the code tables."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from schools.editions import EDITION


class RegisterCode(models.Model):
    """One code of one of the register's lists with its name: the status "Open", a trust."""

    list = models.CharField(max_length=32)
    code = models.CharField(max_length=64, db_collation="C", help_text="Without leading zeros.")
    name = models.CharField(max_length=255, blank=True)
    added_by = models.ForeignKey(
        "schools.RegisterRun",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
        editable=False,
    )

    class Meta:
        ordering = ["list", "name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["list", "code"], name="register_code_once"),
        ]

    def __str__(self):
        return self.name or "Not known"


class RegisterRunQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The runs that the register holds: it is public to everyone who is signed in."""
        return self.applied() if user.is_authenticated else self.none()

    def applied(self):
        """Runs that the register holds; neither looked at only nor undone."""
        return self.filter(state=RegisterRun.State.APPLIED)

    def shown(self):
        """The run whose facts pages show, with its day alone, or None."""
        return self.applied().only("extracted_on", "finished_at").first()

    def with_edition(self):
        """With the `edition` of all facts about schools, which changes with each file of them."""
        return self.annotate(edition=EDITION)

    def last_applied(self):
        """The run that the register stands at, or None. A run applies only what follows it."""
        return self.applied().order_by("-pk").first()


class RegisterRun(models.Model):
    """One register file: first looked at, then applied; the last one applied can be undone."""

    class State(models.TextChoices):
        PREVIEWED = "previewed", "Looked at, not applied"
        APPLIED = "applied", "Applied"
        UNDONE = "undone", "Undone"
        DROPPED = "dropped", "Not applied"

    class Origin(models.TextChoices):
        COMMAND = "command", "Command"
        PAGE = "page", "Uploaded on a page"
        FETCHED = "fetched", "Fetched at night"

    state = models.CharField(max_length=10, choices=State, default=State.APPLIED)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.COMMAND)
    file = models.FileField(
        upload_to="register/runs/", blank=True, help_text="Kept until applied or dropped."
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    dropped_because = models.TextField(
        blank=True, default="", help_text="Why it was not applied, in a sentence."
    )
    kept = models.JSONField(
        default=list, blank=True, help_text="What stayed when it was undone: it was in use."
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
    notices = models.JSONField(
        default=list, blank=True, help_text="What was put right on the way, in sentences."
    )
    forced_reason = models.TextField(blank=True, default="")
    follows = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        help_text="The run that the register stood at when this file was compared with it.",
    )
    renamed = models.JSONField(
        default=dict, blank=True, editable=False, help_text="Former names of codes, by id."
    )

    objects = RegisterRunQuerySet.as_manager()

    class Meta:
        ordering = ["-finished_at", "-pk"]

    def __str__(self):
        return f"{self.file_name}, {timezone.localdate(self.finished_at):%d %B %Y}"

    def get_absolute_url(self):
        return reverse("dashboards:run", args=[self.pk])

    @property
    def acts(self):
        """How many rows it changes or adds."""
        return self.new + self.changed

    @property
    def as_at(self):
        """The day the facts are true for, as far as the file says."""
        return self.extracted_on or timezone.localdate(self.finished_at)

    @property
    def stamp(self):
        """Where the facts come from and when they were true, in words."""
        return f"Register facts: Get Information about Schools, {date_format(self.as_at, 'j F Y')}"


class RegisterChangeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What applied runs changed: the register is public to everyone who is signed in."""
        runs = RegisterRun.objects.visible_to(user)
        return self.filter(run__in=runs)


class RegisterChange(models.Model):
    """One field of one register row that a run changes: would change, while it is looked at."""

    run = models.ForeignKey(RegisterRun, on_delete=models.CASCADE, related_name="changes")
    establishment = models.ForeignKey(
        "schools.Establishment", on_delete=models.CASCADE, related_name="changes"
    )
    field = models.CharField(max_length=40)
    old = models.TextField(blank=True, help_text="In words, as it was.")
    new = models.TextField(blank=True)
    old_raw = models.TextField(null=True, help_text="As the database holds it, to undo.")  # noqa: DJ001

    objects = RegisterChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-run", "establishment", "field", "pk"]

    def __str__(self):
        return f"{self.field}: {self.old} → {self.new}"


class RegisterBefore(models.Model):
    """What a run overwrote of a register row that is no field of the file, kept to undo it."""

    run = models.ForeignKey(RegisterRun, on_delete=models.CASCADE, related_name="+")
    establishment = models.ForeignKey(
        "schools.Establishment", on_delete=models.CASCADE, related_name="+"
    )
    values = models.JSONField(help_text="By column: what follows from the file, and the rest.")

    class Meta:
        ordering = ["run", "establishment", "pk"]

    def __str__(self):
        return f"{self.establishment_id} before run {self.run_id}"
