"""What a file of schools may hold: the schools themselves, or what is published about them.

Each module here has a LABEL, the file's NAME, DEFINITIONS, `columns()`, `count(schools)`,
`rows(schools, columns)` in the order of the schools, and `stamps()`, the dates of its data.
"""

from dashboards.contents import areas, links, results, schools

CONTENTS = {"schools": schools, "results": results, "areas": areas, "links": links}

__all__ = ["CONTENTS"]
