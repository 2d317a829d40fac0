"""What keeps a partnership's rows its own in the database: composite keys, and row policies."""

from django.db import models
from django.db.models.constraints import BaseConstraint

FOREIGN_KEY = (
    "FOREIGN KEY (%(columns)s) REFERENCES %(table)s (%(to_columns)s) DEFERRABLE INITIALLY DEFERRED"
)


class TenantForeignKey(BaseConstraint):
    """A composite foreign key: `fields` of this model point at `to_fields` of the model `to`."""

    def __init__(self, *, fields, to, to_fields, name):
        super().__init__(name=name)
        self.fields = tuple(fields)
        self.to = to
        self.to_fields = tuple(to_fields)

    def _body(self, model, schema_editor):
        target = model._meta.apps.get_model(self.to)
        quote = schema_editor.quote_name

        def columns(of, names):
            return ", ".join(quote(of._meta.get_field(name).column) for name in names)

        return FOREIGN_KEY % {
            "columns": columns(model, self.fields),
            "table": quote(target._meta.db_table),
            "to_columns": columns(target, self.to_fields),
        }

    def constraint_sql(self, model, schema_editor):
        return (
            f"CONSTRAINT {schema_editor.quote_name(self.name)} {self._body(model, schema_editor)}"
        )

    def create_sql(self, model, schema_editor):
        table = schema_editor.quote_name(model._meta.db_table)
        return f"ALTER TABLE {table} ADD {self.constraint_sql(model, schema_editor)}"

    def remove_sql(self, model, schema_editor):
        table = schema_editor.quote_name(model._meta.db_table)
        return f"ALTER TABLE {table} DROP CONSTRAINT {schema_editor.quote_name(self.name)}"

    def validate(self, *args, **kwargs):
        """The database refuses; a form offers rows of one partnership only."""

    def deconstruct(self):
        path, args, kwargs = super().deconstruct()
        kwargs |= {"fields": self.fields, "to": self.to, "to_fields": self.to_fields}
        return path, args, kwargs

    def __eq__(self, other):
        return isinstance(other, TenantForeignKey) and self.deconstruct() == other.deconstruct()

    def __hash__(self):
        return hash((self.name, self.fields, self.to, self.to_fields))


EVERYTHING = "(SELECT current_setting('footbridge.everything', true)) = 'on'"
PARTNERSHIPS = (
    "(SELECT string_to_array(current_setting('footbridge.partnerships', true), ','))::bigint[]"
)
PERSON = "(SELECT nullif(current_setting('footbridge.person', true), '')::bigint)"


class Wall(BaseConstraint):
    """Row-level security: a session reads and writes rows of its own partnerships only.

    `column` holds the partnership. Of rows in no partnership of theirs a person may read those
    that name them in `reader`, and also change those that name them in `owner`. `loose` lets rows
    of no partnership be written. FORCE binds the owner of the table, which the product is.
    """

    def __init__(self, *, name, column="partnership_id", reader="", owner="", loose=False):
        super().__init__(name=name)
        self.column, self.reader, self.owner, self.loose = column, reader, owner, loose

    def _inside(self, quote):
        own = f" OR {quote(self.owner)} = {PERSON}" if self.owner else ""
        return f"{EVERYTHING} OR {quote(self.column)} = ANY ({PARTNERSHIPS}){own}"

    def constraint_sql(self, model, schema_editor):
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))

    def create_sql(self, model, schema_editor):
        quote = schema_editor.quote_name
        table, inside = quote(model._meta.db_table), self._inside(quote)
        check = f"{inside} OR {quote(self.column)} IS NULL" if self.loose else inside
        parts = [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY {quote(self.name)} ON {table} USING ({inside}) WITH CHECK ({check})",
        ]
        if self.reader:
            parts.append(
                f"CREATE POLICY {quote(self.name + '_reader')} ON {table} FOR SELECT "
                f"USING ({quote(self.reader)} = {PERSON})"
            )
        return "; ".join(parts)

    def remove_sql(self, model, schema_editor):
        quote = schema_editor.quote_name
        table = quote(model._meta.db_table)
        return (
            f"DROP POLICY {quote(self.name)} ON {table}; "
            f"DROP POLICY IF EXISTS {quote(self.name + '_reader')} ON {table}; "
            f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY"
        )

    def validate(self, *args, **kwargs):
        """The database refuses; a form offers rows of one partnership only."""

    def deconstruct(self):
        path, args, kwargs = super().deconstruct()
        return path, args, kwargs | self._facts()

    def _facts(self):
        names = ("column", "reader", "owner", "loose")
        return {name: getattr(self, name) for name in names}

    def __eq__(self, other):
        return isinstance(other, Wall) and self.deconstruct() == other.deconstruct()

    def __hash__(self):
        return hash((self.name, *self._facts().values()))


def wall(name, **facts):
    """The row policy of an owned model."""
    return Wall(name=f"{name}_wall", **facts)


def parent(name):
    """The unique key (partnership, id) that children of an owned model point at."""
    return models.UniqueConstraint(fields=["partnership", "id"], name=f"{name}_in_partnership")


def child(name, field, to):
    """The composite key that holds `field` to a row of `to` in the same partnership."""
    return TenantForeignKey(
        fields=["partnership", field],
        to=to,
        to_fields=["partnership", "id"],
        name=f"{name}_{field}_same_partnership",
    )
