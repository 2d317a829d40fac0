"""What came of fetching the register by itself."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0006_finding"),
    ]

    operations = [
        migrations.AlterField(
            model_name="school",
            name="current",
            field=models.ForeignKey(
                blank=True,
                help_text="The register row that stands for the school today.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="schools.establishment",
            ),
        ),
        migrations.CreateModel(
            name="RegisterFetch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "of",
                    models.CharField(
                        choices=[
                            ("register", "All establishments"),
                            ("groups", "Groups"),
                            ("links", "Links"),
                        ],
                        max_length=10,
                    ),
                ),
                ("tried_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("loaded", "Loaded"),
                            ("same", "Nothing new"),
                            ("failed", "Failed"),
                        ],
                        max_length=10,
                    ),
                ),
                ("file_name", models.CharField(blank=True, max_length=255)),
                (
                    "file_day",
                    models.DateField(
                        blank=True, help_text="The day in the file's name.", null=True
                    ),
                ),
                ("said", models.TextField(help_text="What came of it, a sentence.")),
                (
                    "told_at",
                    models.DateTimeField(
                        blank=True, help_text="When mail was sent of it.", null=True
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="fetches",
                        to="schools.registerrun",
                    ),
                ),
            ],
            options={
                "ordering": ["-tried_at", "-pk"],
                "indexes": [models.Index(fields=["of", "-tried_at"], name="fetch_by_file")],
            },
        ),
    ]
