"""The list of areas that schools are asked about; loaded from a file, with version and source."""

from django.db import models


class NeedFrameworkQuerySet(models.QuerySet):
    def current(self):
        """Return the framework in use, the newest that is not retired."""
        return self.filter(retired_on__isnull=True).order_by("-list_version", "-pk").first()


class NeedFramework(models.Model):
    """A versioned list of need areas."""

    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)
    list_version = models.CharField(max_length=20)
    source = models.CharField(max_length=200)
    retired_on = models.DateField(null=True, blank=True)

    objects = NeedFrameworkQuerySet.as_manager()

    class Meta:
        ordering = ["name", "list_version", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["code", "list_version"], name="framework_version_once")
        ]

    def __str__(self):
        return f"{self.name} ({self.list_version})"


class NeedAreaQuerySet(models.QuerySet):
    def in_use(self):
        """The areas of the framework in use."""
        newest = NeedFramework.objects.filter(retired_on__isnull=True)
        return self.filter(framework__in=newest.order_by("-list_version", "-pk")[:1])


class NeedArea(models.Model):
    """One area of a framework, such as HE knowledge."""

    framework = models.ForeignKey(NeedFramework, models.PROTECT, related_name="areas")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    short_name = models.CharField(max_length=24)
    description = models.CharField(max_length=250, blank=True)
    order = models.PositiveSmallIntegerField()

    objects = NeedAreaQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "code"], name="area_code_once"),
            models.UniqueConstraint(fields=["framework", "order"], name="area_order_once"),
        ]

    def __str__(self):
        return self.name
