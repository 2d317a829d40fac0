"""How schools follow one another, and the groups that run them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0002_whole_register"),
    ]

    operations = []
