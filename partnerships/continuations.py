"""Schools of a partnership that closed, and that the register alone cannot say how they go on."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from partnerships.models import Continuation, SchoolLink
from schools.lineage import Surroundings
from schools.models import School, Standing

DOUBTS = {
    "split": "The register names several schools that follow it.",
    "merge": "It was merged with another school.",
    "loop": "The register’s links lead in a circle.",
    "nothing": "The register names no school that follows it.",
    "both": "Both are schools of yours.",
    "plain": "The register names one school that follows it.",
}


@dataclass
class Candidate:
    """A school that a closed one may go on as, and what the register says of the two."""

    school: School
    neighbours: list = field(default_factory=list)
    is_ours: bool = False

    @property
    def words(self):
        """The school with its number and what it is today, for a list of choices."""
        row = self.school.current
        parts = [self.school.name, *([f"{row.scheme} {row.code}"] if row else [])]
        parts += [self.standing.lower()]
        parts += ["one of your schools already"] if self.is_ours else []
        return ", ".join(parts)

    @property
    def standing(self):
        return self.school.get_standing_display()

    @property
    def types(self):
        return sorted({type for neighbour in self.neighbours for type in neighbour.types})

    @property
    def opened_on(self):
        days = [neighbour.row.opened_on for neighbour in self.neighbours if neighbour.row.opened_on]
        return min(days, default=None)


@dataclass
class Question:
    """One closed school of a partnership: why it is a question, and what may be chosen."""

    link: SchoolLink
    reasons: list
    candidates: list
    unknown: list

    def words_of(self, school):
        """The words for one of the candidates."""
        return next(one.words for one in self.candidates if one.school.pk == school.pk)

    @property
    def closed_on(self):
        return self.link.school.current.closed_on if self.link.school.current else None

    @property
    def first_day(self):
        """The day from which the answer most likely holds."""
        days = [one.opened_on for one in self.candidates if one.opened_on]
        day = self.closed_on + timedelta(days=1) if self.closed_on else min(days, default=None)
        return day or timezone.localdate()


def questions_of(partnership, user):
    """Return the open Questions of a partnership, by the schools' names.

    A school is asked about while it counts as one of the partnership's schools, or where a school
    that follows it is one of them too.
    """
    return questions_among(undecided(user).filter(partnership=partnership), user)


def undecided(user):
    """Links of closed schools that nothing was decided about, with what a Question is made of."""
    decided = Continuation.objects.visible_to(user)
    links = SchoolLink.objects.visible_to(user).filter(school__standing=Standing.CLOSED)
    links = links.exclude(pk__in=decided.values("from_link"))
    return links.select_related("school__current", "partnership").with_status(timezone.localdate())


def questions_among(links, user):
    """Return the Questions among `undecided` links, in their order; see `questions_of`."""
    links = list(links)
    if not links:
        return []
    ours = _ours({link.partnership_id for link in links}, user)
    around = Surroundings([link.school_id for link in links])
    found = [(link, _question(link, around, ours[link.partnership_id])) for link in links]
    return [
        question
        for link, question in found
        if link.status or any(candidate.is_ours for candidate in question.candidates)
    ]


def _ours(partnerships, user):
    """The ids of the schools of each of the partnerships."""
    ours = {pk: set() for pk in partnerships}
    links = SchoolLink.objects.visible_to(user).filter(partnership__in=partnerships).order_by()
    for partnership, school in links.values_list("partnership", "school"):
        ours[partnership].add(school)
    return ours


def count_open(partnership, user):
    """Return how many questions are open in a partnership."""
    return len(questions_of(partnership, user))


def question_of(link, user):
    """Return the Question of one school link; also where it would not be asked by itself."""
    rows = SchoolLink.objects.visible_to(user).filter(partnership=link.partnership_id)
    link = rows.select_related("school__current", "partnership").get(pk=link.pk)
    around = Surroundings([link.school_id])
    return _question(link, around, set(rows.values_list("school", flat=True)))


def _question(link, around, ours):
    candidates, unknown = {}, []
    for neighbour in around.successors_of(link.school):
        if neighbour.row is None:
            unknown.append(neighbour)
            continue
        school = neighbour.school
        made = candidates.setdefault(school.pk, Candidate(school, is_ours=school.pk in ours))
        made.neighbours.append(neighbour)
    doubts = around.doubts(link.school)
    if not doubts:
        both = any(candidate.is_ours for candidate in candidates.values())
        doubts = ["both" if both else "plain"]
    return Question(link, [DOUBTS[doubt] for doubt in doubts], list(candidates.values()), unknown)
