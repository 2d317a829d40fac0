"""What a register file adds, lacks and joins, and why one was not applied."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0008_links_undone"),
    ]

    operations = [
        migrations.AddField(
            model_name="registerrun",
            name="dropped_because",
            field=models.TextField(
                blank=True, default="", help_text="Why it was not applied, in a sentence."
            ),
        ),
        migrations.CreateModel(
            name="RegisterJoin",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("before_code", models.CharField(db_collation="C", max_length=16)),
                ("before_name", models.CharField(max_length=255)),
                ("after_code", models.CharField(db_collation="C", max_length=16)),
                ("after_name", models.CharField(max_length=255)),
                (
                    "after_school",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schools.school",
                    ),
                ),
                (
                    "before_school",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schools.school",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="joins",
                        to="schools.registerrun",
                    ),
                ),
            ],
            options={
                "ordering": ["run", "pk"],
            },
        ),
        migrations.CreateModel(
            name="RegisterMissing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "establishment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lacked_by",
                        to="schools.establishment",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lacks",
                        to="schools.registerrun",
                    ),
                ),
            ],
            options={
                "ordering": ["-run", "pk"],
            },
        ),
        migrations.CreateModel(
            name="RegisterNew",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(db_collation="C", max_length=16)),
                ("name", models.CharField(max_length=255)),
                ("laestab", models.CharField(blank=True, max_length=7)),
                ("type", models.CharField(blank=True, max_length=255)),
                ("authority", models.CharField(blank=True, max_length=255)),
                ("status", models.CharField(blank=True, max_length=255)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="foreseen",
                        to="schools.registerrun",
                    ),
                ),
            ],
            options={
                "ordering": ["run", "pk"],
            },
        ),
    ]
