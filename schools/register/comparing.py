"""Which records of a file the register does not have just so, by their hashes."""

from dataclasses import dataclass, field

from django.db import connection

from schools.register.unpacking import Refused

LEAST_SHARE = 0.9


@dataclass
class Difference:
    """What of a file is to be read: records as (key, line number, record, hash) by URN.

    `missing` holds the ids of the register's rows that the file does not have.
    """

    new: dict = field(default_factory=dict)
    changed: dict = field(default_factory=dict)
    kept: int = 0
    missing: list = field(default_factory=list)

    @property
    def is_any(self):
        return bool(self.new or self.changed)

    @property
    def rows(self):
        return self.kept + len(self.new) + len(self.changed)


def compare(file, layout):
    """Return the Difference between a file and the register."""
    ids, known = _register()
    hashed = set(known.values())
    found = Difference()
    for line, record, digest in file.records(known):
        code = _urn(file, layout, line, record)
        earlier = found.new.get(code) or found.changed.get(code)
        if earlier:
            raise Refused(_twice(file, code, earlier[1], line))
        if code in ids:
            found.changed[code] = (ids[code], line, record, digest)
        else:
            found.new[code] = (code, line, record, digest)
    same = hashed.difference(known.values())
    found.kept = len(same)
    if len(ids) > len(same | found.changed.keys()):
        found.missing = [ids[code] for code in ids.keys() - same - found.changed.keys()]
    _check_ends(file, found, same)
    return found


def _register():
    """The id of each URN, and the URN of each hash; three long words are quicker than many rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(code, ','), string_agg(id::text, ','), string_agg(line_hash, ',') "
            "FROM schools_establishment WHERE scheme = 'URN'"
        )
        codes, ids, hashes = ((told or "").split(",") for told in cursor.fetchone())
    known = dict(zip(hashes, codes, strict=True))
    known.pop("", None)
    return {code: pk for code, pk in zip(codes, ids, strict=True) if code}, known


def _urn(file, layout, line, record):
    if layout.urn == 0:
        code = record.split(b",", 1)[0].strip(b' "').decode("latin-1")
    else:
        values = file.values(record)
        code = values[layout.urn].strip() if layout.urn < len(values) else ""
    if not (code.isascii() and code.isdigit() and len(code) <= 16):
        raise Refused(
            f"Line {line:,} of {file.name} has no URN but “{code[:40]}”. "
            "Correct or delete the line, or download the file again."
        )
    return code.lstrip("0") or "0"


def _twice(file, code, first, second):
    return (
        f"{file.name} has URN {code} on two lines, {first:,} and {second:,}. "
        "Download it again, or delete one of them."
    )


def _check_ends(file, found, same):
    if not found.rows:
        raise Refused(f"{file.name} has a header and no rows. Download it again.")
    for code in found.changed.keys() & same:
        raise Refused(f"{file.name} has URN {code} on two lines. Delete one of them.")
    staged = [*list(found.new.values())[-1:], *list(found.changed.values())[-1:]]
    end = len(file.lines) - (not file.lines[-1].strip())
    for _, line, record, _ in staged:
        last = line + record.count(b"\n") == end
        if last and len(file.values(record)) < len(file.header):
            raise Refused(file.cut_short(end))


def check_size(run, last):
    """Refuse a file that is much smaller than the last, unless there is a reason."""
    if last and run.rows < last.rows * LEAST_SHARE and not run.forced_reason:
        raise Refused(
            f"{run.file_name} has {run.rows:,} rows; the last file had {last.rows:,}. "
            "It looks incomplete. Download it again; if it is meant to be so small, import it "
            "with --force and --reason."
        )
