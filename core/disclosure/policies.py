"""The disclosure policies: for whom a table is made, and what is therefore rounded or hidden."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Policy:
    """What may be shown to one audience; a changed copy (`dataclasses.replace`) stays truthful."""

    code: str
    name: str
    rounding: int | None = None
    minimum_cell: int | None = None
    percentage_base: Decimal = Decimal(0)
    average_base: int = 0
    complementary: bool = False
    names_schools: bool = True

    @property
    def is_exact(self):
        """Whether numbers of people are shown as they are."""
        return self.rounding is None and self.minimum_cell is None

    @property
    def sentence(self):
        """The policy in plain words, worked out from its numbers, printed under tables."""
        return " ".join([f"{self.name}.", *self._clauses()])

    def _clauses(self):
        yield self._counts()
        if self.minimum_cell:
            yield f"Numbers from 1 to {self.minimum_cell - 1} are hidden."
        if self.complementary:
            yield "Other numbers are hidden where they would give a hidden one away."
        if self.percentage_base:
            yield f"Percentages based on fewer than {self.percentage_base} people are hidden."
        if self.average_base:
            yield f"Averages based on {self.average_base} people or fewer are hidden."
        if not self.names_schools:
            yield "Schools are not named."

    def _counts(self):
        if not self.rounding:
            return "Counts of people and contact hours are exact."
        return (
            f"Counts of people and contact hours are rounded to the nearest {self.rounding}, "
            "totals on their own, so they may not add up; "
            "everything is worked out from unrounded numbers."
        )


_SEEDED = (
    Policy("inside", "Inside the partnership"),
    Policy("school", "For a school about itself", percentage_base=Decimal(10), average_base=7),
    Policy(
        "partners",
        "For partners, rounded",
        rounding=5,
        percentage_base=Decimal("22.5"),
        average_base=7,
    ),
    Policy("regulator", "For the regulator"),
    Policy(
        "public",
        "For the public",
        rounding=5,
        minimum_cell=5,
        percentage_base=Decimal("22.5"),
        average_base=7,
        complementary=True,
        names_schools=False,
    ),
)

POLICIES = {policy.code: policy for policy in _SEEDED}
