"""A frozen evidence pack: its own file, its fingerprint, and the policy it was made under."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from core import tenancy
from core.disclosure import POLICIES
from partnerships.models.owned import OwnedModel


def pack_path(pack, name):
    return f"packs/{pack.partnership_id}/{pack.pk}/{name}"


class EvidencePack(OwnedModel):
    """What one plan did in one reporting period, frozen as a file that never changes."""

    POLICIES = ("inside", "partners", "public")

    plan = models.ForeignKey("evaluation.AccessPlan", models.PROTECT, related_name="packs")
    period = models.ForeignKey("core.ReportingPeriod", models.PROTECT, related_name="+")
    policy = models.CharField(max_length=20)
    job = models.ForeignKey("core.Job", models.SET_NULL, null=True, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField(null=True)
    file = models.FileField(upload_to=pack_path, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    figures = models.JSONField(default=dict)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            tenancy.wall("evidencepack"),
            tenancy.parent("evidencepack"),
            tenancy.child("evidencepack", "plan", "evaluation.AccessPlan"),
        ]
        indexes = [models.Index(fields=["partnership", "-created_at"], name="pack_newest")]

    def __str__(self):
        return self.reference

    def get_absolute_url(self):
        return reverse("evaluation:pack", args=[self.pk])

    @property
    def reference(self) -> str:
        return f"EP-{self.created_at:%Y}-{self.pk:04d}"

    @property
    def disclosure(self):
        """The policy that decides what its readers may see."""
        return POLICIES[self.policy]

    @property
    def fingerprint(self):
        """The SHA-256 of the file in groups of eight, fit to be read aloud."""
        return " ".join(self.sha256[n : n + 8] for n in range(0, len(self.sha256), 8))

    @property
    def is_underway(self):
        """Whether a job still works on the pack."""
        return self.frozen_at is None and self.job is not None and not self.job.is_ended
