"""Who may make plans and packs; every member reads the evidence."""

import rules

from partnerships.models import Role
from partnerships.rules import has_role, is_member

PLAN = "evaluation.change_plan"
MAKE = "evaluation.make_pack"
READ = "evaluation.read_evidence"

evidences = has_role(Role.MANAGER, Role.EVALUATOR)

rules.add_perm(PLAN, evidences)
rules.add_perm(MAKE, evidences)
rules.add_perm(READ, is_member)
