"""How a partnership weighs where to work."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0006_year_groups"),
    ]

    operations = []
