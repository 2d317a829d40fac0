"""Load a framework of need areas from its file."""

from pathlib import Path

DEFAULT = Path(__file__).parent / "data" / "framework.json"


def load(document, *, frameworks, areas):
    """Write one framework version and its areas, in the file's order; returns the framework.

    `frameworks` and `areas` are the two model classes (or their historical forms).
    """
    framework, _ = frameworks.objects.update_or_create(
        code=document["code"],
        list_version=document["version"],
        defaults={"name": document["name"], "source": document["source"]},
    )
    for order, area in enumerate(document["areas"], start=1):
        areas.objects.update_or_create(
            framework=framework, code=area["code"], defaults={**area, "order": order}
        )
    return framework
