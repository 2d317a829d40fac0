"""The repeated marks of our pages: words, shapes and small drawings, each with one name."""

import datetime
from decimal import Decimal
from functools import lru_cache

from django import template
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.text import capfirst

from core.templatetags import drawings

register = template.Library()

NOT_KNOWN = "Not known"
RATINGS = {
    "red": ("red", "Red"),
    "amber": ("amber", "Amber"),
    "green": ("green", "Green"),
}
STEP = {"red": 0, "amber": 1, "green": 2}


# --- words ---------------------------------------------------------------------------------
def _as_date(value):
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


@register.filter
def day(value):
    """Write a date for a list: Tue 17 Nov, with the year where it is far from today."""
    if not value:
        return NOT_KNOWN
    on = _as_date(value)
    far = abs((on - timezone.localdate()).days) > 300
    return f"{on:%a} {on.day} {on:%b}" + (f" {on.year}" if far else "")


@register.filter
def longdate(value):
    """Write a date for a sentence: 17 November 2026."""
    if not value:
        return NOT_KNOWN
    on = _as_date(value)
    return f"{on.day} {on:%B} {on.year}"


@register.filter
def school_year(value):
    """Write the school year that starts in a calendar year: 2026 is 2026 to 2027."""
    return f"{int(value)} to {int(value) + 1}" if value else NOT_KNOWN


@register.filter
def hours(value):
    """Write hours with no more decimals than they need: 1.50 is 1.5, and 2.00 is 2."""
    if value is None or value == "":
        return NOT_KNOWN
    text = f"{Decimal(str(value)):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def year_group(value):
    """Write a year group: 10 is Year 10."""
    if value is None or value == "":
        return NOT_KNOWN
    return "Reception" if int(value) == 0 else f"Year {int(value)}"


@register.filter
def year_groups(values):
    """Write year groups as runs: [0, 7, 8, 9] is Reception, Years 7 to 9."""
    runs = []
    for value in sorted(values or ()):
        if runs and value == runs[-1][1] + 1:
            runs[-1][1] = value
        else:
            runs.append([value, value])
    return ", ".join(_run_of_years(*run) for run in runs) or NOT_KNOWN


def _run_of_years(first, last):
    if first == 0:
        return "Reception" if last == 0 else f"Reception to {year_group(last)}"
    return year_group(first) if first == last else f"Years {first} to {last}"


@register.filter
def figure(value):
    """Write a number with its thousands apart: 4120 is 4,120."""
    if value is None or value == "":
        return NOT_KNOWN
    if isinstance(value, int):
        return f"{value:,}"
    return formats.number_format(value, force_grouping=True)


@register.simple_tag
def steps_apart(school, partner):
    """Say in words how far the two sides' ratings are from each other."""
    if school not in STEP and partner not in STEP:
        return NOT_KNOWN
    if school not in STEP or partner not in STEP:
        return "One side not known"
    steps = abs(STEP[school] - STEP[partner])
    return {0: "Same", 1: "1 step apart", 2: "2 steps apart"}[steps]


# --- marks ---------------------------------------------------------------------------------
@register.simple_tag
def icon(name):
    """Draw one of our icons; it is decoration, the word beside it carries the meaning."""
    return drawings.icon(name)


@register.simple_tag
def brandmark():
    """Draw the bridge of the brand."""
    return drawings.BRANDMARK


@register.simple_tag
@lru_cache(maxsize=16)
def rag(value):
    """Draw one side's rating: a word, a shape and a colour."""
    kind, word = RATINGS.get(value, ("grey", NOT_KNOWN))
    return format_html('<span class="fb-rag fb-rag--{}">{}</span>', kind, word)


@register.simple_tag
def span(school, partner):
    """Draw both sides side by side on red, amber, green, with an arch where they differ."""
    return drawings.span(school, partner)


