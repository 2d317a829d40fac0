"""What is done on pages that show more than one room: a file of schools leaves."""

from django.db import transaction

from core import audit
from partnerships.models import Partnership


@transaction.atomic
def note_export_schools(chosen, *, contents, format, rows, partnerships, by):
    """Note that a file of schools left: what of them, under which filter, without words typed.

    The register is public, but a filter may say which schools a partnership works with: then it
    stands in the trail of each of the `partnerships`.
    """
    changes = {"contents": contents, "filter": chosen, "rows": rows, "format": format}
    if not partnerships:
        audit.record("schools.exported", by, by=by, changes=changes)
    for pk in partnerships:
        audit.record(
            "schools.exported", Partnership(pk=pk), by=by, partnership_id=pk, changes=changes
        )
