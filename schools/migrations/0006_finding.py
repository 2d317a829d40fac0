"""What finding a school rests on."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0005_results"),
    ]

    operations = []
