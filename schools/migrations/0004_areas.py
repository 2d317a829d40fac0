"""Postcodes, and what is measured of small areas."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import schools.models.area
from core import reference

DATA = Path(__file__).parent.parent / "data"


def load(apps, schema_editor):
    reference.load(
        apps.get_model("schools", "AreaMeasure"), reference.read(DATA / "area_measures.json")
    )


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0003_lineage"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AreaMeasure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("order", models.PositiveSmallIntegerField(default=0)),
                ("source", models.CharField(blank=True, max_length=200)),
                ("list_version", models.CharField(blank=True, max_length=20)),
                ("retired_on", models.DateField(blank=True, null=True)),
                ("first", models.CharField(help_text="What the first fifth is.", max_length=60)),
                ("last", models.CharField(help_text="What the last fifth is.", max_length=60)),
                ("about", models.CharField(max_length=300)),
            ],
            options={
                "ordering": ["order", "pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AreaReason",
            fields=[
                ("number", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("words", models.CharField(max_length=120, unique=True)),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="Postcode",
            fields=[
                (
                    "code",
                    schools.models.area.PostcodeField(
                        db_collation="C", max_length=7, primary_key=True, serialize=False
                    ),
                ),
                ("lsoa21", schools.models.area.AreaCodeField(null=True)),
                ("lsoa11", schools.models.area.AreaCodeField(null=True)),
                ("msoa11", schools.models.area.AreaCodeField(null=True)),
                ("authority", schools.models.area.AreaCodeField(null=True)),
                ("easting", models.IntegerField(null=True)),
                ("northing", models.IntegerField(null=True)),
                (
                    "terminated",
                    models.IntegerField(help_text="0 in use; else the month, as in 201406, or 1."),
                ),
                (
                    "country",
                    models.SmallIntegerField(
                        choices=[
                            (1, "England"),
                            (2, "Wales"),
                            (3, "Scotland"),
                            (4, "Northern Ireland"),
                            (5, "Channel Islands"),
                            (6, "Isle of Man"),
                        ],
                        null=True,
                    ),
                ),
                (
                    "sources",
                    models.SmallIntegerField(
                        help_text="1 in the OfS's file, 2 in the ONS's, 3 in both."
                    ),
                ),
                ("polar4", models.SmallIntegerField(blank=True, null=True)),
                ("polar3", models.SmallIntegerField(blank=True, null=True)),
                ("tundra_msoa", models.SmallIntegerField(blank=True, null=True)),
                ("tundra_lsoa", models.SmallIntegerField(blank=True, null=True)),
                ("adult_he", models.SmallIntegerField(blank=True, null=True)),
                ("gaps_gcse", models.SmallIntegerField(blank=True, null=True)),
                ("gaps_ethnicity", models.SmallIntegerField(blank=True, null=True)),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="PostcodeLoad",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "layout",
                    models.CharField(
                        choices=[("ofs", "OfS postcode file"), ("ons", "ONS postcode directory")],
                        max_length=3,
                    ),
                ),
                ("edition", models.CharField(max_length=40)),
                ("file_name", models.CharField(max_length=255)),
                ("file_hash", models.CharField(max_length=64)),
                ("rows", models.PositiveIntegerField()),
                (
                    "terminated",
                    models.PositiveIntegerField(help_text="Postcodes no longer in use."),
                ),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField()),
                ("forced_reason", models.TextField(blank=True, default="")),
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
                "ordering": ["-finished_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="AreaEdition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("edition", models.CharField(max_length=40)),
                (
                    "geography",
                    models.CharField(
                        choices=[
                            ("lsoa21", "LSOA 2021"),
                            ("lsoa11", "LSOA 2011"),
                            ("msoa11", "MSOA 2011"),
                            ("msoa01", "MSOA 2001"),
                            ("ward01", "Census ward 2001"),
                        ],
                        max_length=6,
                    ),
                ),
                ("file_name", models.CharField(max_length=255)),
                ("file_hash", models.CharField(max_length=64)),
                (
                    "columns",
                    models.JSONField(default=dict, help_text="The headings that were read."),
                ),
                (
                    "rows",
                    models.PositiveIntegerField(help_text="Areas, or postcodes, with a fifth."),
                ),
                ("loaded_at", models.DateTimeField()),
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
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="editions",
                        to="schools.areameasure",
                    ),
                ),
                (
                    "load",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="editions",
                        to="schools.postcodeload",
                    ),
                ),
            ],
            options={
                "ordering": ["measure", "-edition", "pk"],
            },
        ),
        migrations.CreateModel(
            name="SchoolArea",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area", schools.models.area.AreaCodeField(blank=True, null=True)),
                ("by_postcode", models.BooleanField(help_text="Else by the code in the register.")),
                ("rank", models.PositiveIntegerField(blank=True, null=True)),
                ("decile", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("quintile", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "edition",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schools.areaedition",
                    ),
                ),
                (
                    "reason",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.areareason",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="areas",
                        to="schools.school",
                    ),
                ),
            ],
            options={
                "ordering": ["school", "edition"],
            },
        ),
        migrations.CreateModel(
            name="AreaValue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area", schools.models.area.AreaCodeField()),
                (
                    "rank",
                    models.PositiveIntegerField(
                        blank=True, help_text="1 is the first of all.", null=True
                    ),
                ),
                ("decile", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("quintile", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("value", models.FloatField(blank=True, null=True)),
                (
                    "edition",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="values",
                        to="schools.areaedition",
                    ),
                ),
            ],
            options={
                "ordering": ["edition", "area"],
                "constraints": [
                    models.UniqueConstraint(fields=("edition", "area"), name="area_value_once")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="areaedition",
            constraint=models.UniqueConstraint(
                fields=("measure", "edition", "geography"), name="area_edition_once"
            ),
        ),
        migrations.AddIndex(
            model_name="schoolarea",
            index=models.Index(
                fields=["edition", "quintile"], include=("school",), name="school_area_quintile"
            ),
        ),
        migrations.AddConstraint(
            model_name="schoolarea",
            constraint=models.UniqueConstraint(
                fields=("school", "edition"), name="school_area_once"
            ),
        ),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
