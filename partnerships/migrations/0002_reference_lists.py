"""The lists of this room, from their files."""

from pathlib import Path

from django.db import migrations

from core import reference

DATA = Path(__file__).parent.parent / "data"


def load(apps, schema_editor):
    reference.load(apps.get_model("partnerships", "Strand"), reference.read(DATA / "strands.json"))
    reference.load(
        apps.get_model("partnerships", "Programme"), reference.read(DATA / "programmes.json")
    )


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
