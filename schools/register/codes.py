"""The code tables of the register: which code means what, and which a file brings or renames."""

from collections import defaultdict

from django.db import connection

from schools.register import conversions as to
from schools.register.loading import copy_text, number, run

NOT_SAVED = """
    CREATE TEMP TABLE register_new_code ON COMMIT DROP AS
    SELECT id, list, code, name FROM schools_registercode WITH NO DATA
"""


class Codes:
    """The codes that are there, and those that a file adds, each with the number it will have.

    The import alone writes codes, one import at a time, so that it may number them itself.
    """

    def __init__(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT list, code, id, name FROM schools_registercode")
            rows = cursor.fetchall()
        self.ids, self.names, self.named = defaultdict(dict), {}, {}
        for list_, code, pk, name in rows:
            self.ids[list_][code] = pk
            self.names[pk] = name
            # Two wards may have one name: that name alone tells nothing.
            self.named[list_, name] = None if (list_, name) in self.named else pk
        self.first = self.next = number("SELECT nextval('schools_registercode_id_seq')")
        self.new_names = {}

    def id_of(self, list_, code, name):
        """The number of a code, a new one where it is not there; its last name counts."""
        ids = self.ids[list_]
        if code not in ids:
            ids[code] = self.next
            self.next += 1
        if name := to.words(name, 255):
            self.new_names[ids[code]] = name
        return ids[code]

    def id_named(self, list_, name):
        """The number of the one code of this name, where a file gives no more than the name."""
        name = to.words(name, 255)
        return self.named.get((list_, name)) or self.id_of(list_, to.code(name), name)

    def prepare(self):
        """Put the new codes where the changes can be told in words."""
        self.renamed = {
            pk: self.names[pk]
            for pk, name in self.new_names.items()
            if pk in self.names and name != self.names[pk]
        }
        run("DROP TABLE IF EXISTS pg_temp.register_new_code")
        run(NOT_SAVED)
        lines = [
            f"{pk}\t{list_}\t{_escaped(code)}\t{_escaped(self.new_names.get(pk, ''))}"
            for list_, ids in self.ids.items()
            for code, pk in ids.items()
            if pk >= self.first
        ]
        copy_text("register_new_code", ["id", "list", "code", "name"], lines)

    def save(self, run_id):
        """Add the new codes, and let those be renamed that are; `prepare` comes before."""
        run(
            "INSERT INTO schools_registercode (id, list, code, name, added_by_id) "
            "SELECT id, list, code, name, %s FROM register_new_code ORDER BY id",
            [run_id],
        )
        rename({pk: self.new_names[pk] for pk in self.renamed})
        run("SELECT setval('schools_registercode_id_seq', %s)", [self.next])


def rename(names):
    """Give codes the names in `names`, by their ids."""
    with connection.cursor() as cursor:
        for pk, name in names.items():
            cursor.execute("UPDATE schools_registercode SET name = %s WHERE id = %s", [name, pk])


def _escaped(text):
    return text.replace("\\", "\\\\")
