"""What `manage.py migrate` and `check --database default` say of the database."""

from django.core import checks
from django.db import connections

IS_ABOVE_POLICIES = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"


@checks.register(checks.Tags.database)
def role_is_ordinary(databases=None, **kwargs):
    """Warn where the row policies do not bind the role that the product connects as."""
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            cursor.execute(IS_ABOVE_POLICIES)
            if cursor.fetchone()[0]:
                yield checks.Warning(
                    "The database role is a superuser or bypasses row-level security, so the "
                    "database does not keep partnerships apart.",
                    hint="Make an ordinary role that owns the database, and name it in "
                    "DATABASE_URL.",
                    id="footbridge.W001",
                )
