"""Put a backup back: all of it, in one transaction, or nothing."""

from importlib import import_module

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, OperationalError, connection, transaction

from core import scope
from core.backup import BackupError, media, reading, tables

SITE_IN_USE = (
    "Somebody is using the database. Stop the web server, the workers and beat, then try again."
)
NOT_EMPTY = (
    "The database holds rows of partnerships already ({tables}). "
    "To lose them and have those of the backup instead, give --replace."
)
OTHER_MIGRATIONS = (
    "The backup was made with other migrations than this database has ({apps}). "
    "Install the version that made it and migrate a new database with that, then restore."
)


def restore(path, *, replace=False):
    """Make the database and the files what they were; returns the backup's manifest."""
    with reading.opened(path) as backup:
        try:
            with media.Replacement() as files, scope.everything(), transaction.atomic(durable=True):
                sessions = _all_at_once(backup, files, replace)
        except OperationalError as error:
            raise BackupError(SITE_IN_USE if _is_lock(error) else _first_line(error)) from error
        except DatabaseError as error:
            raise BackupError(f"The database refused the rows: {_first_line(error)}") from error
    _afterwards(sessions)
    return backup.manifest


def _is_lock(error):
    return getattr(error.__cause__, "pgcode", "") in ("55P03", "40P01")


def _first_line(error):
    return str(error).partition("\n")[0]


def _all_at_once(backup, files, replace):
    with connection.cursor() as cursor:
        found = tables.every_table(cursor)
        _check_fit(backup, cursor, found)
        if not replace:
            _check_empty(cursor, found)
        for name in backup.files:
            with backup.open_file(name) as stream:
                files.add(name, stream)
        cursor.execute("SELECT session_key FROM django_session")
        sessions = [key for (key,) in cursor.fetchall()]
        _replace_rows(backup, cursor, found)
        files.take_place()
    return sessions


def _check_fit(backup, cursor, found):
    """Refuse a backup whose tables other migrations made."""
    theirs, ours = backup.manifest["migrations"], tables.migrations(cursor)
    other = sorted(app for app in {*theirs, *ours} if theirs.get(app) != ours.get(app))
    if other:
        raise BackupError(OTHER_MIGRATIONS.format(apps=", ".join(other)))
    columns = {table.name: table.columns for table in found if table.name not in tables.LEFT_OUT}
    if columns != {name: about["columns"] for name, about in backup.tables.items()}:
        raise BackupError("The backup has other tables or columns than this database.")


def _check_empty(cursor, found):
    full = [table.name for table in found if table.walled and _has_rows(cursor, table)]
    if full:
        more = " and others" if len(full) > 3 else ""
        raise BackupError(NOT_EMPTY.format(tables=", ".join(full[:3]) + more))


def _has_rows(cursor, table):
    cursor.execute(f"SELECT EXISTS (SELECT FROM {table.quoted})")  # noqa: S608
    return cursor.fetchone()[0]


def _replace_rows(backup, cursor, found):
    """COPY does not write through row policies, so they are off until the rows are in.

    Only this transaction sees them off: the tables are locked until it ends.
    """
    walled = [table for table in found if table.walled]
    cursor.execute("SET LOCAL lock_timeout = '10s'")
    cursor.execute(f"TRUNCATE {', '.join(table.quoted for table in found)}")
    _switch_policies(cursor, walled, "DISABLE")
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    for table in found:
        if table.name in backup.tables:
            _fill(backup, cursor, table)
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    _switch_policies(cursor, walled, "ENABLE")
    for name, number in backup.manifest["sequences"].items():
        # Not setval: that would outlive a transaction that fails.
        cursor.execute(f"ALTER SEQUENCE {tables.quote(name)} RESTART WITH {int(number)}")


def _switch_policies(cursor, walled, switch):
    for table in walled:
        cursor.execute(f"ALTER TABLE {table.quoted} {switch} ROW LEVEL SECURITY")


def _fill(backup, cursor, table):
    with backup.open_table(table.name) as rows:
        tables.copy(cursor, table.copy_in, rows)
    cursor.execute(f"SELECT count(*) FROM {table.quoted}")  # noqa: S608
    if cursor.fetchone()[0] != backup.tables[table.name]["rows"]:
        raise BackupError(f"Not every row of {table.name} arrived. Nothing was changed.")


def _afterwards(sessions):
    """Sign everybody out of what was, and let the database learn what it holds now."""
    prefix = import_module(settings.SESSION_ENGINE).SessionStore.cache_key_prefix
    cache.delete_many([prefix + key for key in sessions])
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(table.quoted for table in tables.every_table(cursor))}")
