"""Ten times the demonstration's partnership: nine copies of its hubs, schools, needs and work."""

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models

from needs import summaries
from needs.models import Assessment
from partnerships.models import SchoolLink

COPIES = 9
STEP = 10_000_000
COPIED = [
    apps.get_model(label)
    for label in (
        "partnerships.Hub",
        "partnerships.SchoolLink",
        "partnerships.SchoolLinkStatus",
        "partnerships.Conversation",
        "needs.Assessment",
        "needs.Rating",
        "needs.Need",
        "activities.Activity",
        "activities.ActivitySchool",
        "activities.ActivityNeed",
        "activities.ActivityProvider",
        "activities.Headcount",
    )
]
OTHER_SCHOOLS = """
    CREATE TEMPORARY TABLE bench_other_school AS
    WITH linked AS (
        SELECT school_id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS size
        FROM partnerships_schoollink
    ), others AS (
        SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM schools_school s
        WHERE s.standing = 'open'
        AND NOT EXISTS (SELECT FROM linked WHERE linked.school_id = s.id)
    )
    SELECT copy, linked.school_id AS old, others.id AS new
    FROM generate_series(1, %s) copy CROSS JOIN linked
    JOIN others ON others.place = (copy - 1) * linked.size + linked.place
"""


def grow():
    """Copy every row; each copy has hubs and schools of its own in the same partnership."""
    with connection.cursor() as cursor:
        cursor.execute(OTHER_SCHOOLS, [COPIES])
        for copy in range(1, COPIES + 1):
            for model in COPIED:
                cursor.execute(*_copying(model, copy))
        for statement in connection.ops.sequence_reset_sql(no_style(), COPIED):
            cursor.execute(statement)
        cursor.execute("VACUUM (ANALYZE)")
    count_needs()


def count_needs():
    """Make the figures of the boards, of each partnership and of each of its hubs."""
    for partnership, year in _years():
        summaries.recompute_all(partnership, year)
        for hub in summaries.hubs_of(partnership):
            summaries.recompute_hub(partnership, year, hub.pk)


def _years():
    years = Assessment.objects.order_by().values_list("partnership", "school_year").distinct()
    linked = SchoolLink.objects.order_by().values_list("partnership", flat=True).distinct()
    return [(partnership, year) for partnership, year in years if partnership in set(linked)]


def _copying(model, copy):
    fields = [f for f in model._meta.concrete_fields if not isinstance(f, models.GeneratedField)]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    values = ", ".join(_value(field, copy) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    insert = f"INSERT INTO {table} ({columns}) SELECT {values}"
    return f"{insert} FROM {table} WHERE id < %s", [STEP]


def _value(field, copy):
    column = connection.ops.quote_name(field.column)
    if field.primary_key or field.related_model in COPIED:
        return f"{column} + {copy * STEP}"
    if field.column == "school_id":
        where = f"old = school_id AND copy = {copy:d}"
        return f"(SELECT new FROM bench_other_school WHERE {where})"  # noqa: S608 -- our number
    if field.column == "client_uuid":
        return f"CASE WHEN {column} IS NULL THEN NULL ELSE gen_random_uuid() END"
    if (field.model._meta.label, field.name) == ("partnerships.Hub", "name"):
        return f"{column} || ' {copy + 1}'"
    return column
