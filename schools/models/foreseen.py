"""What a register file does beside the fields that it changes: rows it adds, lacks and joins."""

from django.db import models

from schools.models.register import RegisterRun


class RegisterNew(models.Model):
    """One row that a file would add, kept while the file is only looked at; codes in words."""

    run = models.ForeignKey(RegisterRun, on_delete=models.CASCADE, related_name="foreseen")
    code = models.CharField(max_length=16, db_collation="C")
    name = models.CharField(max_length=255)
    laestab = models.CharField(max_length=7, blank=True)
    type = models.CharField(max_length=255, blank=True)
    authority = models.CharField(max_length=255, blank=True)
    status = models.CharField(max_length=255, blank=True)

    class Meta:
        ordering = ["run", "pk"]

    def __str__(self):
        return f"{self.name} (URN {self.code})"


def _school():
    # No database constraint: it would be asked at each of the thousands that an undo takes out.
    return models.ForeignKey(
        "schools.School", models.CASCADE, null=True, related_name="+", db_constraint=False
    )


class RegisterJoin(models.Model):
    """A school that goes on under a new number once a file is applied, by itself.

    Kept while the file is only looked at. The schools are those that the register has already.
    """

    run = models.ForeignKey(RegisterRun, on_delete=models.CASCADE, related_name="joins")
    before_code = models.CharField(max_length=16, db_collation="C")
    before_name = models.CharField(max_length=255)
    before_school = _school()
    after_code = models.CharField(max_length=16, db_collation="C")
    after_name = models.CharField(max_length=255)
    after_school = _school()

    class Meta:
        ordering = ["run", "pk"]

    def __str__(self):
        return (
            f"{self.before_name} (URN {self.before_code}) goes on as "
            f"{self.after_name} (URN {self.after_code})"
        )


class RegisterMissingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What applied files lacked: the register is public to everyone who is signed in."""
        return self.filter(run__in=RegisterRun.objects.visible_to(user))


class RegisterMissing(models.Model):
    """One row of the register that a file does not have; it is kept."""

    run = models.ForeignKey(RegisterRun, on_delete=models.CASCADE, related_name="lacks")
    establishment = models.ForeignKey(
        "schools.Establishment", on_delete=models.CASCADE, related_name="lacked_by"
    )

    objects = RegisterMissingQuerySet.as_manager()

    class Meta:
        ordering = ["-run", "pk"]

    def __str__(self):
        return f"{self.establishment} is not in run {self.run_id}"
