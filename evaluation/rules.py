"""Managers make plans and packs; every member reads the evidence."""

import rules

from partnerships.rules import is_manager, is_member

PLAN = "evaluation.change_plan"
MAKE = "evaluation.make_pack"
READ = "evaluation.read_evidence"

rules.add_perm(PLAN, is_manager)
rules.add_perm(MAKE, is_manager)
rules.add_perm(READ, is_member)
