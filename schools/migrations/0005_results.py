"""What is published of a school each year."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0004_areas"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ResultMeasure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=24)),
                ("code", models.SlugField(max_length=40)),
                ("name", models.CharField(max_length=120)),
                (
                    "of",
                    models.CharField(
                        blank=True, help_text="Of whom; blank is of all.", max_length=60
                    ),
                ),
                ("unit", models.CharField(help_text="percent, points or number", max_length=12)),
                (
                    "better",
                    models.CharField(
                        blank=True, help_text="higher, lower or neither", max_length=6
                    ),
                ),
                ("order", models.PositiveSmallIntegerField()),
                ("source", models.CharField(max_length=120)),
                ("list_version", models.CharField(max_length=20)),
            ],
            options={
                "ordering": ["order", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "code"), name="result_measure_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ResultFile",
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
                ("kind", models.CharField(max_length=24)),
                ("school_year", models.PositiveSmallIntegerField()),
                ("file_name", models.CharField(max_length=255)),
                ("file_hash", models.CharField(max_length=64)),
                ("rows", models.PositiveIntegerField()),
                ("kept", models.PositiveIntegerField()),
                (
                    "left_out",
                    models.JSONField(default=dict, help_text="How many rows for which reason."),
                ),
                (
                    "not_in_register",
                    models.PositiveIntegerField(help_text="Kept by their number alone."),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "-school_year", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "school_year"), name="result_file_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Result",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(db_collation="C", max_length=16, verbose_name="URN")),
                ("school_year", models.PositiveSmallIntegerField()),
                ("value", models.DecimalField(decimal_places=2, max_digits=11, null=True)),
                (
                    "reason",
                    models.CharField(blank=True, help_text="Why there is no value.", max_length=20),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="results",
                        to="schools.resultmeasure",
                    ),
                ),
            ],
            options={
                "ordering": ["code", "measure", "-school_year", "pk"],
                "indexes": [
                    models.Index(fields=["measure", "school_year", "id"], name="result_by_measure")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "measure", "school_year"), name="result_once_a_year"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", ""), ("value__isnull", False)),
                            models.Q(("value", None), models.Q(("reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="result_value_or_reason",
                    ),
                ],
            },
        ),
    ]
