"""Published results by school and year: one file in, what a school's page shows out."""

from schools.results.importing import ImportedResults, import_results
from schools.results.showing import plain, results_of, sources
from schools.results.years import as_label, read_year

__all__ = [
    "ImportedResults",
    "as_label",
    "import_results",
    "plain",
    "read_year",
    "results_of",
    "sources",
]
