"""Write a backup: a zip of each table's rows and each file, with a list of what must be in it."""

import hashlib
import json
import os
import shutil
import tempfile
import zipfile
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from core import scope
from core.backup import BackupError, media, tables

KIND, FORMAT = "footbridge backup", 1
MANIFEST = "manifest.json"
SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"


class Member:
    """One member of the archive; counts and hashes what is written to it."""

    def __init__(self, archive, name):
        self.file = archive.open(name, "w", force_zip64=True)
        self.hash, self.lines, self.bytes = hashlib.sha256(), 0, 0

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.file.close()

    def write(self, data):
        self.hash.update(data)
        self.lines += data.count(b"\n")
        self.bytes += len(data)
        return self.file.write(data)


def write(path):
    """Write the backup to a new file that only its owner can read; returns its manifest."""
    path = Path(path)
    if path.exists():
        raise BackupError(f"{path} is there already. Name a new file.")
    if not path.absolute().parent.is_dir():
        raise BackupError(f"{path.absolute().parent} is not a directory. Make it first.")
    handle, draft = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            manifest = _fill(file)
            file.flush()
            os.fsync(file.fileno())
        os.rename(draft, path)
    except BaseException:
        os.unlink(draft)
        raise
    return manifest


def _fill(file):
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        manifest = {"kind": KIND, "format": FORMAT, "made_at": timezone.now().isoformat()}
        manifest |= _rows(archive)
        manifest["files"] = dict(_files(archive))
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
    return manifest


def _rows(archive):
    """Write every table as it stands at one moment."""
    with scope.everything(), transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(SNAPSHOT)
        found = tables.every_table(cursor)
        return {
            "migrations": tables.migrations(cursor),
            "sequences": tables.next_numbers(cursor),
            "tables": {
                table.name: _table(archive, cursor, table)
                for table in found
                if table.name not in tables.LEFT_OUT
            },
        }


def _table(archive, cursor, table):
    with Member(archive, f"tables/{table.name}") as member:
        tables.copy(cursor, table.copy_out, member)
    return {
        "columns": table.columns,
        "rows": member.lines,  # within a row a line break is written as \n
        "sha256": member.hash.hexdigest(),
    }


def _files(archive):
    """Write the files after the rows: one that a row names is there, or was deleted meanwhile."""
    for name, path in media.every_file():
        try:
            source = path.open("rb")
        except FileNotFoundError:
            continue
        with source, Member(archive, f"media/{name}") as member:
            shutil.copyfileobj(source, member, media.AT_ONCE)
        yield name, {"bytes": member.bytes, "sha256": member.hash.hexdigest()}
