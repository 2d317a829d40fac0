"""How a partnership weighs the reasons to work with a school."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import core.tenancy


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0006_year_groups"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PriorityWeights",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "need",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MaxValueValidator(10)]
                    ),
                ),
                (
                    "supply",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MaxValueValidator(10)]
                    ),
                ),
                (
                    "size",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MaxValueValidator(10)]
                    ),
                ),
                (
                    "distance",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MaxValueValidator(10)]
                    ),
                ),
                (
                    "relationship",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MaxValueValidator(10)]
                    ),
                ),
                ("weighed_at", models.DateTimeField()),
                (
                    "partnership",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partnerships.partnership",
                    ),
                ),
                (
                    "weighed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "priority weights",
                "constraints": [
                    core.tenancy.Wall(
                        column="partnership_id",
                        loose=False,
                        name="priorityweights_wall",
                        owner="",
                        reader="",
                    ),
                    models.UniqueConstraint(fields=("partnership",), name="priorityweights_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("distance__lte", 10),
                            ("need__lte", 10),
                            ("relationship__lte", 10),
                            ("size__lte", 10),
                            ("supply__lte", 10),
                        ),
                        name="priorityweights_0_to_10",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("need__gt", 0),
                            ("supply__gt", 0),
                            ("size__gt", 0),
                            ("distance__gt", 0),
                            ("relationship__gt", 0),
                            _connector="OR",
                        ),
                        name="priorityweights_some_count",
                    ),
                ],
            },
        ),
    ]
