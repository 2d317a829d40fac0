"""A table built beside the one in use, which then changes places with it: nobody waits for more.

All of it is one transaction, so a load that is killed half-way leaves the old table in use.
"""

# ruff: noqa: S608  the statements are put together from names of tables and columns alone

import re
import time

from django.db import OperationalError, transaction

from schools.areas.opening import Refused
from schools.models import Postcode

TABLE = Postcode._meta.db_table
NEW = f"{TABLE}_new"
PATIENCE, PAUSE, TIMES = "100ms", 0.3, 200
BUSY = (
    "The table of postcodes is in use by something that does not end, such as a long export or a "
    "backup. The old table stays. Load the file again later."
)
MAY_SWAP = """
    SELECT pg_has_role(relowner, 'MEMBER') AND has_schema_privilege(relnamespace, 'CREATE'),
           relowner::regrole::text, relowner <> current_user::regrole
    FROM pg_class WHERE oid = %s::regclass
"""
INDEXES = """
    SELECT c.relname, pg_get_indexdef(i.indexrelid), pg_get_constraintdef(k.oid), k.conname
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.conrelid = i.indrelid
    WHERE i.indrelid = %s::regclass ORDER BY k.oid NULLS LAST, c.relname
"""
GRANTS = """
    SELECT privilege_type, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END,
           is_grantable
    FROM pg_class, aclexplode(relacl) WHERE pg_class.oid = %s::regclass AND grantee <> relowner
"""


class Table:
    """Where the rows of a load go: a new table, or the one in use where it cannot be replaced."""

    def __init__(self, cursor):
        self.cursor = cursor
        cursor.execute(MAY_SWAP, [TABLE])
        self.may_swap, self.owner, self.is_anothers = cursor.fetchone()
        self.name = NEW if self.may_swap else "postcode_new"
        kept = "INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE INCLUDING COMMENTS"
        if self.may_swap:
            cursor.execute(f"CREATE TABLE {self.name} (LIKE {TABLE} {kept})")
        else:
            cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{self.name}")
            cursor.execute(f"CREATE TEMP TABLE {self.name} (LIKE {TABLE}) ON COMMIT DROP")

    def index(self):
        """Build the indexes, and let the planner know what there is."""
        self.cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        self.renames = []
        if not self.may_swap:
            self.cursor.execute(f"ALTER TABLE {self.name} ADD PRIMARY KEY (code)")
        else:
            self.cursor.execute(INDEXES, [TABLE])
            for name, definition, constraint, held_by in self.cursor.fetchall():
                self._build(name, definition, constraint, held_by)
        self.cursor.execute(f"ANALYZE {self.name}")

    def _build(self, name, definition, constraint, held_by):
        built = f"{name[:58]}_new"
        self.renames.append((built, name))
        if held_by:
            sql = f'ALTER TABLE {self.name} ADD CONSTRAINT "{built}" {constraint}'
        else:
            sql = re.sub(
                r"^(CREATE (?:UNIQUE )?INDEX) .+? ON (ONLY )?\S+ ",
                rf'\1 "{built}" ON {self.name} ',
                definition,
            )
        self.cursor.execute(sql)

    def take_place(self):
        """Become the table in use; whoever reads the old one is waited for, and no one else."""
        if not self.may_swap:
            self.cursor.execute(f"DELETE FROM {TABLE}")
            self.cursor.execute(f"INSERT INTO {TABLE} SELECT * FROM {self.name} ORDER BY code")
            return
        self._grant()
        for turn in range(TIMES):
            try:
                with transaction.atomic():
                    self._rename()
            except OperationalError as error:
                if getattr(error.__cause__, "pgcode", "") != "55P03":
                    raise
                if turn == TIMES - 1:
                    raise Refused(BUSY) from error
                time.sleep(PAUSE)
            else:
                return

    def _grant(self):
        self.cursor.execute(GRANTS, [TABLE])
        for right, whom, may_pass_on in self.cursor.fetchall():
            pass_on = " WITH GRANT OPTION" if may_pass_on else ""
            self.cursor.execute(f"GRANT {right} ON {self.name} TO {whom}{pass_on}")
        if self.is_anothers:
            self.cursor.execute(f"ALTER TABLE {self.name} OWNER TO {self.owner}")

    def _rename(self):
        run = self.cursor.execute
        run(f"SET LOCAL lock_timeout = '{PATIENCE}'")
        run(f"LOCK TABLE {TABLE} IN ACCESS EXCLUSIVE MODE")
        run(f"DROP TABLE {TABLE}")
        run(f"ALTER TABLE {self.name} RENAME TO {TABLE}")
        for built, name in self.renames:
            run(f'ALTER INDEX "{built}" RENAME TO "{name}"')
