"""Postcodes, and what is measured of small areas."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0003_lineage"),
    ]

    operations = []
