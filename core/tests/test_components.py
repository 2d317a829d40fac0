"""The marks of our pages: words, shapes, fields and what is said when something is wrong."""

import datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
import time_machine
from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.template import Context, Template

from core.templatetags import components


class VisitForm(forms.Form):
    school = forms.CharField(help_text="Start to type a name.")
    kind = forms.ChoiceField(
        label="What was it?", choices=[("a", "Talk"), ("b", "Visit")], widget=forms.RadioSelect
    )
    rating = forms.ChoiceField(
        choices=[("red", "Red"), ("green", "Green"), ("unknown", "Not sure")],
        widget=forms.RadioSelect,
    )
    years = forms.MultipleChoiceField(
        label="Year groups", choices=[("9", "Year 9")], widget=forms.CheckboxSelectMultiple
    )
    date = forms.DateField(label="Date")
    told = forms.BooleanField(label="The school has been told")
    paper = forms.FileField(label="Paper")
    summary = forms.CharField(required=False)

    def clean_school(self):
        raise forms.ValidationError("Choose a school")


def drawn(source, **context):
    return " ".join(Template(source).render(Context(context)).split())


def near(text):
    return " ".join(str(text).split())


@pytest.mark.parametrize(
    ("on", "said"),
    [
        (datetime.date(2026, 11, 17), "Tue 17 Nov"),
        (datetime.date(2025, 11, 17), "Mon 17 Nov 2025"),
        (datetime.datetime(2026, 7, 1, 23, 30, tzinfo=datetime.UTC), "Thu 2 Jul"),
        (None, "Not known"),
    ],
)
@time_machine.travel("2026-11-21T12:00:00Z", tick=False)
def test_day_is_short_and_has_its_year_where_that_is_in_doubt(on, said):
    assert components.day(on) == said


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{{ on|longdate }}", "17 November 2026"),
        ("{{ none|longdate }}", "Not known"),
        ("{{ 2026|school_year }}", "2026 to 2027"),
        ("{{ 10|year_group }}", "Year 10"),
        ("{{ 0|year_group }}", "Reception"),
        ("{{ none|year_group }}", "Not known"),
    ],
)
def test_filters_write_words(source, said):
    assert drawn(source, on=datetime.date(2026, 11, 17), none=None) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Decimal("1.50"), "1.5"),
        (Decimal("2.00"), "2"),
        (100, "100"),
        (1234.25, "1,234.25"),
        (0, "0"),
        (None, "Not known"),
    ],
)
def test_hours_have_no_needless_decimals(value, said):
    assert components.hours(value) == said


@pytest.mark.parametrize(
    ("school", "partner", "said"),
    [
        ("red", "red", "Same"),
        ("red", "amber", "1 step apart"),
        ("green", "red", "2 steps apart"),
        (None, "red", "One side not known"),
        (None, "unknown", "Not known"),
    ],
)
def test_steps_apart_are_said_in_words(school, partner, said):
    assert components.steps_apart(school, partner) == said


def test_rag_is_a_word_with_its_colour():
    assert components.rag("amber") == '<span class="fb-rag fb-rag--amber">Amber</span>'
    assert components.rag(None) == '<span class="fb-rag fb-rag--grey">Not known</span>'


@pytest.mark.parametrize(
    ("school", "partner", "arches", "marks"),
    [("red", "green", 1, 2), ("red", "red", 0, 2), ("red", None, 0, 1)],
)
def test_span_draws_an_arch_only_between_two_different_ratings(school, partner, arches, marks):
    drawing = str(components.span(school, partner))

    assert drawing.count("arch") == arches
    assert drawing.count("<circle") + drawing.count("<rect") == marks


def test_span_of_nothing_known_is_nothing():
    assert components.span(None, None) == ""


def test_stack_names_each_part_and_shortens_the_narrow_ones():
    drawing = str(components.stack(1, 12, 3, 0))

    assert 'aria-label="1 red, 12 amber, 3 green"' in drawing
    assert ">1 R<" in drawing
    assert ">12 amber<" in drawing


def test_stack_of_nothing_says_so():
    assert components.stack(0, 0, 0, 0) == "Not rated"


def test_progress_says_its_share_and_never_passes_its_total():
    bar = str(components.progress(5000, 4000, "Export <all>", big=True))

    assert bar == (
        '<progress class="fb-bar fb-bar--big" aria-label="Export &lt;all&gt;"'
        ' value="4000" max="4000">100%</progress>'
    )


def test_progress_without_a_total_only_says_that_it_runs():
    assert " value=" not in str(components.progress(3, 0, "Export"))


def test_icon_and_stamp_are_hidden_from_screen_readers_but_for_their_words():
    stamp = str(components.stamp("GIAS, <18> Nov"))

    assert stamp.count('aria-hidden="true"') == 1
    assert stamp.endswith("GIAS, &lt;18&gt; Nov</span>")


