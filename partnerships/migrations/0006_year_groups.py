"""Year groups that a partnership corrects."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0005_continuations"),
    ]

    operations = []
