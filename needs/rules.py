"""Who may rate, agree, raise and close needs: each side with its own sign-in."""

import rules

from partnerships.models import Role
from partnerships.rules import has_role, leads_school, works_with_schools

RATE = "needs.rate_needs"
RATE_FOR_SCHOOL = "needs.rate_for_school"
AGREE = "needs.agree_for_partnership"
AGREE_FOR_SCHOOL = "needs.agree_for_school"
RAISE = "needs.raise_need"
CLOSE = "needs.close_need"
RECOMPUTE = "needs.recompute_needs"

rules.add_perm(RATE, works_with_schools)
rules.add_perm(RATE_FOR_SCHOOL, leads_school | works_with_schools)
rules.add_perm(AGREE, works_with_schools)
rules.add_perm(AGREE_FOR_SCHOOL, leads_school)
rules.add_perm(RAISE, works_with_schools)
rules.add_perm(CLOSE, works_with_schools)
rules.add_perm(RECOMPUTE, works_with_schools | has_role(Role.EVALUATOR))
