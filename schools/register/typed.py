"""From the records of a file to typed rows, a column at a time: each distinct cell is read once."""

import csv
import json
from functools import partial

from schools.register import cells
from schools.register import conversions as to
from schools.register.cells import Memo
from schools.register.columns import BY_NAME, DERIVED, key_of
from schools.register.unpacking import Refused


class Typist:
    """Turns records of one file into lines for a COPY of a key and `layout.columns`."""

    def __init__(self, file, layout, codes):
        self.file = file
        self.layout = layout
        self.codes = codes
        self.makers = [self._maker(field) for field in layout.fields]
        self.makers += [self._derived(name) for name in layout.derived]

    def lines(self, batch):
        """A line for each (key, line number, record, hash)."""
        batch, rows = self._rows(batch)
        if not rows:
            return []
        found = list(zip(*rows, strict=True))
        made = [memo.column([found[place] for place in places]) for places, memo in self.makers]
        keys, _, _, hashes = zip(*batch, strict=True)
        return list(map("\t".join, zip(keys, *made, self._extra(found), hashes, strict=True)))

    def _rows(self, batch):
        """The batch and its rows, all as wide as the header, without those that are shifted."""
        width = len(self.layout.header)
        texts = self.file.texts([record for _, _, record, _ in batch])
        try:
            rows = list(csv.reader(texts, strict=False))
        except csv.Error:
            rows = []
        if len(rows) != len(batch):
            raise Refused(self._bad(batch, texts))
        if set(map(len, rows)) != {width}:
            fitting = [one for one in zip(batch, rows, strict=True) if self._is_fit(*one)]
            batch, rows = zip(*fitting, strict=True) if fitting else ((), ())
        return batch, rows

    def _is_fit(self, one, row):
        """Whether a row can be read, which is made as wide as the header for it."""
        lacking = len(self.layout.header) - len(row)
        if lacking < 0:
            if any(map(str.strip, row[lacking:])):
                self.file.shifted.append((one[1], row[self.layout.urn].strip(), len(row)))
                return False
            del row[lacking:]
        self.file.short += lacking > 0
        row += [""] * lacking
        return True

    def _bad(self, batch, texts):
        name = self.file.name
        for (_, line, _, _), text in zip(batch, texts, strict=True):
            try:
                found = list(csv.reader([text]))
            except csv.Error as error:
                return f"Line {line:,} of {name} cannot be read as CSV: {error}. Correct the line."
            if len(found) != 1:
                return f"Line {line:,} of {name} is not one row. Correct the line."
        return f"{name} cannot be read as CSV. Download it again."

    def _maker(self, field):
        """The columns that a field is read from, and the Memo that reads them."""
        places = self.layout.places_of(field)
        if field.kind == "code":
            only_name = self._place(field.headers[0]) is None
            return places, Memo(partial(self._code_id, field.name, only_name))
        if field.kind == "name":
            return [*places, self.layout.urn], cells.name(field.size)
        if field.kind == "meals":
            convert = self._watched(
                field, to.decimal if field.name == "fsm_percent" else to.integer
            )
            group = self.layout.places_of(BY_NAME["type_group"])
            if not group:
                return places, Memo(convert)
            return [*places, *group], Memo(lambda row: to.meals(row[0], code_of(row[1:]), convert))
        memo = MEMOS[field.kind](field)
        if field.kind in FIGURES:
            memo.convert = self._watched(field, memo.convert)
        return places, memo

    def _watched(self, field, convert):
        """The same, which notes each cell that says something and becomes nothing."""

        def read(cell):
            found = convert(cell)
            if found is None and to.is_lost(cell, field.kind):
                self.file.note_lost(field.header, cell)
            return found

        return read

    def _place(self, header):
        return self.layout.places.get(key_of(header))

    def _code_id(self, list_, only_name, row):
        if isinstance(row, str):
            code, name = ("", row) if only_name else (row, "")
        else:
            code, name = row
        if code.strip():
            return self.codes.id_of(list_, to.code(code), name)
        return self.codes.id_named(list_, name) if name.strip() else None

    def _derived(self, name):
        places = [self.layout.places_of(BY_NAME[source]) for source in DERIVED[name]]
        columns = [place for found in places for place in found]
        if name == "standing":
            return columns, Memo(lambda row: to.standing(code_of(row)))
        if name == "laestab":
            three = Memo(lambda row: to.three_figures(code_of(row)))
            return columns, cells.Both(three, Memo(to.four_figures))
        return columns, Memo(
            lambda row: to.has_sixth_form(
                code_of(row[:-2]), *(to.integer(cell, 2) for cell in row[-2:])
            )
        )

    def _extra(self, found):
        names = self.layout.unknown
        if not names:
            return ["{}"] * len(found[0])
        columns = zip(*(found[place] for place in self.layout.unknown_places), strict=True)
        return [_json(names, values) for values in columns]


def _json(names, values):
    kept = {name: value.strip() for name, value in zip(names, values, strict=True) if value.strip()}
    return json.dumps(kept).replace("\\", "\\\\")


def code_of(row):
    """The code of a list from its cells: the code, or where that is blank or missing the name."""
    row = [row] if isinstance(row, str) else row
    return next((found for found in map(to.code, row) if found is not None), None)


def _types(row):
    found = (to.text(cell, 120) for cell in ([row] if isinstance(row, str) else row))
    return list(dict.fromkeys(name for name in found if name))


FIGURES = {"integer", "small", "place", "date"}
MEMOS = {
    "text": lambda field: cells.text(field.size),
    "postcode": lambda field: cells.postcode(field.size),
    "area": lambda field: Memo(partial(to.area, size=field.size)),
    "integer": lambda field: cells.integer(),
    "small": lambda field: cells.integer(2),
    "place": lambda field: cells.integer(7, zero_is_none=True),
    "date": lambda field: Memo(to.date),
    "list": lambda field: Memo(_types),
}
