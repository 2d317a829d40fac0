"""Keys for programs: each acts as one member of one partnership, and can be taken back."""

import hashlib

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core import tenancy
from partnerships.models.owned import OwnedModel, OwnedQuerySet
from partnerships.models.partnership import Membership, Role


class ApiTokenQuerySet(OwnedQuerySet):
    def visible_to(self, user):
        """A member's own tokens, and every token of a partnership that they manage."""
        mine = Membership.objects.live_of(user)
        managed = mine.filter(role=Role.MANAGER).values("partnership")
        return self.filter(Q(membership__in=mine) | Q(partnership__in=managed))

    def with_names(self):
        return self.select_related("membership__user", "partnership")

    def live(self):
        """Tokens that open the door today: their member works here still and may sign in."""
        return self.filter(
            revoked_at=None,
            expires_on__gte=timezone.localdate(),
            membership__ended_on=None,
            membership__user__is_active=True,
        )

    def holding(self, secret):
        """Return the live token of this secret, or None."""
        hashed = ApiToken.hash_of(secret)
        return self.live().with_names().filter(hash=hashed).first()

    def note_use(self, token):
        """Write down the day of use, once a day: reading does not write each time."""
        today = timezone.localdate()
        if token.last_used_on != today:
            self.filter(pk=token.pk).update(last_used_on=today)


class ApiToken(OwnedModel):
    """A key that a program shows to do what one member may do, in their partnership alone.

    The secret itself is not kept: only its hash, and its first letters to know it by.
    """

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=80)
    hash = models.CharField(max_length=64, unique=True)
    first_letters = models.CharField(max_length=12)
    expires_on = models.DateField()
    last_used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            tenancy.wall("apitoken"),
            tenancy.child("apitoken", "membership", "partnerships.Membership"),
        ]

    def __str__(self):
        return self.name

    @staticmethod
    def hash_of(secret):
        return hashlib.sha256(secret.encode()).hexdigest()

    @property
    def standing(self):
        """What a person is told about the token: in use, run out or revoked."""
        if self.revoked_at:
            return "Revoked"
        return "Run out" if self.expires_on < timezone.localdate() else "In use"
