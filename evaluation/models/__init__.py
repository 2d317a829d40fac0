"""What changed, and the proof."""

from evaluation.models.pack import EvidencePack
from evaluation.models.plan import AccessPlan, InterventionStrategy, TypeAllocation

__all__ = ["AccessPlan", "EvidencePack", "InterventionStrategy", "TypeAllocation"]
