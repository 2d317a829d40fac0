"""What every room uses and what knows nothing of schools: jobs, the audit trail, periods, lists."""

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.urls import reverse
from django.utils import timezone

from core import tenancy


class DateRange(models.Func):
    """The inclusive range between two dates; an open end is an end that is null."""

    function = "DATERANGE"
    output_field = DateRangeField()

    def __init__(self, starts, ends):
        super().__init__(starts, ends, RangeBoundary(inclusive_lower=True, inclusive_upper=True))


class TimeStampedModel(models.Model):
    """A row that knows when it was made and last changed."""

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class VersionedModel(models.Model):
    """A row that people edit: a save made on an older version is shown the difference."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True


class ReferenceQuerySet(models.QuerySet):
    def in_use(self):
        return self.filter(retired_on__isnull=True)


class ReferenceItem(models.Model):
    """One entry of a list that an outside body or the site owns: never deleted, only retired."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    order = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(max_length=200, blank=True)
    list_version = models.CharField(max_length=20, blank=True)
    retired_on = models.DateField(null=True, blank=True)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["order", "pk"]

    def __str__(self):
        return self.name


class NoPeriod(Exception):
    """No reporting period of the wanted kind holds the date."""


MOST_YEARS_AHEAD = 5
FAR_AHEAD = "%s is more than %d years ahead. Check the year."
NOT_KEPT = "%s lies outside the years kept here. Check the year."


class ReportingPeriodQuerySet(models.QuerySet):
    def year_of(self, kind, day):
        """Return the starting year (int) of the period of `kind` that holds `day`."""
        starts = (
            self.filter(kind=kind, starts_on__lte=day, ends_on__gte=day)
            .values_list("starts_on", flat=True)
            .first()
        )
        if starts is None:
            raise NoPeriod(f"No {ReportingPeriod.Kind(kind).label.lower()} holds {day:%d/%m/%Y}.")
        return starts.year

    def year_typed(self, day, *, ahead=MOST_YEARS_AHEAD):
        """Return the school year of a day that a person typed.

        Raises NoPeriod, in words for that person, where nobody can have meant the day.
        """
        said = f"{day.day} {day:%B} {day.year}"
        if day.year > timezone.localdate().year + ahead:
            raise NoPeriod(FAR_AHEAD % (said, ahead))
        try:
            return self.year_of(ReportingPeriod.Kind.SCHOOL_YEAR, day)
        except NoPeriod:
            raise NoPeriod(NOT_KEPT % said) from None

    def ofs_years(self):
        return self.filter(kind=ReportingPeriod.Kind.OFS_YEAR)


class ReportingPeriod(models.Model):
    """A stretch of days that figures are reported for; periods of one kind never overlap."""

    class Kind(models.TextChoices):
        SCHOOL_YEAR = "school_year", "School year"
        OFS_YEAR = "ofs_year", "OfS year"

    kind = models.CharField(max_length=20, choices=Kind)
    name = models.CharField(max_length=60)
    starts_on = models.DateField()
    ends_on = models.DateField()

    objects = ReportingPeriodQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="period_ends_after"
            ),
            ExclusionConstraint(
                name="period_no_overlap",
                expressions=[
                    ("kind", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def year(self):
        return self.starts_on.year


class AuditEvent(models.Model):
    """Who did what to which row, and when: ids and field names, never a learner's values."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    action = models.CharField(max_length=60)
    actor_id = models.BigIntegerField(null=True)
    partnership_id = models.BigIntegerField(null=True)
    target_type = models.CharField(max_length=60)
    target_id = models.CharField(max_length=40)
    changes = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["target_type", "target_id", "-at"], name="audit_by_target"),
            models.Index(fields=["partnership_id", "-at"], name="audit_by_partnership"),
        ]
        constraints = [tenancy.wall("audit", reader="actor_id", loose=True)]

    def __str__(self):
        return f"{self.action} {self.target_type} {self.target_id}"


class JobQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A person's own jobs; under a token only those of the token's partnership.

        A job without a title is housekeeping that followed from what they did: nobody's to open.
        """
        only = getattr(user, "only_partnership_id", None)
        own = self.filter(owner=user.pk).exclude(title="")
        return own.filter(partnership_id=only) if only else own

    def running(self):
        return self.filter(state=Job.State.RUNNING)

    def queued(self):
        return self.filter(state=Job.State.QUEUED)

    def unfinished(self):
        return self.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING])

    def with_expired_file(self, now):
        kept = timedelta(days=settings.JOB_FILES_KEPT_DAYS)
        return self.exclude(file="").filter(finished_at__lt=now - kept)


def job_file_path(job, name):
    return f"jobs/{job.pk}/{name}"


class Job(models.Model):
    """Long work asked for by a person. The row is the truth; the message only wakes a worker."""

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting to start"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Stopped"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="jobs")
    partnership_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=100)
    title = models.CharField(max_length=200)  # "" is housekeeping, in nobody's list
    params = models.JSONField(default=dict)
    unique_key = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    phase = models.CharField(max_length=100, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)
    file = models.FileField(upload_to=job_file_path, blank=True)
    file_name = models.CharField(max_length=150, blank=True)
    error = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["owner", "-created_at"], name="job_by_owner"),
            models.Index(
                fields=["state", "sent_at"],
                name="job_unfinished",
                condition=models.Q(state__in=["queued", "running"]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["unique_key"],
                condition=models.Q(state="queued") & ~models.Q(unique_key=""),
                name="job_queued_once",
            ),
            tenancy.wall("job", owner="owner_id"),
        ]

    def __str__(self):
        return self.title or self.kind

    def get_absolute_url(self):
        return reverse("core:job", args=[self.pk])

    @property
    def reference(self):
        return f"J-{self.created_at:%Y%m%d}-{self.pk:04d}"

    @property
    def file_kept_until(self):
        """The day on which the job's file is deleted; None where it has none."""
        if not self.file_name or not self.finished_at:
            return None
        ends = self.finished_at + timedelta(days=settings.JOB_FILES_KEPT_DAYS)
        return timezone.localdate(ends)

    @property
    def waits_for_broker(self):
        """Whether the call that wakes a worker could not be sent yet."""
        return self.state == self.State.QUEUED and self.sent_at is None

    @property
    def is_ended(self):
        return self.state in (self.State.DONE, self.State.FAILED, self.State.CANCELLED)

    @property
    def percent(self):
        return 100 * self.done // self.total if self.total else 0
