"""A door to ask at: each request leaves no trace, and chance and time are the same each time.

So nothing of an answer is random, and nothing has to be left out when two are compared.
"""

import os
import random
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path

from django import forms
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.db import connection, transaction
from django.http import QueryDict
from django.template.base import Template
from django.test import TestCase
from django.utils.datastructures import MultiValueDict
from rest_framework.serializers import BaseSerializer

from config.tests import wall_worlds
from config.tests.wall_worlds import NAME, NEW, WORD
from core import jobs
from core.models import AuditEvent, Job

SAFE = ("get", "head", "options")
FARTHEST = 5
READS = ("__getitem__", "__contains__", "get", "getlist")
TO_AUDIT = f'INSERT INTO "{AuditEvent._meta.db_table}"'


@dataclass(frozen=True)
class Ask:
    """One request."""

    method: str
    url: str
    body: tuple = ()
    json: object = None
    headers: tuple = ()

    def __str__(self):
        sent = self.json if self.json is not None else dict(self.body) or ""
        return f"{self.method.upper()} {self.url} {sent} {dict(self.headers) or ''}".strip()

    @property
    def says_the_word(self):
        return WORD.lower() in str(self).lower()


@dataclass
class Answer:
    """All that a request gave to the person, and what it left in letters and the audit trail."""

    status: int
    url: str
    kind: str
    body: bytes
    said: bytes
    noted: bytes = b""
    read: dict = field(default_factory=dict)
    forms: list = field(default_factory=list)
    serializers: list = field(default_factory=list)
    jobs: list = field(default_factory=list)

    @property
    def whole(self):
        return self.said + self.body

    @property
    def is_shut(self):
        """Whether the way leads to the sign-in."""
        return b"Location: " in self.said and b"/login/?next=" in self.said

    @property
    def is_page(self):
        return self.status == 200 and self.kind.startswith("text/html")


class Chance:
    """Random numbers that come in the same order after each `again`."""

    def __init__(self, monkeypatch):
        self.again()
        monkeypatch.setattr(os, "urandom", lambda size: self.drawn.randbytes(size))
        for name in ("getrandbits", "randbytes", "random"):
            monkeypatch.setattr(random.SystemRandom, name, self._drawing(name))

    def _drawing(self, name):
        return lambda _, *args: getattr(self.drawn, name)(*args)

    def again(self):
        self.drawn = random.Random(20_611)


class Listener:
    """Notes which forms and serializers a request makes, and which names it asks a form for."""

    def __init__(self, monkeypatch):
        self.forget()
        monkeypatch.setattr(forms.BaseForm, "__init__", self._noting(forms.BaseForm, "__init__"))
        run = self._noting(BaseSerializer, "is_valid")
        monkeypatch.setattr(BaseSerializer, "is_valid", run)
        for name in READS:
            monkeypatch.setattr(MultiValueDict, name, self._reading(name), raising=False)

    def forget(self):
        self.made, self.read, self.asked = [], {}, []

    def _noting(self, owner, name):
        called = getattr(owner, name)

        def noting(this, *args, **kwargs):
            self.made.append(this)
            return called(this, *args, **kwargs)

        return noting

    def _reading(self, name):
        called = getattr(MultiValueDict, name)

        def reading(this, key, *args, **kwargs):
            if isinstance(this, QueryDict) and isinstance(key, str):
                self.asked.append(this)  # held, so that no other gets its id meanwhile
                self.read.setdefault(key, set()).add(id(this))
            return called(this, key, *args, **kwargs)

        return reading

    def names(self, request):
        """The names that were asked for, by the part of the request that they were asked of."""
        posted = id(request.POST)
        return {
            "post": [name for name, of in self.read.items() if posted in of],
            "get": [name for name, of in self.read.items() if of - {posted}],
        }


