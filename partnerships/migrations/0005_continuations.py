"""Which school goes on for which, as a partnership decided."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0004_api_token"),
        ("schools", "0006_finding"),
    ]

    operations = []
