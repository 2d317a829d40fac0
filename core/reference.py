"""Lists that an outside body owns are files with a version and a source; this loads them."""

import json
from pathlib import Path


def read(path):
    """Return the list file as a dict: name, source, version, items (a list of dicts)."""
    return json.loads(Path(path).read_text(encoding="utf-8"))


def load(model, document):
    """Write the items of a list file to a `ReferenceItem` model, by code; order as in the file."""
    for order, item in enumerate(document["items"], start=1):
        model.objects.update_or_create(
            code=item["code"],
            defaults={
                **item,
                "order": order,
                "source": document["source"],
                "list_version": document["version"],
            },
        )