class Door:
    """A signed-in client, or one with headers of its own such as those of a token."""

    def __init__(self, client, monkeypatch):
        self.client, self.started = client, []
        client.raise_request_exception = False
        self.cookies = client.cookies.output(header="").strip()
        self.chance, self.listener = Chance(monkeypatch), Listener(monkeypatch)
        self.sequences = wall_worlds.Sequences()
        monkeypatch.setattr(jobs, "send", self.started.append)
        monkeypatch.setattr(Template, "_render", _render)

    @contextmanager
    def untouched(self):
        """Put everything as it was at the beginning, and take back what is done within."""
        cache.clear()
        mail.outbox.clear()
        self.started.clear()
        self.client.cookies = SimpleCookie(self.cookies)
        self.chance.again()
        self.listener.forget()
        self.audited = False
        with transaction.atomic(), connection.execute_wrapper(self._note_audit):
            yield
            transaction.set_rollback(True)

    def _note_audit(self, execute, sql, params, many, context):
        self.audited |= str(sql).startswith(TO_AUDIT)
        return execute(sql, params, many, context)

    def ask(self, ask):
        """Ask, follow where it leads, do the jobs that it started, and note all of it."""
        with self.untouched():
            if ask.method not in SAFE:
                self.sequences.count_from(NEW)
            with TestCase.captureOnCommitCallbacks(execute=True):
                response = self._send(ask)
                answer = self._answer(response)
                if ask.method == "post":
                    answer = self._follow(response, answer)
            answer.jobs = list(self._do_jobs())
            answer.said += b"".join(said for _, said in answer.jobs)
            answer.noted = b"".join([*(_written() if self.audited else ()), *_letters()])
        return answer

    def _send(self, ask):
        call = getattr(self.client, ask.method)
        options = {"headers": dict(ask.headers)}
        if ask.json is not None:
            return call(ask.url, data=ask.json, content_type="application/json", **options)
        if ask.method == "post":
            return call(ask.url, data=_as_dict(ask.body), **options)
        return call(ask.url, **options)

    def _follow(self, response, answer):
        """Go where the answer to what was sent leads, but not to the sign-in."""
        first = answer
        for _ in range(FARTHEST):
            leads_to = response.get("Location", "")
            if answer.is_shut or not leads_to.startswith("/"):
                break
            response = self.client.get(leads_to)
            answer = self._answer(response)
            answer.said, answer.read = first.said + answer.said, first.read
            first = answer
        return answer

    def _answer(self, response):
        body, request = read(response), response.wsgi_request
        said = [str(response.status_code)]
        said += [f"{name}: {value}" for name, value in sorted(response.items())]
        said += [response.cookies.output(), ""]
        made = self.listener.made
        return Answer(
            status=response.status_code,
            url=request.get_full_path(),
            kind=response.get("Content-Type", ""),
            body=body,
            said="\n".join(said).encode(),
            read=self.listener.names(request),
            forms=[one for one in made if isinstance(one, forms.BaseForm)],
            serializers=[one for one in made if isinstance(one, BaseSerializer)],
        )

    def _do_jobs(self):
        """Do what was put off, and yield each kind with its row, its file and what it leads to."""
        if not self.started:
            return
        kept = set(_files())
        while self.started:
            job = self.started.pop(0)
            with TestCase.captureOnCommitCallbacks(execute=True):
                wall_worlds.run(job)
            job = Job.objects.get(pk=job.pk)
            told = [job.state, job.title, job.phase, job.error, job.total, job.result]
            urls = [job.get_absolute_url(), f"{job.get_absolute_url()}file/"]
            if url := job.result.get("url"):
                urls += [url, f"{url}file/"]
            pages = [read(self.client.get(url)) for url in urls]
            yield job.kind, b"\n".join([str(told).encode(), *pages])
        for file in set(_files()) - kept:
            file.unlink()


def _render(template, context):
    """As a site renders: without the copies of contexts that tests keep."""
    return template.nodelist.render(context)


def read(response):
    """The body; reading a stream to its end closes its file."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def _files():
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def _as_dict(body):
    sent = {}
    for name, value in body:
        sent.setdefault(name, []).append(value)
    return sent


def _letters():
    """The letters; of one to the other's own person, whom it may tell more, only that it went."""
    for letter in mail.outbox:
        is_theirs = all(address.startswith(f"{NAME.lower()}.") for address in letter.to)
        yield f"{letter.to} {'' if is_theirs else letter.subject + letter.body}\n".encode()


def _written():
    for event in AuditEvent.objects.filter(pk__gte=NEW).order_by("pk").values():
        yield f"{event}\n".encode()
