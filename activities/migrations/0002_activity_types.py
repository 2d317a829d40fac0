"""The lists of this room, from their files."""

from pathlib import Path

from django.db import migrations

from core import reference

DATA = Path(__file__).parent.parent / "data"


def load(apps, schema_editor):
    reference.load(
        apps.get_model("activities", "ActivityType"), reference.read(DATA / "activity_types.json")
    )


class Migration(migrations.Migration):
    dependencies = [("activities", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
