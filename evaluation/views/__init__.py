"""Pages of evidence: plans, the rows behind their figures, and packs."""

from evaluation.views.packs import make_pack, pack, pack_file
from evaluation.views.planning import add_plan, add_strategy, shares
from evaluation.views.plans import plan, plans
from evaluation.views.rows import rows

__all__ = [
    "add_plan",
    "add_strategy",
    "make_pack",
    "pack",
    "pack_file",
    "plan",
    "plans",
    "rows",
    "shares",
]
