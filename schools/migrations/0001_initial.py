"""The register, and the database functions that sorting and searching rest on."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

EXTENSIONS = [
    migrations.RunSQL(
        f"CREATE EXTENSION IF NOT EXISTS {name} WITH SCHEMA public",
        migrations.RunSQL.noop,
    )
    for name in ("pg_trgm", "unaccent", "btree_gist")
]

# Unaccent first, so that lower() meets ASCII only and gives the same under every locale.
F_UNACCENT = migrations.RunSQL(
    """
    CREATE FUNCTION public.f_unaccent(text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    RETURN public.unaccent('public.unaccent'::regdictionary, $1)
    """,
    "DROP FUNCTION public.f_unaccent(text)",
)

# The form in which names are compared: "Saint Mary's & All Souls" is "st marys and all souls".
F_SEARCH_KEY = migrations.RunSQL(
    r"""
    CREATE FUNCTION public.f_search_key(text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    RETURN btrim(regexp_replace(regexp_replace(
        replace(translate(lower(public.f_unaccent($1)), '''`', ''), '&', ' and '),
        '[^a-z0-9]+', ' ', 'g'), '\msaint\M', 'st', 'g'))
    """,
    "DROP FUNCTION public.f_search_key(text)",
)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *EXTENSIONS,
        F_UNACCENT,
        F_SEARCH_KEY,
        migrations.CreateModel(
            name="RegisterCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("list", models.CharField(max_length=32)),
                (
                    "code",
                    models.CharField(
                        db_collation="C", help_text="Without leading zeros.", max_length=64
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=255)),
            ],
            options={
                "ordering": ["list", "name", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("list", "code"), name="register_code_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Establishment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("scheme", models.CharField(default="URN", max_length=12)),
                ("code", models.CharField(db_collation="C", max_length=16)),
                ("name", models.CharField(max_length=255)),
                (
                    "standing",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("open", "Open"),
                            ("proposed", "Proposed to open"),
                            ("closed", "Closed"),
                            ("", "Not known"),
                        ],
                        default="",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("establishment_number", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "laestab",
                    models.CharField(
                        blank=True, db_collation="C", default="", editable=False, max_length=7
                    ),
                ),
                ("ukprn", models.CharField(blank=True, db_collation="C", default="", max_length=8)),
                ("low_age", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("high_age", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "further_education_type",
                    models.CharField(blank=True, default="", max_length=120),
                ),
                ("opened_on", models.DateField(blank=True, null=True)),
                ("closed_on", models.DateField(blank=True, null=True)),
                ("capacity", models.PositiveIntegerField(blank=True, null=True)),
                ("pupils", models.PositiveIntegerField(blank=True, null=True)),
                ("boys", models.PositiveIntegerField(blank=True, null=True)),
                ("girls", models.PositiveIntegerField(blank=True, null=True)),
                ("fsm_pupils", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "fsm_percent",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        help_text="Claiming free school meals at the census; blank if not known.",
                        max_digits=5,
                        null=True,
                    ),
                ),
                ("census_on", models.DateField(blank=True, null=True)),
                ("street", models.CharField(blank=True, default="", max_length=255)),
                ("locality", models.CharField(blank=True, default="", max_length=255)),
                ("address3", models.CharField(blank=True, default="", max_length=255)),
                ("town", models.CharField(blank=True, default="", max_length=120)),
                ("county", models.CharField(blank=True, default="", max_length=120)),
                ("postcode", models.CharField(blank=True, default="", max_length=10)),
                ("website", models.CharField(blank=True, default="", max_length=300)),
                ("telephone", models.CharField(blank=True, default="", max_length=40)),
                ("easting", models.PositiveIntegerField(blank=True, null=True)),
                ("northing", models.PositiveIntegerField(blank=True, null=True)),
                ("country", models.CharField(blank=True, default="", max_length=60)),
                ("msoa", models.CharField(blank=True, default="", max_length=9)),
                ("lsoa", models.CharField(blank=True, default="", max_length=9)),
                ("last_changed_on", models.DateField(blank=True, null=True)),
                (
                    "extra",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="Columns of the register not known to this version.",
                    ),
                ),
                (
                    "line_hash",
                    models.CharField(blank=True, default="", editable=False, max_length=32),
                ),
                (
                    "admissions",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.registercode",
                    ),
                ),
                (
                    "authority",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.registercode",
                    ),
                ),
                (
                    "boarders",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.registercode",
                    ),
                ),
                (
                    "constituency",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.registercode",
                    ),
                ),
                (
                    "diocese",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.registercode",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.registercode",
                    ),
                ),
                (
                    "federation",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.registercode",
                    ),
                ),
                (
                    "gender",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.registercode",
                    ),
                ),
                (
                    "phase",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.registercode",
                    ),
                ),
                (
                    "reason_closed",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.registercode",
                    ),
                ),
                (
                    "reason_opened",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.registercode",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.registercode",
                    ),
                ),
                (
                    "religious_character",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.registercode",
                    ),
                ),
                (
                    "sixth_form",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.registercode",
                    ),
                ),
                (
                    "status",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.registercode",
                    ),
                ),
                (
                    "trust",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.registercode",
                    ),
                ),
                (
                    "type",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.registercode",
                    ),
                ),
                (
                    "type_group",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.registercode",
                    ),
                ),
                (
                    "urban_rural",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.registercode",
                    ),
                ),
                (
                    "ward",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.registercode",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="RegisterRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField()),
                ("file_name", models.CharField(max_length=255)),
                ("file_hash", models.CharField(max_length=64)),
                ("mapping", models.CharField(editable=False, max_length=32)),
                ("extracted_on", models.DateField(blank=True, null=True)),
                (
                    "header",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                ("rows", models.PositiveIntegerField()),
                ("new", models.PositiveIntegerField()),
                ("changed", models.PositiveIntegerField()),
                ("unchanged", models.PositiveIntegerField()),
                ("closed", models.PositiveIntegerField()),
                (
                    "missing",
                    models.PositiveIntegerField(help_text="In the register, not in the file."),
                ),
                (
                    "missing_columns",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                (
                    "unknown_columns",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
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
            name="RegisterChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("field", models.CharField(max_length=40)),
                ("old", models.TextField(blank=True)),
                ("new", models.TextField(blank=True)),
                (
                    "establishment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="schools.establishment",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="schools.registerrun",
                    ),
                ),
            ],
            options={
                "ordering": ["-run", "establishment", "field", "pk"],
            },
        ),
        migrations.CreateModel(
            name="School",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=255)),
                (
                    "sort_key",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Lower(
                            models.Func("name", function="f_unaccent")
                        ),
                        output_field=models.TextField(db_collation="C"),
                    ),
                ),
                (
                    "standing",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("open", "Open"),
                            ("proposed", "Proposed to open"),
                            ("closed", "Closed"),
                            ("", "Not known"),
                        ],
                        default="",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("search_text", models.TextField(blank=True, default="", editable=False)),
                (
                    "current",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="The register row that stands for the school today.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="schools.establishment",
                    ),
                ),
                (
                    "phase",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.registercode",
                    ),
                ),
            ],
            options={
                "ordering": ["sort_key", "pk"],
            },
        ),
        migrations.AddField(
            model_name="establishment",
            name="school",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="establishments",
                to="schools.school",
            ),
        ),
        migrations.AddIndex(
            model_name="school",
            index=models.Index(fields=["sort_key", "id"], name="school_order"),
        ),
        migrations.AddIndex(
            model_name="school",
            index=models.Index(fields=["standing", "sort_key", "id"], name="school_standing_order"),
        ),
        migrations.AddIndex(
            model_name="school",
            index=models.Index(fields=["phase", "sort_key", "id"], name="school_phase_order"),
        ),
        migrations.AddIndex(
            model_name="school",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass("search_text", name="gin_trgm_ops"),
                name="school_search_text",
            ),
        ),
        migrations.AddIndex(
            model_name="establishment",
            index=models.Index(fields=["laestab"], name="establishment_laestab"),
        ),
        migrations.AddIndex(
            model_name="establishment",
            index=models.Index(fields=["ukprn"], name="establishment_ukprn"),
        ),
        migrations.AddConstraint(
            model_name="establishment",
            constraint=models.UniqueConstraint(
                fields=("scheme", "code"), name="establishment_code_once"
            ),
        ),
    ]
