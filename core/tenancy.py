"""Keys that keep a partnership's rows pointing at rows of the same partnership, in the database."""

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
