"""How schools follow one another: the links, what they say, and one School for what goes on."""

from schools.lineage.graph import Graph
from schools.lineage.joining import join_schools, part_schools, plan_joins
from schools.lineage.links import LinksResult, import_links
from schools.lineage.reading import (
    Neighbour,
    Surroundings,
    follows,
    now_at,
    predecessors_of,
    successors_of,
)

__all__ = [
    "Graph",
    "LinksResult",
    "Neighbour",
    "Surroundings",
    "follows",
    "import_links",
    "join_schools",
    "now_at",
    "part_schools",
    "plan_joins",
    "predecessors_of",
    "successors_of",
]
