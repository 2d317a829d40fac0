"""The first framework of need areas, from its file."""

from django.db import migrations

from core import reference
from needs import framework


def load(apps, schema_editor):
    framework.load(
        reference.read(framework.DEFAULT),
        frameworks=apps.get_model("needs", "NeedFramework"),
        areas=apps.get_model("needs", "NeedArea"),
    )


class Migration(migrations.Migration):
    dependencies = [("needs", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
