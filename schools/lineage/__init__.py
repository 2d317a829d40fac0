"""How schools follow one another: the links, what they say, and one School for what goes on."""

from schools.lineage.closed import now_in_words, successors_of_closed
from schools.lineage.graph import Graph
from schools.lineage.joining import join_schools, open_twice, part_schools, plan_joins
from schools.lineage.links import LinksResult, import_links
from schools.lineage.reading import (
    Neighbour,
    Surroundings,
    follows,
    now_at,
    predecessors_of,
    successors_of,
)
from schools.lineage.undoing import join_since, part_since, undo_links

__all__ = [
    "Graph",
    "LinksResult",
    "Neighbour",
    "Surroundings",
    "follows",
    "import_links",
    "join_schools",
    "join_since",
    "now_at",
    "now_in_words",
    "open_twice",
    "part_schools",
    "part_since",
    "plan_joins",
    "predecessors_of",
    "successors_of",
    "successors_of_closed",
    "undo_links",
]
