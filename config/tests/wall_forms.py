"""The forms that a page holds, filled as a person would, and then each part once as a stranger."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from config.tests.wall_worlds import EMAIL, OTHER, UUID_OF_OTHER, WORD

IS_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NOT_FILLED = ("csrfmiddlewaretoken",)
BOXES = ("checkbox", "radio")
PLAIN = ("text", "search", "textarea")
BUTTONS = ("submit", "button", "image", "reset")


@dataclass
class Field:
    """One named control with what it offers and what it holds."""

    name: str
    kind: str
    attrs: dict
    held: list = field(default_factory=list)
    offered: list = field(default_factory=list)

    def filled(self):
        """What a person who fills in what they must would send."""
        if self.kind == "file":
            return [SimpleUploadedFile("words.csv", b"name\nWords\n")]
        if self.held or self.kind == "checkbox":
            return self.held
        if self.kind in ("radio", "select"):
            return [value for value in self.offered if value][:1]
        return [self._sample()] if "required" in self.attrs else [""]

    def _sample(self):
        kind = "number" if self.attrs.get("inputmode") == "numeric" else self.kind
        samples = {
            "email": "new.person@example.org",
            "date": timezone.localdate().isoformat(),
            "time": "10:00",
            "number": self.attrs.get("min") or "1",
        }
        return samples.get(kind, "Words")

    @property
    def is_written(self):
        """Whether a person writes in it, rather than choosing."""
        return self.kind not in ("select", "hidden", "file", *BOXES)

    def strange(self):
        """What belongs to the other partnership, as far as this control could take it."""
        if any(IS_UUID.fullmatch(value) for value in self.held):
            return UUID_OF_OTHER
        return EMAIL if self.kind == "email" else str(OTHER)


@dataclass
class Form:
    """A form of a page: where it goes, how, and its controls."""

    action: str
    method: str
    fields: dict = field(default_factory=dict)
    buttons: list = field(default_factory=list)

    def __contains__(self, name):
        return name in self.fields

    def body(self, **instead):
        """What is sent; `instead` takes the place of single controls."""
        sent = {name: control.filled() for name, control in self.fields.items()}
        return tuple(
            (name, value)
            for name, values in (sent | instead).items()
            if name not in NOT_FILLED
            for value in values
        )

    def bodies_filled(self):
        """Filled in, and sent by each of its buttons."""
        yield self.body()
        for button in self.buttons:
            yield (*self.body(), button)

    def bodies(self):
        """Filled in; with the other's words; and each choice once with what is the other's."""
        yield from self.bodies_filled()
        written = [control for control in self.fields.values() if control.is_written]
        plain = [control.name for control in written if control.kind in PLAIN]
        if plain:
            yield self.body(**{name: [WORD] for name in plain})
        for control in self._kinds_of_controls():
            if not control.is_written or control.kind == "email":
                yield self.body(**{control.name: [control.strange()]})

    def _kinds_of_controls(self):
        """One of those whose names differ in a number alone."""
        kinds = {re.sub(r"\d+", "#", name): control for name, control in self.fields.items()}
        return [kinds[kind] for kind in kinds if kind not in NOT_FILLED]


class Reader(HTMLParser):
    """Reads the forms out of a page."""

    def __init__(self):
        super().__init__()
        self.forms, self._form, self._control = [], None, None

    def handle_starttag(self, tag, attrs):
        attrs = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(attrs.get("action", ""), attrs.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None and attrs.get("name") and tag != "meta":
            getattr(self, f"_read_{tag}", self._ignore)(attrs)
        elif tag == "option" and self._control is not None:
            self._read_option(attrs)

    def handle_data(self, data):
        if self._control is not None and self._control.kind == "textarea":
            self._control.held = ["".join([*self._control.held, data])]

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        if tag in ("select", "textarea"):
            self._control = None

    def _ignore(self, attrs):
        pass

    def _add(self, kind, attrs):
        return self._form.fields.setdefault(attrs["name"], Field(attrs["name"], kind, attrs))

    def _read_input(self, attrs):
        kind = attrs.get("type", "text")
        if kind in BUTTONS:
            self._read_button(attrs)
            return
        control, value = self._add(kind, attrs), attrs.get("value", "")
        control.offered.append(value)
        if (kind not in BOXES and value) or "checked" in attrs:
            control.held.append(value or "on")

    def _read_button(self, attrs):
        self._form.buttons.append((attrs["name"], attrs.get("value", "")))

    def _read_select(self, attrs):
        self._control = self._add("select", attrs)

    def _read_textarea(self, attrs):
        self._control = self._add("textarea", attrs)

    def _read_option(self, attrs):
        self._control.offered.append(attrs.get("value", ""))
        if "selected" in attrs:
            self._control.held.append(attrs.get("value", ""))


def forms_of(page):
    """The forms of a page in HTML."""
    reader = Reader()
    reader.feed(page.decode())
    return reader.forms
