"""What a file of links was and what it joined, kept so that it can be taken back."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0007_register_fetch"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LinkBefore",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("scheme", models.CharField(max_length=12)),
                ("code", models.CharField(db_collation="C", max_length=16)),
                ("linked_code", models.CharField(db_collation="C", max_length=16)),
                ("type", models.CharField(max_length=120)),
                ("was_there", models.BooleanField()),
                ("established_on", models.DateField(blank=True, null=True)),
                ("name", models.CharField(blank=True, max_length=255)),
            ],
            options={
                "ordering": ["file", "code", "linked_code", "pk"],
            },
        ),
        migrations.AddField(
            model_name="loadedfile",
            name="follows",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="schools.registerrun",
            ),
        ),
        migrations.AddField(
            model_name="loadedfile",
            name="joined",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="Schools that went on by themselves; blank where that was not kept.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="loadedfile",
            name="undone_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="loadedfile",
            name="undone_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="schoolmove",
            name="file",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="schools.loadedfile",
            ),
        ),
        migrations.AlterField(
            model_name="schoolmove",
            name="run",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="schools.registerrun",
            ),
        ),
        migrations.AddConstraint(
            model_name="schoolmove",
            constraint=models.CheckConstraint(
                condition=models.Q(("run", None), ("file", None), _connector="XOR"),
                name="schoolmove_one_cause",
            ),
        ),
        migrations.AddField(
            model_name="linkbefore",
            name="file",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="schools.loadedfile",
            ),
        ),
    ]
