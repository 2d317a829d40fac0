"""Write groups and their schools: all of a file or nothing, and only what differs."""

# ruff: noqa: S608  the statement is put together from the names of our own columns only

from dataclasses import dataclass

from django.db import connection, models, transaction
from django.utils import timezone

from core import audit
from schools import published
from schools.groups.reading import CODES, GroupsFile
from schools.models import Group, GroupMembership, LoadedFile, RegisterCode
from schools.register.applying import hold_lock

TOO_FEW_TO_TELL = 20
STAGED = (
    ("uid", "text"),
    ("code", "text"),
    ("joined_on", "date"),
    ("name", "text"),
    ("left_on", "date"),
)
PUT_MEMBERS = """
    WITH put AS (
        INSERT INTO schools_groupmembership AS held
               (group_id, scheme, code, name, joined_on, left_on)
        SELECT g.id, 'URN', s.code, coalesce(s.name, ''), s.joined_on, s.left_on
        FROM member_stage s JOIN schools_group g ON g.uid = s.uid ORDER BY g.id, s.code
        ON CONFLICT (group_id, scheme, code, joined_on) DO UPDATE
        SET name = excluded.name, left_on = excluded.left_on
        WHERE (held.name, held.left_on) IS DISTINCT FROM (excluded.name, excluded.left_on)
        RETURNING xmax = 0 AS is_new
    )
    SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM put
"""
END_GONE = """
    UPDATE schools_groupmembership m SET left_on = greatest(%s, m.joined_on)
    FROM schools_group g
    WHERE g.id = m.group_id AND m.left_on IS NULL
    AND g.type_id IN (SELECT g.type_id FROM member_stage s JOIN schools_group g ON g.uid = s.uid)
    AND (m.group_id, m.code, coalesce(m.joined_on, '-infinity')) NOT IN (
        SELECT g.id, s.code, coalesce(s.joined_on, '-infinity')
        FROM member_stage s JOIN schools_group g ON g.uid = s.uid
    )
"""
BLANK = [
    found.column
    for found in Group._meta.local_concrete_fields
    if isinstance(found, models.CharField) and found.name not in ("uid", "name")
]
FOLLOW_REGISTER = f"""
    INSERT INTO schools_group AS held (uid, name, {", ".join(BLANK)})
    SELECT code, coalesce(nullif(name, ''), 'Group ' || code), {", ".join(["''"] * len(BLANK))}
    FROM schools_registercode WHERE list = 'trust' AND code ~ '^[0-9]{{1,16}}$' ORDER BY id
    ON CONFLICT (uid) DO UPDATE SET name = excluded.name
    WHERE held.name <> excluded.name AND excluded.name <> 'Group ' || excluded.uid
"""


@dataclass
class GroupsResult(published.Loaded):
    """What came of a file of groups; the rows `kept` and those left out make all its rows."""

    kept: int = 0
    groups: int = 0

    def size(self):
        return f"{self.file.rows:,} rows, {self.kept:,} kept, {self.groups:,} groups"

    def more(self):
        return self.file.left_out


def import_groups(source, *, by=None, force_reason=""):
    """Bring groups and who is in them into line with a file (a path or a stream).

    The file may be that of groups, of group links, or of academies in trusts: each row is a group,
    and where it has a URN, a school in it. Groups are never deleted; a school that the file has no
    longer has left. The names of heads of groups are not read.
    Raises `Refused`, with a sentence for the reader, and leaves everything as it was.
    """
    file = GroupsFile(source)
    last = LoadedFile.objects.last(LoadedFile.Kind.GROUPS)
    if last and last.file_hash == file.hash:
        return GroupsResult(last, same_file=True)
    with transaction.atomic():
        hold_lock()
        held = GroupMembership.objects.filter(left_on=None).count()
        if file.has_members and held > TOO_FEW_TO_TELL:
            published.check_size(file.name, len(file.members), held, force_reason)
        loaded = _write(file, by)
    return GroupsResult(loaded, file.kept, len(file.groups), notices=file.notices)


def follow_register():
    """Let each trust that the register names be a Group; returns how many are new or renamed."""
    with connection.cursor() as cursor:
        cursor.execute(FOLLOW_REGISTER)
        return cursor.rowcount


def _write(file, by):
    new, changed = _put_groups(file, _put_codes(file.codes))
    more, others, gone = _put_members(file) if file.has_members else (0, 0, 0)
    loaded = LoadedFile.objects.create(
        kind=LoadedFile.Kind.GROUPS,
        file_name=file.name[:255],
        file_hash=file.hash,
        loaded_at=timezone.now(),
        extracted_on=file.extracted_on,
        by=by,
        rows=file.rows,
        new=new + more,
        changed=changed + others,
        gone=gone,
        left_out=file.left_out,
    )
    counts = {name: getattr(loaded, name) for name in ("rows", "new", "changed", "gone")}
    audit.record("groups.imported", loaded, by=by, changes=counts)
    return loaded


def _put_codes(codes):
    """Keep the code tables of groups; returns the ids by (list, code)."""
    RegisterCode.objects.bulk_create(
        [RegisterCode(list=key[0], code=key[1], name=name) for key, name in sorted(codes.items())],
        update_conflicts=True,
        unique_fields=["list", "code"],
        update_fields=["name"],
    )
    rows = RegisterCode.objects.filter(list__in=CODES.values())
    return {(code_list, code): pk for code_list, code, pk in rows.values_list("list", "code", "pk")}


def _put_groups(file, ids):
    """Write the groups that are new or differ; returns how many of each."""
    held = {group.uid: group for group in Group.objects.filter(uid__in=file.groups)}
    new, changed = [], []
    for uid, facts in file.groups.items():
        for name in CODES:
            if name in facts:
                facts[f"{name}_id"] = ids.get(facts.pop(name))
        if uid not in held:
            new.append(Group(uid=uid, **facts))
        elif any(getattr(held[uid], name) != value for name, value in facts.items()):
            changed.append(Group(uid=uid, **facts))
    if new or changed:
        Group.objects.bulk_create(
            new + changed,
            update_conflicts=True,
            unique_fields=["uid"],
            update_fields=file.facts,
        )
    return len(new), len(changed)


def _put_members(file):
    """Write who is in which group, and end what the file has no longer; returns the counts."""
    day = file.extracted_on or timezone.localdate()
    published.stage("member_stage", STAGED, file.members.values())
    with connection.cursor() as cursor:
        cursor.execute(PUT_MEMBERS)
        new, changed = cursor.fetchone()
        cursor.execute(END_GONE, [day])
        return new, changed, cursor.rowcount
