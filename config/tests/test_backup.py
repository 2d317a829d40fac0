"""The whole site in one file and back: dump, wipe, restore, compare."""

import hashlib
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection

from config.tests.world import finish, freeze
from core.backup import media, tables
from core.tests.worker import database_url, kill, wait_until
from needs import summaries
from partnerships.models import Partnership
from schools.models import School
from schools.tests.factories import make_school

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def full(world, manager, settings, tmp_path):
    """The world with no table of a partnership empty, and with files of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    summaries.recompute_all(world.partnership.pk, world.year)
    finish(world.job, b"rows of a job")
    freeze(world.pack)
    world.conversation.notes = "A tab\t, a line\nand a \\. back\\slash, \r, a null \\N, Dŵr"
    world.conversation.save()
    return world


@pytest.fixture
def backup(full, tmp_path):
    """A backup of it."""
    path = tmp_path / "site.backup"
    call_command("backup", path)
    return path


def rows_by_table():
    """Each table with a hash over its rows as text, generated columns too."""
    with connection.cursor() as cursor:
        names = tables.every_table(cursor)
        found = {}
        for table in names:
            cursor.execute(
                f"SELECT count(*), md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), ''))"
                f" FROM {table.quoted} t"
            )
            found[table.name] = cursor.fetchone()
    del found["django_session"]
    return found


def files_by_name():
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in media.every_file()
    }


def numbers():
    with connection.cursor() as cursor:
        return tables.next_numbers(cursor)


def state():
    return rows_by_table(), files_by_name(), numbers(), policies()


def policies():
    """Each table with a row policy, and whether it is on and holds for the owner."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, count(*) FROM pg_class c "
            "JOIN pg_policy p ON p.polrelid = c.oid GROUP BY c.oid ORDER BY c.relname"
        )
        return cursor.fetchall()


def wipe():
    """What a disaster leaves: empty tables that count from 1, and no files."""
    with connection.cursor() as cursor:
        names = [t.quoted for t in tables.every_table(cursor) if t.name != "django_migrations"]
        cursor.execute(f"TRUNCATE {', '.join(names)} RESTART IDENTITY")
    shutil.rmtree(django_settings.MEDIA_ROOT)


def restore(path, **options):
    call_command("restore", path, **options)


def test_dump_wipe_restore_compare(full, backup):
    before = state()
    wipe()
    wiped = rows_by_table()

    restore(backup)

    assert state() == before
    assert wiped != before[0]
    assert len(before[1]) == 2
    assert all(on and forced for _, on, forced, _ in before[3])
    new = make_school("Made after the restore")
    assert new.pk == max(School.objects.values_list("pk", flat=True))


def test_no_table_of_a_partnership_was_empty(full, backup):
    manifest = json.loads(zipfile.ZipFile(backup).read("manifest.json"))

    walled = [name for name, *_ in policies()]

    assert [name for name in walled if not manifest["tables"][name]["rows"]] == []


def test_the_file_is_for_its_owner_alone_and_replaces_none(full, backup):
    before = backup.read_bytes()

    with pytest.raises(CommandError, match="is there already"):
        call_command("backup", backup)

    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert backup.read_bytes() == before
    assert sorted(path.name for path in backup.parent.iterdir()) == ["media", backup.name]


def test_the_file_holds_no_session(as_user, officer, backup):
    names = zipfile.ZipFile(backup).namelist()

    assert "tables/accounts_user" in names
    assert "tables/django_session" not in names


def test_a_backup_is_of_one_moment(full, backup, tmp_path, monkeypatch):
    """A row that is written while the tables are read is in none of them."""
    real = tables.copy

    def and_write_elsewhere(cursor, sql, file):
        if "accounts_user" in sql:
            with closing(psycopg2.connect(**connection.get_connection_params())) as other:
                with other.cursor() as writing:
                    writing.execute("SET footbridge.everything = 'on'")
                    writing.execute("UPDATE schools_school SET name = 'Changed meanwhile'")
                other.commit()
        real(cursor, sql, file)

    monkeypatch.setattr(tables, "copy", and_write_elsewhere)
    call_command("backup", tmp_path / "second.backup")

    assert b"Changed meanwhile" not in zipfile.ZipFile(tmp_path / "second.backup").read(
        "tables/schools_school"
    )
    assert School.objects.filter(name="Changed meanwhile").exists()


def test_rows_of_partnerships_are_replaced_only_where_that_is_said(full, backup):
    before = state()
    Partnership.objects.update(name="Renamed since")
    (Path(django_settings.MEDIA_ROOT) / "new.txt").write_text("made since")

    with pytest.raises(CommandError, match="give --replace"):
        restore(backup)
    kept = Partnership.objects.first().name
    restore(backup, replace=True)

    assert kept == "Renamed since"
    assert state() == before


def test_a_restore_signs_everybody_out(full, backup, as_user, officer):
    client = as_user(officer)
    before = client.get("/").status_code

    restore(backup, replace=True)

    assert before == 200
    assert "/login/" in client.get("/").url


def inside(member):
    """The place of a byte in the middle of a member."""

    def place(path):
        with zipfile.ZipFile(path) as archive:
            info = next(one for one in archive.infolist() if one.filename.startswith(member))
        header = path.read_bytes()[info.header_offset :][:30]
        lengths = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
        return info.header_offset + 30 + lengths + info.compress_size // 2

    return place


