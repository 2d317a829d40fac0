"""How schools follow one another, and the groups that run them."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0002_whole_register"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="school",
            name="joined_to",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                help_text="The school that this one turned out to be; only old addresses lead here.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="schools.school",
            ),
        ),
        migrations.CreateModel(
            name="EstablishmentLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("scheme", models.CharField(default="URN", max_length=12)),
                ("code", models.CharField(db_collation="C", max_length=16)),
                ("linked_code", models.CharField(db_collation="C", max_length=16)),
                ("type", models.CharField(help_text="As the register writes it.", max_length=120)),
                ("established_on", models.DateField(blank=True, null=True)),
                (
                    "name",
                    models.CharField(blank=True, help_text="Of the linked school.", max_length=255),
                ),
            ],
            options={
                "ordering": ["code", "linked_code", "pk"],
                "indexes": [
                    models.Index(fields=["scheme", "linked_code"], name="establishmentlink_back")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("scheme", "code", "linked_code", "type"),
                        name="establishmentlink_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Group",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.CharField(db_collation="C", max_length=16, unique=True)),
                (
                    "group_id",
                    models.CharField(
                        blank=True, default="", help_text="As TR01904.", max_length=16
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
                ("companies_house_number", models.CharField(blank=True, default="", max_length=16)),
                ("ukprn", models.CharField(blank=True, default="", max_length=8)),
                (
                    "opened_on",
                    models.DateField(blank=True, help_text="Or incorporated.", null=True),
                ),
                ("closed_on", models.DateField(blank=True, null=True)),
                ("street", models.CharField(blank=True, default="", max_length=255)),
                ("locality", models.CharField(blank=True, default="", max_length=255)),
                ("address3", models.CharField(blank=True, default="", max_length=255)),
                ("town", models.CharField(blank=True, default="", max_length=120)),
                ("county", models.CharField(blank=True, default="", max_length=120)),
                ("postcode", models.CharField(blank=True, default="", max_length=10)),
                (
                    "status",
                    models.ForeignKey(
                        blank=True,
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
        migrations.CreateModel(
            name="GroupMembership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("scheme", models.CharField(default="URN", max_length=12)),
                ("code", models.CharField(db_collation="C", max_length=16)),
                (
                    "name",
                    models.CharField(
                        blank=True, help_text="As the file of groups has it.", max_length=255
                    ),
                ),
                ("joined_on", models.DateField(blank=True, null=True)),
                (
                    "left_on",
                    models.DateField(
                        blank=True,
                        help_text="As the file says, or the day of the first file that had it no longer.",
                        null=True,
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="schools.group",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="LoadedFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("links", "Links between schools"),
                            ("groups", "Groups and their schools"),
                        ],
                        max_length=10,
                    ),
                ),
                ("file_name", models.CharField(max_length=255)),
                ("file_hash", models.CharField(max_length=64)),
                ("loaded_at", models.DateTimeField()),
                ("extracted_on", models.DateField(blank=True, null=True)),
                ("rows", models.PositiveIntegerField()),
                ("new", models.PositiveIntegerField()),
                ("changed", models.PositiveIntegerField()),
                ("gone", models.PositiveIntegerField(help_text="Here before, not in the file.")),
                (
                    "left_out",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        default=list,
                        help_text="Rows that were not kept, each with its reason.",
                        size=None,
                    ),
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
                "ordering": ["-loaded_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="SchoolMove",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("model", models.CharField(max_length=80)),
                ("field", models.CharField(max_length=40)),
                ("row", models.BigIntegerField()),
                (
                    "after",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schools.school",
                    ),
                ),
                (
                    "before",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="schools.school",
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
                "ordering": ["pk"],
            },
        ),
        migrations.AddIndex(
            model_name="group",
            index=models.Index(fields=["sort_key", "id"], name="group_order"),
        ),
        migrations.AddIndex(
            model_name="groupmembership",
            index=models.Index(fields=["scheme", "code"], name="groupmembership_by_code"),
        ),
        migrations.AddConstraint(
            model_name="groupmembership",
            constraint=models.UniqueConstraint(
                fields=("group", "scheme", "code", "joined_on"),
                name="groupmembership_once",
                nulls_distinct=False,
            ),
        ),
    ]
