import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import core.tenancy


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0003_row_policies"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApiToken",
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
                ("name", models.CharField(max_length=80)),
                ("hash", models.CharField(max_length=64, unique=True)),
                ("first_letters", models.CharField(max_length=12)),
                ("expires_on", models.DateField()),
                ("last_used_on", models.DateField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tokens",
                        to="partnerships.membership",
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
            ],
            options={"ordering": ["-pk"]},
        ),
        migrations.AddConstraint(
            model_name="apitoken",
            constraint=core.tenancy.Wall(
                column="partnership_id", loose=False, name="apitoken_wall", owner="", reader=""
            ),
        ),
        migrations.AddConstraint(
            model_name="apitoken",
            constraint=core.tenancy.TenantForeignKey(
                fields=("partnership", "membership"),
                name="apitoken_membership_same_partnership",
                to="partnerships.Membership",
                to_fields=("partnership", "id"),
            ),
        ),
    ]
