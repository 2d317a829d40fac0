"""The bodies that run several schools: trusts, federations, sponsors; and which schools are in."""

from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse

from schools.models.register import RegisterCode

TRUST_TYPES = ("2", "6", "10", "11")


def _code():
    return models.ForeignKey(
        RegisterCode, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )


def _text(length):
    return models.CharField(max_length=length, blank=True, default="")


class GroupQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All groups: the register is public to everyone who is signed in."""
        return self.all() if user.is_authenticated else self.none()

    def trusts(self):
        """Trusts of academies; a group that only the register of schools names is one."""
        return self.filter(models.Q(type=None) | models.Q(type__code__in=TRUST_TYPES))

    def only_named(self):
        """Groups of which nothing is known but a name: no file of groups has had them."""
        facts = {
            field.name: "" if isinstance(field, models.CharField) else None
            for field in Group._meta.local_concrete_fields
            if field.name not in ("id", "uid", "name", "sort_key")
        }
        return self.filter(**facts)

    def named(self, words):
        """Groups whose name or number has every one of the words."""
        found = self
        for word in words.replace("\x00", "").split()[:8]:
            plain = Lower(models.Func(models.Value(word), function="f_unaccent"))
            found = found.filter(
                models.Q(sort_key__contains=plain)
                | models.Q(uid=word)
                | models.Q(group_id__iexact=word)
                | models.Q(companies_house_number=word)
            )
        return found


class Group(models.Model):
    """A body that runs schools; the register of schools names trusts by the same `uid`."""

    uid = models.CharField(max_length=16, unique=True, db_collation="C")
    group_id = models.CharField(max_length=16, blank=True, default="", help_text="As TR01904.")
    name = models.CharField(max_length=255)
    sort_key = models.GeneratedField(
        expression=Lower(models.Func("name", function="f_unaccent")),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )
    type = _code()
    status = _code()
    companies_house_number = _text(16)
    ukprn = _text(8)
    opened_on = models.DateField(null=True, blank=True, help_text="Or incorporated.")
    closed_on = models.DateField(null=True, blank=True)
    street = _text(255)
    locality = _text(255)
    address3 = _text(255)
    town = _text(120)
    county = _text(120)
    postcode = _text(10)

    objects = GroupQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "pk"]
        indexes = [models.Index(fields=["sort_key", "id"], name="group_order")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("dashboards:trust", args=[self.uid])

    @property
    def is_closed(self):
        return self.closed_on is not None or (
            self.status is not None and self.status.name.lower() == "closed"
        )

    def address(self):
        """The lines of the address that are filled in."""
        lines = [self.street, self.locality, self.address3, self.town, self.county, self.postcode]
        return [line for line in lines if line]


class GroupMembership(models.Model):
    """A school in a group from one day to another, by its number in the register."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="memberships")
    scheme = models.CharField(max_length=12, default="URN")
    code = models.CharField(max_length=16, db_collation="C")
    name = models.CharField(max_length=255, blank=True, help_text="As the file of groups has it.")
    joined_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(
        null=True,
        blank=True,
        help_text="As the file says, or the day of the first file that had it no longer.",
    )

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "scheme", "code", "joined_on"],
                nulls_distinct=False,
                name="groupmembership_once",
            ),
        ]
        indexes = [models.Index(fields=["scheme", "code"], name="groupmembership_by_code")]

    def __str__(self):
        return f"{self.scheme} {self.code} in {self.group_id}"