@register.simple_tag
def stack(red=0, amber=0, green=0, unknown=0):
    """Draw how many of each rating there are, as one bar whose parts are named."""
    return drawings.stack(int(red or 0), int(amber or 0), int(green or 0), int(unknown or 0))


@register.simple_tag
def stamp(text):
    """Say where figures come from and when they were true."""
    return format_html('<span class="fb-stamp">{} {}</span>', drawings.icon("clock"), text)


@register.simple_tag
def progress(value, total, label, big=False):
    """Draw how far something is; without a total the bar says only that it runs."""
    name = "fb-bar fb-bar--big" if big else "fb-bar"
    if not total:
        return format_html('<progress class="{}" aria-label="{}"></progress>', name, label)
    value = min(float(value or 0), float(total))
    return format_html(
        '<progress class="{}" aria-label="{}" value="{}" max="{}">{}%</progress>',
        name,
        label,
        f"{value:g}",
        f"{float(total):g}",
        round(100 * value / float(total)),
    )


# --- messages ------------------------------------------------------------------------------
NOTICE_ICONS = {"": "info", "green": "check", "amber": "alert"}


def _notice(body, kind):
    return format_html(
        '<div class="fb-notice{}"{}>{}<div>{}</div></div>',
        f" fb-notice--{kind}" if kind else "",
        mark_safe(' role="status"') if kind == "green" else "",
        drawings.icon(NOTICE_ICONS[kind]),
        body,
    )


@register.simple_block_tag
def notice(content, kind=""):
    """Frame one message: plain (information), green (done) or amber (warning)."""
    return _notice(content, kind)


@register.simple_tag(takes_context=True)
def notices(context):
    """Show the waiting messages: at most one notice of each kind."""
    found = {"green": [], "amber": [], "": []}
    for message in context.get("messages") or []:
        kind = {"success": "green", "info": "", "debug": ""}.get(message.level_tag, "amber")
        found[kind].append((message.message,))
    return format_html_join(
        "",
        "{}",
        (
            (_notice(format_html_join("", "<p>{}</p>", said), kind),)
            for kind, said in found.items()
            if said
        ),
    )


@register.simple_block_tag
def nothing(content):
    """Say what is missing and offer the next act, where a list would stand."""
    return format_html('<div class="fb-nothing">{}</div>', content)


@register.simple_block_tag
def scroll(content, label):
    """Let a wide table scroll sideways, by keyboard too."""
    return format_html(
        '<div class="fb-scroll" tabindex="0" role="region" aria-label="{}">{}</div>',
        label,
        content,
    )


@register.inclusion_tag("components/pager.html")
def pager(newer=None, older=None, label="Pages"):
    """Offer the newer and the older page of a list, by their addresses."""
    return {"newer": newer, "older": older, "label": label}


# --- forms ---------------------------------------------------------------------------------
def _first_id(bound):
    """Find the id of the control that an error of this field should lead to."""
    if bound.is_hidden or not bound.auto_id:
        return ""
    return f"{bound.auto_id}_0" if bound.use_fieldset else bound.id_for_label or bound.auto_id


def _missing(bound):
    """Say what to do where nothing was given, in words that fit the control."""
    widget = bound.field.widget
    if getattr(widget, "allow_multiple_selected", False):
        return "choose at least one"
    kind = getattr(widget, "input_type", "text")
    return {
        "checkbox": "tick the box",
        "file": "choose a file",
        "select": "choose one",
        "radio": "choose one",
    }.get(kind, "enter an answer")


def _is_stock(bound, error):
    """Tell the framework's own messages, which never name the field, from our sentences."""
    return any(
        error.message == stock
        for kind in type(bound.field).__mro__
        for stock in getattr(kind, "default_error_messages", {}).values()
    )


def _faults_of(bound):
    """Yield each message of a field as (beside the field, in the summary)."""
    for error in bound.errors.as_data():
        for message in error.messages:
            if not _is_stock(bound, error):
                yield message, message
                continue
            if error.code == "required":
                message = f"{capfirst(_missing(bound))}."
            elif error.code == "invalid_choice":
                message = "Choose from what is offered."  # the library says back what was sent
            yield message, _named(bound.label, message)


