"""What takes long: an evidence pack, from rows to a workbook, every figure as at one moment."""

from io import BytesIO

from django.utils import timezone

from core.disclosure import publish_together
from core.exports import Cover, write_published
from core.exports.columns import spelt
from evaluation import tables
from evaluation.evidence import Scope


def build(pack, *, by, progress):
    """Return the pack's workbook as bytes, and its tables as they were published.

    `progress(done, total, phase)` is told of each table; the figures are all read before.
    """
    progress(0, 1, "Reading the figures")
    scope = Scope(pack.plan, pack.period, by)
    read_at = timezone.now()
    found = tables.publishable(tables.all_tables(scope), pack.disclosure)
    progress(0, len(found) + 1, "Working out what may be shown")
    published = publish_together([table.raw for table in found], pack.disclosure)
    file = BytesIO()
    write_published(file, _cover(pack, scope, by, read_at), _told(published, progress))
    progress(len(found), len(found) + 1, "Freezing the file")
    figures = {
        "read_at": read_at.isoformat(),
        "tables": [as_json(t.key, p, t.links) for t, p in zip(found, published, strict=True)],
    }
    return file.getvalue(), figures


def as_json(key, published, links):
    """A published table with the filter behind each cell, for pages; it holds nothing more."""
    rows = [
        [
            _cell(column, cell, link)
            for column, cell, link in zip(published.columns, row, opened, strict=True)
        ]
        for row, opened in zip(published.rows, links, strict=True)
    ]
    return {
        "key": key,
        "title": published.title,
        "headings": [
            {"text": column.heading, "is_text": column.is_text} for column in published.columns
        ],
        "body": rows[:-1] if published.has_total else rows,
        "total": rows[-1] if published.has_total else None,
        "notes": list(published.notes),
    }


def _cell(column, cell, link):
    shown = cell.display
    if column.kind == "hours" and "." in shown:
        shown = shown.rstrip("0").rstrip(".")
    return {"value": cell.value, "shown": shown, "note": cell.note, "rows": link}


def _told(published, progress):
    for done, table in enumerate(published):
        progress(done, len(published) + 1, f"Writing {table.title}")
        yield table


def _cover(pack, scope, by, read_at):
    moment = spelt(timezone.localtime(read_at)).replace(",", " at")
    return Cover(
        title=f"Evidence pack {pack.reference}: {pack.plan.title}",
        who=f"{by}, {pack.plan.partnership}",
        when=read_at,
        policy=pack.disclosure,
        filters=(
            f"Access and participation plan: {pack.plan.title}, {pack.plan.provider}",
            f"{pack.period}, from {spelt(scope.starts_on)} to {spelt(scope.ends_on)}",
            "Delivered activities only; planned and cancelled ones are left out",
        ),
        data_dates=(f"All figures as they stood on {moment}",),
        definitions=tables.DEFINITIONS,
    )
