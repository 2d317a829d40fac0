"""What is published of a school each year."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0004_areas"),
    ]

    operations = []