def _named(label, message):
    if str(label).endswith("?"):
        return f"{label} {message}"
    return f"{label}: {message[:1].lower()}{message[1:]}"


def _errors_of(form):
    for message in form.non_field_errors():
        yield "", message
    for bound in form:
        for _, message in _faults_of(bound):
            yield _first_id(bound), message


@register.filter
def faults(bound):
    """List the messages to stand beside a field."""
    return [message for message, _ in _faults_of(bound)]


def _errors_in(forms):
    for form in forms:
        if not form or not form.is_bound:
            continue
        if hasattr(form, "management_form"):
            for message in form.non_form_errors():
                yield "", message
            for row in form.forms:
                yield from _errors_of(row)
        else:
            yield from _errors_of(form)


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms):
    """List every error of these forms and formsets, each a link to its field."""
    return {"errors": list(dict.fromkeys(_errors_in(forms)))}


def _control(bound, kind):
    name = {"select": "form-select", "checkbox": "form-check-input"}.get(kind, "form-control")
    classes = [bound.field.widget.attrs.get("class", ""), name]
    if bound.errors:
        classes.append("is-invalid")
    return bound.as_widget(attrs={"class": " ".join(filter(None, classes))})


def _kind(bound):
    kind = getattr(bound.field.widget, "input_type", "text")
    return "group" if bound.use_fieldset and kind in ("radio", "checkbox") else kind


def is_optional(bound):
    """Tell whether to mark a field as optional: only beside others that are not."""
    asks_some = any(field.required for field in bound.form.fields.values())
    return asks_some and not bound.field.required


def _described(bound, mark):
    return {
        "bound": bound,
        "described_by": bound.aria_describedby or "",
        "optional": mark and is_optional(bound),
    }


@register.inclusion_tag("components/field.html")
def field(bound, mark=True, hide_label=False):
    """Draw one field: label, help, error above the control, control."""
    kind = _kind(bound)
    wrong = bool(bound.errors)
    return {
        **_described(bound, mark),
        "kind": kind,
        "wrong": wrong,
        "noted": wrong or bool(bound.help_text),
        "hide_label": hide_label,
        "control": "" if kind == "group" else _control(bound, kind),
        "options": _options(bound) if kind == "group" else [],
    }


def _options(bound):
    blank_is_no_choice = bound.field.required
    return [
        {
            "id": option.data["attrs"].get("id", ""),
            "name": option.data["name"],
            "type": option.data["type"],
            "value": "" if option.data["value"] is None else str(option.data["value"]),
            "label": option.data["label"],
            "checked": option.data["selected"],
            "disabled": option.data["attrs"].get("disabled", False),
            "rating": str(option.data["value"]) if str(option.data["value"]) in RATINGS else "",
        }
        for option in bound.subwidgets
        if not (blank_is_no_choice and str(option.data["value"] or "") == "")
    ]


@register.inclusion_tag("components/picks.html")
def picks(bound, mark=True, hide_label=False):
    """Draw a choice of at most seven as touch chips; ratings take their colours."""
    options = _options(bound)
    return {
        **_described(bound, mark),
        "options": options,
        "hide_label": hide_label,
        "rating": any(option["rating"] for option in options),
    }


# --- shell ---------------------------------------------------------------------------------
@register.simple_tag(takes_context=True)
def current_place(context):
    """Say which place of the main menu this page belongs to: `nav`, else by its address."""
    if context.get("nav"):
        return context["nav"]
    path = getattr(context.get("request"), "path", "")
    places = (context.get("shell") or {}).get("places") or []
    within = [place for place in places if _is_within(path, place["url"])]
    return max(within, key=lambda place: len(place["url"]))["key"] if within else ""


def _is_within(path, url):
    return path == url or (url != "/" and path.startswith(url))
