"""XML read piece by piece with expat, refusing what a workbook never needs."""

from xml.parsers import expat

from core.uploads.archive import DAMAGED
from core.uploads.table import NotReadable

NO_ENTITIES = (
    "The workbook declares entities, which Excel never writes. Open it in Excel, save it as a new "
    "workbook, and send that."
)
HUGE = (
    "The workbook has pieces that are far larger than Excel writes. Copy the rows you need into a "
    "new workbook, and send that."
)


def local(name):
    """The name of an element or attribute without its prefix."""
    return name.rpartition(":")[2] if ":" in name else name


def feed(pieces, handler, limits):
    """Feed the pieces of one part to a handler with `start`, `end` and `text`; yield after each.

    A handler that `is_flat` refuses deep nesting by itself, which is quicker.
    """
    parser = expat.ParserCreate(intern={})
    parser.buffer_text = True
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse_entities

    def start_root(name, attributes):
        heard = handler if handler.is_flat else _Depth(handler, limits.depth)
        heard = _Bare(heard) if ":" in name else heard
        parser.StartElementHandler, parser.EndElementHandler = heard.start, heard.end
        heard.start(name, attributes)

    parser.StartElementHandler = start_root
    fed = 0
    try:
        for piece in pieces:
            parser.Parse(piece, False)
            fed += len(piece)
            is_stuck = fed - max(parser.CurrentByteIndex, 0) > limits.token_bytes
            if is_stuck or len(parser.intern) > limits.names:
                raise NotReadable(HUGE)
            yield
        parser.Parse(b"", True)
        yield
    except expat.ExpatError as error:
        raise NotReadable(DAMAGED) from error


def read_whole(pieces, handler, limits):
    """Feed a small part to its end."""
    for _ in feed(pieces, handler, limits):
        pass


def _refuse_entities(*_):
    raise NotReadable(NO_ENTITIES)


class _Depth:
    """Passes events on and counts how deep they are nested."""

    def __init__(self, handler, most):
        self._start, self._end = handler.start, handler.end
        self._most = most
        self._depth = 0

    def start(self, name, attributes):
        self._depth += 1
        if self._depth > self._most:
            raise NotReadable(HUGE)
        self._start(name, attributes)

    def end(self, name):
        self._depth -= 1
        self._end(name)


class _Bare:
    """Passes events on with names that have lost their prefix."""

    def __init__(self, handler):
        self._start, self._end = handler.start, handler.end

    def start(self, name, attributes):
        self._start(local(name), attributes)

    def end(self, name):
        self._end(local(name))
