"""School years (1 September to 31 August) and OfS years (1 August to 31 July), as rows."""

from datetime import date, timedelta

from django.db import migrations

FIRST, LAST = 2015, 2040
KINDS = {"school_year": (9, "School year"), "ofs_year": (8, "OfS year")}


def load(apps, schema_editor):
    period = apps.get_model("core", "ReportingPeriod")
    for kind, (month, label) in KINDS.items():
        period.objects.bulk_create(
            period(
                kind=kind,
                name=f"{label} {year} to {year + 1}",
                starts_on=date(year, month, 1),
                ends_on=date(year + 1, month, 1) - timedelta(days=1),
            )
            for year in range(FIRST, LAST + 1)
        )


class Migration(migrations.Migration):
    dependencies = [("core", "0002_models")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
