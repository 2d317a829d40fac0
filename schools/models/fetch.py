"""What came of fetching the register's files by itself, night by night."""

from django.db import models

from schools.models.register import RegisterRun


class RegisterFetchQuerySet(models.QuerySet):
    def latest_of_each(self):
        """The newest attempt at each kind of file, the register's first."""
        newest = self.order_by("of", "-tried_at", "-pk").distinct("of")
        order = list(RegisterFetch.File.values)
        return sorted(newest.select_related("run"), key=lambda fetch: order.index(fetch.of))


class RegisterFetch(models.Model):
    """One attempt to fetch one of the register's files, and what came of it in a sentence."""

    class File(models.TextChoices):
        REGISTER = "register", "All establishments"
        GROUPS = "groups", "Groups"
        LINKS = "links", "Links"

    class State(models.TextChoices):
        LOADED = "loaded", "Loaded"
        NOTHING_NEW = "same", "Nothing new"
        FAILED = "failed", "Failed"

    of = models.CharField(max_length=10, choices=File)
    tried_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State)
    file_name = models.CharField(max_length=255, blank=True)
    file_day = models.DateField(null=True, blank=True, help_text="The day in the file's name.")
    said = models.TextField(help_text="What came of it, a sentence.")
    told_at = models.DateTimeField(null=True, blank=True, help_text="When mail was sent of it.")
    run = models.ForeignKey(
        RegisterRun, on_delete=models.SET_NULL, null=True, blank=True, related_name="fetches"
    )

    objects = RegisterFetchQuerySet.as_manager()

    class Meta:
        ordering = ["-tried_at", "-pk"]
        indexes = [models.Index(fields=["of", "-tried_at"], name="fetch_by_file")]

    def __str__(self):
        return f"{self.get_of_display()}, {self.tried_at:%d %B %Y}: {self.said}"

    @property
    def has_failed(self):
        return self.state == self.State.FAILED
