"""What is around the sheets of a workbook: their names, the texts they share, the formats."""

import posixpath
from array import array

from core.uploads.archive import DAMAGED, Archive
from core.uploads.table import NotReadable
from core.uploads.values import PLAIN, kind_of_format
from core.uploads.xml_events import local, read_whole

MANY_SHEETS = "The workbook has more than {:,} sheets. Copy the one to send into a new workbook."
TOO_MUCH_TEXT = (
    "The workbook holds more text than we can read at once. Split it into several files, or save "
    "it as CSV and send that."
)
TOO_MANY_FORMATS = "The workbook has more formats than Excel allows. Save it as CSV and send that."
LONG_CELL = (
    "A cell of the workbook holds more than {:,} characters, which Excel does not allow. Shorten "
    "it, and send the file again."
)


class Book:
    """A workbook whose parts have been found; sheets are read from it one at a time."""

    def __init__(self, file, size, limits):
        self.limits = limits
        self.archive = Archive(file, size, limits)
        home = self._find_workbook()
        relations = self._relations(home)
        workbook = _Workbook(limits)
        self._read(home, workbook)
        self.is_1904 = workbook.is_1904
        self.sheets = [
            (name, relations[key][1], hidden)
            for name, key, hidden in workbook.sheets
            if key in relations and relations[key][0] == "worksheet"
        ]
        parts = dict(relations.values())
        self.kinds = self._formats(parts.get("styles"))
        self.strings = Strings(limits)
        if parts.get("sharedStrings") in self.archive.names:
            self._read(parts["sharedStrings"], self.strings)

    def _find_workbook(self):
        names = self.archive.names
        if "mimetype" in names and "content.xml" in names:
            raise NotReadable(
                "This is an OpenDocument file (.ods). Save it as an Excel workbook (.xlsx) or as "
                "CSV, and send it again."
            )
        if "[Content_Types].xml" not in names:
            raise NotReadable(
                "This is a packed file (.zip), not a workbook. Unpack it, and send what is inside."
            )
        found = dict(self._relations("").values())
        home = found.get("officeDocument", "")
        if home.endswith(".bin"):
            raise NotReadable(
                "This is a binary workbook (.xlsb). Save it as an Excel workbook (.xlsx) or as "
                "CSV, and send it again."
            )
        if not home.startswith("xl/"):
            raise NotReadable(
                "This is an Office document, but no workbook. Send an Excel workbook (.xlsx) or a "
                "CSV file."
            )
        return home

    def _relations(self, part):
        folder, name = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{name}.rels")
        handler = _Relations(folder, self.limits)
        if path in self.archive.names:
            self._read(path, handler)
        return handler.found

    def _formats(self, part):
        handler = _Formats(self.limits)
        if part in self.archive.names:
            self._read(part, handler)
        return handler.kinds()

    def _read(self, part, handler):
        read_whole(self.archive.pieces(part), handler, self.limits)


class _Handler:
    """A handler of XML events that hears nothing, until a part says otherwise."""

    is_flat = False

    def __init__(self, limits):
        self.limits = limits

    def start(self, name, attributes):
        pass

    def end(self, name):
        pass

    def text(self, text):
        pass


class _Relations(_Handler):
    """Which part each id stands for, as {id: (kind, path)}."""

    def __init__(self, folder, limits):
        super().__init__(limits)
        self.folder = folder
        self.found = {}

    def start(self, name, attributes):
        if name != "Relationship" or attributes.get("TargetMode") == "External":
            return
        target = attributes.get("Target", "")
        path = posixpath.normpath(posixpath.join("/", self.folder, target)).lstrip("/")
        kind = attributes.get("Type", "").rpartition("/")[2]
        self.found[attributes.get("Id", "")] = (kind, path)
        if len(self.found) > self.limits.relations:
            raise NotReadable(DAMAGED)


class _Workbook(_Handler):
    """The sheets in their order, and from which day dates count."""

    def __init__(self, limits):
        super().__init__(limits)
        self.sheets = []
        self.is_1904 = False

    def start(self, name, attributes):
        if name == "workbookPr":
            self.is_1904 = attributes.get("date1904") in ("1", "true")
        elif name == "sheet":
            key = next((v for k, v in attributes.items() if ":" in k and local(k) == "id"), "")
            hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append((attributes.get("name", "")[:100], key, hidden))
            if len(self.sheets) > self.limits.sheets:
                raise NotReadable(MANY_SHEETS.format(self.limits.sheets))


class _Formats(_Handler):
    """For each style of a cell, what its number format makes of a number."""

    def __init__(self, limits):
        super().__init__(limits)
        self._codes = {}
        self._used = array("L")
        self._is_inside = False

    def start(self, name, attributes):
        if name == "numFmt":
            self._codes[attributes.get("numFmtId")] = attributes.get("formatCode", "")[:400]
        elif name == "cellXfs":
            self._is_inside = True
        elif name == "xf" and self._is_inside:
            number = attributes.get("numFmtId", "0")
            self._used.append(int(number) if number.isdecimal() and len(number) < 10 else 0)
        if max(len(self._codes), len(self._used)) > self.limits.formats:
            raise NotReadable(TOO_MANY_FORMATS)

    def end(self, name):
        if name == "cellXfs":
            self._is_inside = False

    def kinds(self):
        kinds = {
            number: kind_of_format(number, self._codes.get(str(number)))
            for number in set(self._used)
        }
        return [kinds[number] for number in self._used] or [PLAIN]


class Strings(_Handler):
    """The texts that cells share, kept as one run of bytes."""

    def __init__(self, limits):
        super().__init__(limits)
        self._bytes = bytearray()
        self._ends = array("L", [0])
        self._parts, self._length = [], 0
        self._is_text, self._phonetic = False, 0

    def __getitem__(self, number):
        ends = self._ends
        return self._bytes[ends[number] : ends[number + 1]].decode("utf-8")

    def __len__(self):
        return len(self._ends) - 1

    def start(self, name, attributes):
        if name == "t":
            self._is_text = not self._phonetic
        elif name == "rPh":
            self._phonetic += 1

    def end(self, name):
        if name == "t":
            self._is_text = False
        elif name == "rPh":
            self._phonetic -= 1
        elif name == "si":
            self._bytes += "".join(self._parts).encode("utf-8", "surrogatepass")
            self._ends.append(len(self._bytes))
            self._parts, self._length = [], 0
            limits = self.limits
            if len(self._bytes) > limits.string_bytes or len(self) > limits.strings:
                raise NotReadable(TOO_MUCH_TEXT)

    def text(self, text):
        if self._is_text:
            self._parts.append(text)
            self._length += len(text)
            if self._length > self.limits.cell_characters:
                raise NotReadable(LONG_CELL.format(self.limits.cell_characters))
