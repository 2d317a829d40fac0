"""What follows schools that closed, for lists and suggestions: one quick look, nearest only."""

from collections import defaultdict

from django.utils.text import get_text_list

from schools.lineage import kinds
from schools.lineage.reading import Neighbour
from schools.lookup import ask
from schools.models import School, Standing

LINKED = """
    SELECT e.school_id, e.code, l.code, l.linked_code, l.type, l.name, l.established_on,
           o.name, s.id, s.name, s.standing
    FROM schools_establishment e
    JOIN schools_establishmentlink l
         ON l.scheme = e.scheme AND (l.code = e.code OR l.linked_code = e.code)
    LEFT JOIN schools_establishment o ON o.scheme = e.scheme
         AND o.code = CASE WHEN l.code = e.code THEN l.linked_code ELSE l.code END
    LEFT JOIN schools_school s ON s.id = o.school_id
    WHERE e.scheme = 'URN' AND e.school_id = ANY(%s)
    ORDER BY l.type, l.id
"""
FACTS = ("id", "name", "standing")


def successors_of_closed(schools):
    """What follows each of those of the schools that closed, by id: lists of Neighbour.

    The schools of these have their id, name and standing alone, and no `row`.
    """
    closed = [school.pk for school in schools if school.standing == Standing.CLOSED]
    if not closed:
        return {}
    found = defaultdict(dict)
    for own, mine, code, linked_code, type, linked_name, on, name, *facts in ask(LINKED, [closed]):
        before, after = kinds.edge(code, linked_code, type) or (None, None)
        if before != mine or facts[0] == own:
            continue
        if after not in found[own]:
            school = School(**dict(zip(FACTS, facts, strict=True))) if facts[0] else None
            found[own][after] = Neighbour(after, name or "", school=school)
        found[own][after].add(type, on, linked_name if after == linked_code else "")
    return {pk: sorted(followers.values(), key=Neighbour.place) for pk, followers in found.items()}


def now_in_words(school, successors=()):
    """What a school that is not open is, with what follows it: "Closed, now Mill Academy"."""
    if school.is_open:
        return ""
    names = get_text_list([str(one) for one in successors], "and")
    return school.get_standing_display() + (f", now {names}" if names else "")
