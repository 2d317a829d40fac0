"""Which school goes on for which, as a partnership decided."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import core.tenancy


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0004_api_token"),
        ("schools", "0006_finding"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Continuation",
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
                ("starts_on", models.DateField(verbose_name="from")),
                ("note", models.CharField(blank=True, max_length=300)),
                (
                    "linked",
                    models.BooleanField(
                        default=False,
                        help_text="The decision made it one of the partnership's schools.",
                    ),
                ),
                (
                    "ended",
                    models.BooleanField(
                        default=False,
                        help_text="The decision ended the work with the school that closed.",
                    ),
                ),
                (
                    "leads_ended",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        blank=True,
                        default=list,
                        help_text="Accesses that it ended.",
                        size=None,
                    ),
                ),
                (
                    "from_link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="continuations",
                        to="partnerships.schoollink",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
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
                    "to_link",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="continued",
                        to="partnerships.schoollink",
                    ),
                ),
            ],
            options={
                "ordering": ["-starts_on", "from_link", "pk"],
                "constraints": [
                    core.tenancy.Wall(
                        column="partnership_id",
                        loose=False,
                        name="continuation_wall",
                        owner="",
                        reader="",
                    ),
                    core.tenancy.TenantForeignKey(
                        fields=("partnership", "from_link"),
                        name="continuation_from_link_same_partnership",
                        to="partnerships.SchoolLink",
                        to_fields=("partnership", "id"),
                    ),
                    core.tenancy.TenantForeignKey(
                        fields=("partnership", "to_link"),
                        name="continuation_to_link_same_partnership",
                        to="partnerships.SchoolLink",
                        to_fields=("partnership", "id"),
                    ),
                    models.UniqueConstraint(
                        fields=("partnership", "from_link", "to_link"),
                        name="continuation_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_link", None),
                            models.Q(("to_link", models.F("from_link")), _negated=True),
                            _connector="OR",
                        ),
                        name="continuation_to_another",
                    ),
                ],
            },
        ),
    ]