def damage(path, at):
    body = bytearray(path.read_bytes())
    body[at(path)] ^= 0x55
    path.write_bytes(body)


@pytest.mark.parametrize(
    "at",
    [
        pytest.param(inside("tables/accounts_user"), id="rows"),
        pytest.param(inside("media/jobs"), id="file"),
        pytest.param(inside("manifest.json"), id="manifest"),
        pytest.param(lambda path: path.stat().st_size - 30, id="directory"),
    ],
)
def test_a_damaged_file_is_refused_and_nothing_is_changed(full, backup, at):
    before = state()
    damage(backup, at)

    with pytest.raises(CommandError, match=r"damaged|backup of Footbridge"):
        restore(backup, replace=True)

    assert state() == before


def test_a_file_that_is_cut_short_is_refused(full, backup):
    before = state()
    backup.write_bytes(backup.read_bytes()[:-1000])

    with pytest.raises(CommandError, match="is damaged, or is no backup"):
        restore(backup, replace=True)

    assert state() == before


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "is no backup of Footbridge"),
        (b"nonsense", "is no backup of Footbridge"),
        (None, "cannot be opened: No such file"),
    ],
)
def test_what_is_no_backup_is_refused(full, tmp_path, body, said):
    path = tmp_path / "other.backup"
    if body is not None:
        path.write_bytes(body)

    with pytest.raises(CommandError, match=said):
        restore(path, replace=True)


def rewritten(path, change):
    """The backup with members or manifest changed, and its hashes right again."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(members.pop("manifest.json"))
    change(members, manifest)
    for kind in ("tables", "files"):
        for name, about in manifest[kind].items():
            folder = "tables" if kind == "tables" else "media"
            about["sha256"] = hashlib.sha256(members[f"{folder}/{name}"]).hexdigest()
    with zipfile.ZipFile(path, "w") as archive:
        for name, body in {**members, "manifest.json": json.dumps(manifest)}.items():
            archive.writestr(name, body)


def without_a_user(members, manifest):
    lines = members["tables/accounts_user"].splitlines(keepends=True)
    members["tables/accounts_user"] = b"".join(lines[1:])
    manifest["tables"]["accounts_user"]["rows"] -= 1


def without_a_row_that_is_counted(members, manifest):
    lines = members["tables/core_auditevent"].splitlines(keepends=True)
    members["tables/core_auditevent"] = b"".join(lines[1:])


def with_an_older_head(members, manifest):
    manifest["migrations"]["needs"].pop()


def with_a_climbing_name(members, manifest):
    members["media/../climbed.txt"] = b"up"
    manifest["files"]["../climbed.txt"] = {"bytes": 2}


def with_another_column(members, manifest):
    manifest["tables"]["core_job"]["columns"].append("colour")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (without_a_user, "The database refused the rows"),
        (without_a_row_that_is_counted, "Not every row of core_auditevent arrived"),
        (with_an_older_head, r"other migrations than this database has \(needs\)"),
        (with_a_climbing_name, "is not what was written"),
        (with_another_column, "other tables or columns"),
    ],
)
def test_a_restore_that_fails_leaves_everything_as_it_was(full, backup, change, said):
    rewritten(backup, change)
    Partnership.objects.update(name="Renamed since")
    before = state()

    with pytest.raises(CommandError, match=said):
        restore(backup, replace=True)

    assert state() == before
    assert not (backup.parent / "climbed.txt").exists()
    assert sorted(os.listdir(django_settings.MEDIA_ROOT)) == ["jobs", "packs"]


def test_a_restore_that_is_killed_half_way_leaves_everything_as_it_was(full, backup, tmp_path):
    """It is held up at its last step, after every row was written, and killed there."""
    Partnership.objects.update(name="Renamed since")
    before = state()
    with closing(psycopg2.connect(**connection.get_connection_params())) as other:
        with other.cursor() as cursor:
            cursor.execute("ALTER SEQUENCE core_job_id_seq CACHE 1")
        process = restoring(backup, tmp_path)
        try:
            wait_until(waits_for_the_sequence)
        finally:
            kill(process)
        other.rollback()

    assert process.returncode == -signal.SIGKILL
    assert state() == before
    restore(backup, replace=True)
    assert Partnership.objects.get(pk=full.partnership.pk).name == full.partnership.name
    assert sorted(os.listdir(django_settings.MEDIA_ROOT)) == ["jobs", "packs"]


def restoring(backup, var):
    """A process that restores the backup."""
    places = {"DATABASE_URL": database_url(), "REDIS_URL": "redis://127.0.0.1:1/0"}
    return subprocess.Popen(
        [sys.executable, "manage.py", "restore", str(backup), "--replace"],
        cwd=django_settings.BASE_DIR,
        env={**os.environ, **places, "FOOTBRIDGE_VAR": str(var)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def waits_for_the_sequence():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted "
            "AND relation = 'core_job_id_seq'::regclass"
        )
        return cursor.fetchone()[0]


def test_every_foreign_key_waits_for_the_end_of_a_transaction():
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE contype = 'f' AND NOT condeferred")
        assert cursor.fetchall() == []


def test_a_restore_waits_for_nobody(full, backup):
    """With a worker or a web server at work it stops in words, and changes nothing."""
    before = state()
    with closing(psycopg2.connect(**connection.get_connection_params())) as other:
        with other.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM schools_school")
        with pytest.raises(CommandError, match="Somebody is using the database"):
            restore(backup, replace=True)

    assert state() == before
