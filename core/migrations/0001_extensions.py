"""The extension that reporting periods need to refuse overlaps."""

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            "CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public",
            migrations.RunSQL.noop,
        ),
    ]
