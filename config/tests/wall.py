"""The walk along the wall: everything that one person can ask for, and what differs in two walks.

Nothing of the site is named here. Addresses come from the URL resolver; names of parameters are
those that the site reads while it answers; bodies are the forms of its own pages, and serializers.
"""

from collections import deque
from itertools import islice
from urllib.parse import urlencode, urljoin, urlsplit

from celery import current_app
from django import forms as django_forms
from rest_framework import serializers

from accounts.models import User
from config.tests.wall_bodies import bodies_of
from config.tests.wall_door import Ask
from config.tests.wall_forms import forms_of
from config.tests.wall_worlds import NAME, NEW, OTHER, OWN, WORD, walled_models

WITH_BODY = ("post", "put", "patch")
METHODS = ("post", "put", "patch", "delete", "head")
NOT_NAMES = {"csrfmiddlewaretoken", "_method"}
CHOOSING = (django_forms.ModelChoiceField, serializers.RelatedField)
HTMX = (("HX-Request", "true"),)


class Walk:
    """One person's way through the site; `answers` holds everything that each request gave."""

    def __init__(self, door, found, *, deep, methods, other=None):
        self.door, self.found, self.other = door, found, other
        self.deep, self.methods = deep, methods
        self.answers, self.offered, self.kinds = {}, [], set()
        self._refused, self._varied, self._forms, self._sent = set(), set(), set(), {}

    def run(self):
        self.door.sequences.count_from(NEW)
        for address in self.found:
            if address.viewset:
                self._visit_api(address)
            else:
                self._visit(address)
        return self

    def ask(self, method, url, **sent):
        """Ask once; the same question gets the answer that is known."""
        asked = Ask(method, url, **sent)
        key = str(asked)
        if key in self.answers:
            return None
        answer = self.door.ask(asked)
        self.answers[key] = (asked.says_the_word, answer.status, answer.whole, answer.noted)
        self.kinds |= {kind for kind, _ in answer.jobs}
        if self.other:
            self._look_at_choices(key, answer)
        return answer

    def _visit(self, address):
        page = self.ask("get", address.url)
        if page is None:
            return
        if page.status == 200 and address.is_first:
            self._vary(page, address)
        if page.is_page:
            self._send_forms(page)
        for method in self._methods(address, page):
            answer = self._ask_if_taken(method, address)
            if answer and method == "post":
                self._send_names(answer, address.url)

    def _methods(self, address, page):
        """At the first guess all; at others none where nothing more than the page could come."""
        if address.is_first:
            return self.methods
        nothing = page.is_shut or (address.is_second and page.status in (403, 404))
        return () if nothing else self.methods

    def _ask_if_taken(self, method, address, **sent):
        """Ask; a method that a view does not take at one address it takes at none."""
        if (method, address.view) in self._refused:
            return None
        answer = self.ask(method, address.url, **sent)
        if answer and answer.status == 405:
            self._refused.add((method, address.view))
        return answer

    def _vary(self, page, address):
        """Give each parameter that the page reads an id of our own, the other's, and a word."""
        self.ask("get", address.url, headers=HTMX)
        if not self.deep:
            return
        names, view = deque(page.read["get"]), address.viewset or address.view
        while names:
            name = names.popleft()
            if name in NOT_NAMES or (view, name) in self._varied:
                continue
            self._varied.add((view, name))
            for value in (OWN, OTHER, WORD):
                answer = self.ask("get", f"{address.url}?{urlencode({name: value})}")
                names.extend(answer.read["get"] if answer else ())
                if answer and value == OWN and answer.is_page:
                    self._send_forms(answer)

    def _send_forms(self, page):
        for form in forms_of(page.body):
            url = urljoin(page.url, form.action)
            path = urlsplit(url).path
            key = (path, tuple(sorted(form.fields)))
            if form.method != "post" or key in self._forms or urlsplit(url).netloc:
                continue
            self._forms.add(key)
            self._sent.setdefault(path, set()).update(form.fields)
            for body in form.bodies() if self.deep else form.bodies_filled():
                answer = self.ask("post", url, body=body)
                self._send_unseen(answer, url, form)

    def _send_unseen(self, answer, url, form):
        """Names that the site reads of what is posted, but that stand in no page."""
        sent = self._sent[urlsplit(url).path]
        for name in answer.read["post"] if answer else ():
            if self.deep and name not in sent and name not in NOT_NAMES:
                sent.add(name)
                self.ask("post", url, body=(*form.body(), (name, str(OTHER))))

    def _send_names(self, answer, url):
        sent = self._sent.get(url, NOT_NAMES)
        for name in answer.read["post"]:
            if self.deep and name not in sent:
                self.ask("post", url, body=((name, str(OTHER)),))

    def _visit_api(self, address):
        listed = self.ask("get", address.url)
        if listed and address.is_first and listed.status == 200:
            self._vary(listed, address)
        for method in ("options", *(one for one in self.methods if one not in WITH_BODY)):
            self._ask_if_taken(method, address)
        for method in WITH_BODY:
            answer = self._ask_if_taken(method, address, json={})
            for made in answer.serializers[:1] if answer else ():
                for body in islice(bodies_of(made), None if self.deep else 2):
                    self.ask(method, address.url, json=body)

    def _look_at_choices(self, key, answer):
        for made in [*answer.forms, *answer.serializers]:
            for name, rows in _choices(made):
                if self._is_of_other(rows):
                    self.offered.append(f"{key}: {type(made).__name__}.{name}")

    def _is_of_other(self, rows):
        model = rows.model
        if model is User:
            return rows.filter(name__startswith=NAME).exists()
        column = walled_models().get(model)
        return bool(column) and rows.filter(**{column: self.other.partnership.pk}).exists()


def _choices(made):
    """The querysets that a form, or a serializer, lets people choose from."""
    fields = getattr(made, "fields", {})
    for name, field in fields.items() if hasattr(fields, "items") else ():
        field = getattr(field, "child_relation", field)
        if isinstance(field, CHOOSING) and getattr(field, "queryset", None) is not None:
            yield name, field.queryset.all()


def differences(full, empty):
    """What was asked in the one walk and answered otherwise, or not asked at all, in the other."""
    return [
        key
        for key in [*full.answers, *(key for key in empty.answers if key not in full.answers)]
        if full.answers.get(key) != empty.answers.get(key)
    ]


def said_aloud(walk):
    """Requests that did not say the other's word, but were told it, or the name of its people."""
    return [
        key
        for key, (sent, _, answer, _) in walk.answers.items()
        if NAME.encode() in answer or (WORD.encode() in answer and not sent)
    ]


def job_kinds():
    """The kinds of job that people can start."""
    return {
        name
        for name, task in current_app.tasks.items()
        if hasattr(task.run, "__wrapped__") and name.split(".")[1] == "tasks"
    }


def elsewhere(asked, *places):
    """What was asked in no page of these places."""
    return [key for key in asked if not any(f" {place}" in key for place in places)]


def faults(walk):
    """Requests that were answered by a fault of ours."""
    return [key for key, (_, status, _, _) in walk.answers.items() if status == 500]
