"""Every column of the register that says something about a school; runs that can be undone."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="establishment",
            name="accreditation_body",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="schools.registercode",
            ),
        ),
        migrations.AddField(
            model_name="establishment",
            name="accreditation_expires_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="establishment",
            name="accreditation_report",
            field=models.CharField(blank=True, default="", max_length=500),
        ),
        migrations.AddField(
            model_name="establishment",
            name="accredited",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="schools.registercode",
            ),
        ),
        migrations.AddField(
            model_name="establishment",
            name="added_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="added",
                to="schools.registerrun",
            ),
        ),
        migrations.AddField(
            model_name="establishment",
            name="boarding",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Whether it boards, where the register asks so.",
                max_length=80,
            ),
        ),
        migrations.AddField(
            model_name="establishment",
            name="bso_inspectorate",
            field=models.CharField(
                blank=True, default="", help_text="Of a British school overseas.", max_length=120
            ),
        ),
        migrations.AddField(
            model_name="establishment",
            name="census_ward",
            field=models.CharField(blank=True, default="", max_length=120),
        ),
        migrations.AddField(
            model_name="establishment",
            name="child_care",
            field=models.CharField(blank=True, default="", max_length=80),
        ),
        migrations.AddField(
            model_name="establishment",
            name="company_number",
            field=models.CharField(blank=True, db_collation="C", default="", max_length=20),
        ),
        migrations.AddField(
            model_name="establishment",
            name="dfe_region",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Of the regional schools commissioners, until 2024.",
                max_length=120,
            ),
        ),
        migrations.AddField(
            model_name="establishment",
            name="federation_flag",
            field=models.CharField(blank=True, default="", max_length=80),
        ),
        migrations.AddField(
            model_name="establishment",
            name="fehe_identifier",
            field=models.CharField(blank=True, db_collation="C", default="", max_length=12),
        ),
        migrations.AddField(
            model_name="establishment",
            name="gss_authority",
            field=models.CharField(
                blank=True,
                default="",
                help_text="The authority's code at the statistics office.",
                max_length=9,
            ),
        ),
        migrations.AddField(
            model_name="establishment",
            name="has_sixth_form",
            field=models.BooleanField(
                editable=False,
                help_text="As the register says; by the ages where it does not. Blank if not known.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="establishment",
            name="inspected_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="establishment",
            name="inspectorate",
            field=models.CharField(blank=True, default="", max_length=120),
        ),
        migrations.AddField(
            model_name="establishment",
            name="inspectorate_report",
            field=models.CharField(blank=True, default="", max_length=500),
        ),
        migrations.AddField(
            model_name="establishment",
            name="lsoa_name",
            field=models.CharField(blank=True, default="", max_length=80),
        ),
        migrations.AddField(
            model_name="establishment",
            name="msoa_name",
            field=models.CharField(blank=True, default="", max_length=80),
        ),
        migrations.AddField(
            model_name="establishment",
            name="next_inspection_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="establishment",
            name="nursery_provision",
            field=models.CharField(blank=True, default="", max_length=80),
        ),
        migrations.AddField(
            model_name="establishment",
            name="ofsted_inspected_on",
            field=models.DateField(
                blank=True, help_text="Only in files of 2024 and before.", null=True
            ),
        ),
        migrations.AddField(
            model_name="establishment",
            name="ofsted_rating",
            field=models.CharField(
                blank=True, default="", help_text="Only in files of 2024 and before.", max_length=80
            ),
        ),
        migrations.AddField(
            model_name="establishment",
            name="ofsted_special_measures",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                help_text="Only in files of 2024 and before.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="schools.registercode",
            ),
        ),
        migrations.AddField(
            model_name="establishment",
            name="previous_authority",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="schools.registercode",
            ),
        ),
        migrations.AddField(
            model_name="establishment",
            name="previous_number",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="establishment",
            name="proprietor",
            field=models.CharField(blank=True, default="", max_length=255),
        ),
        migrations.AddField(
            model_name="establishment",
            name="pru_behaviour",
            field=models.CharField(blank=True, default="", max_length=80),
        ),
        migrations.AddField(
            model_name="establishment",
            name="pru_full_time",
            field=models.CharField(blank=True, default="", max_length=80),
        ),
        migrations.AddField(
            model_name="establishment",
            name="pru_other_tuition",
            field=models.CharField(blank=True, default="", max_length=80),
        ),
        migrations.AddField(
            model_name="establishment",
            name="pru_places",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="establishment",
            name="pru_special_needs",
            field=models.CharField(blank=True, default="", max_length=80),
        ),
        migrations.AddField(
            model_name="establishment",
            name="pupils_with_sen_plan",
            field=models.PositiveIntegerField(
                blank=True, help_text="Special pupils under a statement or plan.", null=True
            ),
        ),
        migrations.AddField(
            model_name="establishment",
            name="pupils_without_sen_plan",
            field=models.PositiveIntegerField(
                blank=True, help_text="Special pupils under no statement or plan.", null=True
            ),
        ),
        migrations.AddField(
            model_name="establishment",
            name="religious_ethos",
            field=models.CharField(blank=True, default="", max_length=80),
        ),
        migrations.AddField(
            model_name="establishment",
            name="resourced_places",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="establishment",
            name="resourced_provision",
            field=models.CharField(blank=True, default="", max_length=80),
        ),
        migrations.AddField(
            model_name="establishment",
            name="resourced_pupils",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="establishment",
            name="section_41",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Approved under section 41 of the 2014 Act or not.",
                max_length=80,
            ),
        ),
        migrations.AddField(
            model_name="establishment",
            name="sen_types",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=120),
                blank=True,
                default=list,
                help_text="Special educational needs it provides for, the chief one first.",
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="establishment",
            name="sen_unit_places",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="establishment",
            name="sen_unit_pupils",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="establishment",
            name="site_name",
            field=models.CharField(blank=True, default="", max_length=255),
        ),
        migrations.AddField(
            model_name="establishment",
            name="special_classes",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="schools.registercode",
            ),
        ),
        migrations.AddField(
            model_name="establishment",
            name="sponsor_flag",
            field=models.CharField(blank=True, default="", max_length=80),
        ),
        migrations.AddField(
            model_name="establishment",
            name="sponsors",
            field=models.CharField(blank=True, default="", max_length=255),
        ),
        migrations.AddField(
            model_name="establishment",
            name="teenage_mothers",
            field=models.CharField(blank=True, default="", max_length=80),
        ),
        migrations.AddField(
            model_name="establishment",
            name="teenage_mothers_places",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="establishment",
            name="trust_flag",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="schools.registercode",
            ),
        ),
        migrations.AddField(
            model_name="establishment",
            name="uprn",
            field=models.CharField(blank=True, db_collation="C", default="", max_length=12),
        ),
        migrations.AddField(
            model_name="registerchange",
            name="old_raw",
            field=models.TextField(help_text="As the database holds it, to undo.", null=True),
        ),
        migrations.AddField(
            model_name="registercode",
            name="added_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="schools.registerrun",
            ),
        ),
        migrations.AddField(
            model_name="registerrun",
            name="file",
            field=models.FileField(
                blank=True, help_text="Kept until applied or dropped.", upload_to="register/runs/"
            ),
        ),
        migrations.AddField(
            model_name="registerrun",
            name="follows",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                help_text="The run that the register stood at when this file was compared with it.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="schools.registerrun",
            ),
        ),
        migrations.AddField(
            model_name="registerrun",
            name="kept",
            field=models.JSONField(
                blank=True, default=list, help_text="What stayed when it was undone: it was in use."
            ),
        ),
        migrations.AddField(
            model_name="registerrun",
            name="notices",
            field=models.JSONField(
                blank=True, default=list, help_text="What was put right on the way, in sentences."
            ),
        ),
        migrations.AddField(
            model_name="registerrun",
            name="origin",
            field=models.CharField(
                choices=[
                    ("command", "Command"),
                    ("page", "Uploaded on a page"),
                    ("fetched", "Fetched at night"),
                ],
                default="command",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="registerrun",
            name="renamed",
            field=models.JSONField(
                blank=True, default=dict, editable=False, help_text="Former names of codes, by id."
            ),
        ),
        migrations.AddField(
            model_name="registerrun",
            name="state",
            field=models.CharField(
                choices=[
                    ("previewed", "Looked at, not applied"),
                    ("applied", "Applied"),
                    ("undone", "Undone"),
                    ("dropped", "Not applied"),
                ],
                default="applied",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="registerrun",
            name="undone_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="registerrun",
            name="undone_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="registerchange",
            name="old",
            field=models.TextField(blank=True, help_text="In words, as it was."),
        ),
        migrations.CreateModel(
            name="RegisterBefore",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "values",
                    models.JSONField(
                        help_text="By column: what follows from the file, and the rest."
                    ),
                ),
                (
                    "establishment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schools.establishment",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schools.registerrun",
                    ),
                ),
            ],
            options={
                "ordering": ["run", "establishment", "pk"],
            },
        ),
    ]
