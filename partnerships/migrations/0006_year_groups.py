"""Year groups that a partnership corrects."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0005_continuations"),
    ]

    operations = [
        migrations.AddField(
            model_name="schoollink",
            name="year_groups",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveSmallIntegerField(),
                blank=True,
                help_text="As the partnership corrected them, 0 is Reception; none: as the ages "
                "say.",
                null=True,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="schoollink",
            name="year_groups_reason",
            field=models.CharField(
                blank=True, help_text="Why they differ from what the ages say.", max_length=200
            ),
        ),
    ]
