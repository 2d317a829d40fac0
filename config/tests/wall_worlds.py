"""The two partnerships of the wall: the observers' own, and the other, which is full or not there.

People and schools are everybody's: those of the other are there in both states. Its rows begin at
`OTHER` in every table and the observers' own at `OWN`, so that the numbers to guess need no list.
"""

from contextlib import contextmanager
from types import SimpleNamespace

from celery import current_app
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from config.tests.world import finish, furnish, log
from core.models import AuditEvent, Job
from core.tenancy import Wall
from needs import summaries
from partnerships.models import Role
from partnerships.tests.factories import (
    make_hub,
    make_lead,
    make_link,
    make_member,
    make_partnership,
    make_provider,
    make_user,
)

OWN, OTHER, NEW = 1_001, 5_000_001, 9_000_001
WORD, NAME = "Nightjar", "Bittern"
EMAIL = "bittern.officer@example.org"
UUID_OF_OTHER = "5a5a5a5a-0000-4000-8000-000005000001"
ROLES = [*Role.values, "lead", "spare", "second_lead"]
MACHINE = {"kind", "unique_key", "worker", "policy", "sha256", "state", "hash", "first_letters"}
ALL_SEQUENCES = "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'S'"


def walled_models():
    """Each model behind a row policy, with the column that holds the partnership."""
    return {
        model: wall.column
        for model in apps.get_models()
        for wall in model._meta.constraints
        if isinstance(wall, Wall)
    }


class Sequences:
    """The counters of all tables, which no rollback puts back."""

    def __init__(self):
        with connection.cursor() as cursor:
            cursor.execute(ALL_SEQUENCES)
            self.names = [name for (name,) in cursor.fetchall()]

    def count_from(self, first):
        """Let the next row of every table get this id."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(name::regclass, %s, false) FROM unnest(%s::text[]) AS name",
                [first, self.names],
            )

    def read(self):
        with connection.cursor() as cursor:
            cursor.execute(
                " UNION ALL ".join(f"SELECT last_value, is_called FROM {n}" for n in self.names)
            )
            return dict(zip(self.names, cursor.fetchall(), strict=True))

    def put_back(self, values):
        with connection.cursor() as cursor:
            for name, (last, is_called) in values.items():
                cursor.execute("SELECT setval(%s::regclass, %s, %s)", [name, last, is_called])


def people_of_the_other():
    """The accounts that the other partnership's people sign in with."""
    return {
        role: make_user(f"{NAME} {role}", email=f"{NAME}.{role}@example.org".lower())
        for role in ROLES
    }


@contextmanager
def other_full(home):
    """Within, the other partnership holds one of everything; afterwards it is not there at all.

    It works with the observers' own first school too: what is most likely to leak.
    """
    with transaction.atomic():
        yield _fill(home, home.people, home.schools)
        transaction.set_rollback(True)


def _fill(home, people, schools):
    partnership = make_partnership(WORD)
    made = SimpleNamespace(partnership=partnership, second=schools[0], unlinked=schools[1])
    made.parted, made.unanswered = home.parted, home.unanswered
    made.provider, made.hub = make_provider(partnership, name=WORD), make_hub(partnership, WORD)
    made.link = make_link(
        partnership, home.link.school, hub=made.hub, hub_school=True, owner=people["officer"]
    )
    for role in Role.values:
        hubs = [made.hub] if role == Role.HUB else []
        make_member(partnership, role, user=people[role], provider=made.provider, hubs=hubs)
    make_lead(made.link, user=people["lead"])
    made.extras = [people["spare"], people["second_lead"]]
    furnish(made, people["officer"], people["manager"], people["lead"])
    log(SimpleNamespace(link=made.access.school_link, today=made.today), people["hub"], WORD)
    _work_on(made, people)
    _write_word(partnership)
    return made


def _work_on(made, people):
    """Jobs in every state, a frozen pack with its file, and figures."""
    run(made.job)
    summaries.recompute_all(made.partnership.pk, made.year)
    summaries.recompute_hub(made.partnership.pk, made.year, made.hub.pk)
    for state in Job.State.values:
        job = Job(owner=people["officer"], partnership_id=made.partnership.pk, title=WORD)
        finish(job, WORD.encode())
        Job.objects.filter(pk=job.pk).update(state=state)
    for model in walled_models():
        if "client_uuid" in {field.name for field in model._meta.fields}:
            first = rows_of(model, made.partnership).order_by("pk")[:1].values("pk")
            model._base_manager.filter(pk__in=first).update(client_uuid=UUID_OF_OTHER)


def run(job):
    """Do a job as a worker would, in this process."""
    current_app.tasks[job.kind](job.pk)


def rows_of(model, partnership):
    return model._base_manager.filter(**{walled_models()[model]: partnership.pk})


def _write_word(partnership):
    """Write the word over each text of the other's rows, where its table lets it."""
    for model in walled_models():
        for field in texts_of(model):
            word = WORD[: field.max_length]
            try:
                with transaction.atomic():
                    rows_of(model, partnership).update(**{field.name: word})
            except IntegrityError:
                continue


def texts_of(model):
    """The fields of a model that people write in, or read."""
    return [
        field
        for field in model._meta.concrete_fields
        if type(field) in (models.CharField, models.TextField)
        and not field.choices
        and field.name not in MACHINE
        and model is not AuditEvent
    ]


def without_word(partnership):
    """The tables that hold no row of the other, and the texts of it that say nothing."""
    bare = [model._meta.label for model in walled_models() if not rows_of(model, partnership)]
    silent = [
        f"{model._meta.label}.{field.name}"
        for model in walled_models()
        for field in texts_of(model)
        if rows_of(model, partnership).exclude(
            **{f"{field.name}__startswith": WORD[: field.max_length]}
        )
    ]
    return bare + silent
