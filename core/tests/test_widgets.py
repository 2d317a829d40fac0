"""The plain controls are drawn as Django's own templates draw them, mark for mark."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe

from core.widgets import DRAWN, Renderer

NASTY = """<b>"it's" & more"""
GROUPS = [("", "Any"), (1, NASTY), (NASTY, [("a", "A"), (NASTY, NASTY)]), (None, mark_safe("<i>"))]
ATTRIBUTES = {"id": "id_x", "required": True, "disabled": False, "data-x": NASTY, "maxlength": 5}
WIDGETS = [
    forms.TextInput,
    forms.NumberInput,
    forms.EmailInput,
    forms.URLInput,
    forms.TelInput,
    forms.SearchInput,
    forms.ColorInput,
    forms.PasswordInput,
    forms.HiddenInput,
    forms.DateInput,
    forms.DateTimeInput,
    forms.TimeInput,
    forms.CheckboxInput,
    forms.Textarea,
    forms.Select,
]


def test_every_control_drawn_is_tried_here():
    assert {widget.template_name for widget in WIDGETS} == set(DRAWN)


@pytest.mark.parametrize("value", [None, "", "a", 1, NASTY, True])
@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: widget.__name__)
def test_drawn_as_by_the_templates(widget, value):
    control = widget(choices=GROUPS) if widget is forms.Select else widget()

    ours = control.render("x", value, ATTRIBUTES, Renderer())
    theirs = control.render("x", value, ATTRIBUTES, DjangoTemplates())

    assert ours == theirs.replace("\n\n", "\n")  # an empty line follows each option there