def test_notice_that_something_is_done_is_announced():
    assert 'role="status"' in drawn('{% notice "green" %}Saved{% endnotice %}')
    assert 'role="status"' not in drawn('{% notice "amber" %}Clash{% endnotice %}')


def test_notices_are_one_of_each_kind_and_escape_what_they_say():
    said = [
        Message(constants.SUCCESS, "Saved <b>"),
        Message(constants.SUCCESS, "Sent"),
        Message(constants.ERROR, "Clash"),
    ]

    page = drawn("{% notices %}", messages=said)

    assert page.count("fb-notice--green") == 1
    assert page.count("fb-notice--amber") == 1
    assert "<p>Saved &lt;b&gt;</p><p>Sent</p>" in page


def test_error_summary_is_empty_for_a_form_that_was_not_sent():
    assert drawn("{% error_summary form %}", form=VisitForm()) == ""


def test_error_summary_leads_to_each_field_and_says_what_to_do():
    form = VisitForm({"school": "x", "date": "soon"})
    form.add_error(None, "Somebody else changed this")

    page = drawn("{% error_summary form %}", form=form)

    assert (
        '<div class="fb-errors" role="alert" aria-labelledby="error-summary" tabindex="-1">' in page
    )
    assert "<li> Somebody else changed this </li>" in page
    assert '<a href="#id_school">Choose a school</a>' in page
    assert '<a href="#id_kind_0">What was it? Choose one.</a>' in page
    assert '<a href="#id_years_0">Year groups: choose at least one.</a>' in page
    assert '<a href="#id_date">Date: enter a valid date.</a>' in page
    assert '<a href="#id_told">The school has been told: tick the box.</a>' in page
    assert '<a href="#id_paper">Paper: choose a file.</a>' in page


def test_error_summary_covers_formsets():
    row_class = forms.formset_factory(VisitForm, min_num=1, validate_min=True, extra=0)
    rows = row_class({"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-school": "x"})

    page = drawn("{% error_summary form rows %}", form=None, rows=rows)

    assert '<a href="#id_form-0-school">Choose a school</a>' in page


def test_field_has_its_error_between_label_and_control():
    form = VisitForm({"school": "x"})

    page = drawn("{% field form.school %}", form=form)

    label, help_text = page.index("<label"), page.index('id="id_school_helptext"')
    error, control = page.index('id="id_school_error"'), page.index("<input")
    assert label < help_text < error < control
    assert 'aria-describedby="id_school_helptext id_school_error"' in page
    assert 'aria-invalid="true"' in page
    assert "form-control is-invalid" in page


def test_field_marks_what_is_optional_beside_what_is_not():
    page = drawn("{% field form.summary %}{% field form.school %}", form=VisitForm())

    assert page.count("(optional)") == 1


@pytest.mark.parametrize("name", ["kind", "years", "told", "paper", "date", "school"])
@pytest.mark.parametrize("tag", ["field", "crispy"])
def test_no_id_is_used_twice(name, tag):
    form = VisitForm({"date": "soon"})
    source = {
        "field": f"{{% field form.{name} %}}",
        "crispy": f"{{% load crispy_forms_filters %}}{{{{ form.{name}|as_crispy_field }}}}",
    }[tag]

    page = drawn(source, form=form)

    ids = [part.split('"')[0] for part in page.split(' id="')[1:]]
    assert ids == list(dict.fromkeys(ids))
    assert page.count(f'id="id_{name}_error"') == 1
    assert page.index(f'id="id_{name}_error"') < page.index("<input")


def test_picks_are_radios_with_labels_and_rating_colours():
    page = drawn("{% picks form.rating %}", form=VisitForm({"rating": "green"}))

    assert page.count('type="radio"') == 3
    assert page.count("fb-pick--") == 2
    assert "fb-picks--4" in page
    assert 'value="green" id="id_rating_1" checked' in page


def test_labels_are_escaped():
    class Odd(forms.Form):
        area = forms.ChoiceField(
            label="<b>", choices=[("<i>", "<img onerror=x>")], widget=forms.RadioSelect
        )

    page = drawn("{% picks form.area %}{% field form.area %}", form=Odd())

    assert "<img" not in page
    assert "<b>" not in page
    assert "<i>" not in page


def test_current_place_is_the_longest_address_that_holds_the_page():
    places = [
        {"key": "home", "url": "/"},
        {"key": "schools", "url": "/schools/"},
        {"key": "data", "url": "/jobs/"},
    ]
    request = SimpleNamespace(path="/schools/3/")

    now = components.current_place({"request": request, "shell": {"places": places}})

    assert now == "schools"
    assert components.current_place({"nav": "needs", "request": request}) == "needs"
    assert components.current_place({}) == ""


def test_pager_is_absent_on_a_list_of_one_page():
    assert drawn("{% pager %}") == ""
    assert 'rel="next">Older' in drawn('{% pager older="?before=3" %}')
