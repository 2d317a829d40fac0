"""Every action of the site, found by introspection, with an example call for each."""

import inspect
from datetime import timedelta
from functools import partial
from importlib import import_module
from pkgutil import iter_modules
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from activities.models import ActivityType
from config.tests.world import WEIGHTS, finish, part_school, year_of
from core import jobs
from core.models import ReportingPeriod
from core.tests.test_jobs import nothing
from needs.models import NeedArea, Side
from partnerships.models import Role
from partnerships.tests.factories import make_link, make_school
from schools.tests.areas import load_postcode
from schools.tests.factories import make_run

KEY = UUID("7f6f0f0e-2a5c-4a51-9c53-0c8f5a3d1b11")


def _modules():
    """The modules that hold actions: each room's `actions`, and the jobs of core."""
    yield jobs
    for room in apps.get_app_configs():
        if not (settings.BASE_DIR / room.name).is_dir():
            continue
        try:
            found = import_module(f"{room.name}.actions")
        except ModuleNotFoundError:
            continue
        yield found
        for part in iter_modules(getattr(found, "__path__", ())):
            yield import_module(f"{found.__name__}.{part.name}")


def _public(module):
    for name, function in inspect.getmembers(module, inspect.isfunction):
        if inspect.unwrap(function).__module__ == module.__name__ and name[0] != "_":
            yield f"{module.__name__.partition('.')[0]}.{name}", function


def _names_its_actor(function):
    by = inspect.signature(function).parameters.get("by")
    return by is not None and by.kind is by.KEYWORD_ONLY


PUBLIC = {name: function for module in _modules() for name, function in _public(module)}
ACTIONS = {name: function for name, function in PUBLIC.items() if _names_its_actor(function)}
NO_ACTIONS = {
    *(
        "activities.own_provider",
        "needs.side_now",
        "partnerships.lock_link",
        "partnerships.same_partnership",
        "partnerships.sensible",
    ),
    # the machinery of jobs, that runs for nobody in particular
    *(
        "core.drop_files",
        "core.expire_files",
        "core.keep_file",
        "core.report_progress",
        "core.run",
        "core.send",
    ),
    *("core.sweep", "core.task"),
}


def example(name, cast):
    """Arrange what the action needs in the world of `cast`; returns the call as a partial.

    Each text that a person would write holds the word Canary.
    """
    by, arguments, facts = EXAMPLES[name](cast)
    return partial(ACTIONS[name], *arguments, by=by, **facts)


def _log(c):
    facts = {
        "type": ActivityType.objects.get(code="talk"),
        "starts_on": c.today,
        "summary": "Canary talk",
        "notes": "Canary notes",
        "adaptation": "Canary adaptation",
        "headcounts": [{"audience": "learners", "year_group": 10, "actual": 30}],
        "needs": [c.need],
        "client_uuid": KEY,
    }
    return c.officer, (c.link,), facts


def _edit(c):
    facts = {"summary": "Canary changed", "hours": "3", "needs": [], "headcounts": []}
    return c.officer, (c.activity,), facts | {"version": c.activity.version}


def _rate(c):
    other = NeedArea.objects.get(framework__retired_on=None, code="epq")
    values = {
        c.area: {"value": "amber", "note": "Canary changed"},
        other: {"value": "red", "note": "Canary new"},
    }
    return c.officer, (c.link,), {"school_year": c.year, "side": Side.PARTNER, "values": values}


def _make_pack(c):
    year = year_of("ofs_year", c.today)
    period = ReportingPeriod.objects.ofs_years().get(starts_on__year=year)
    return c.manager, (c.plan,), {"period": period, "policy": "partners"}


def _share_out(c):
    talk = ActivityType.objects.get(code="talk")
    visit = ActivityType.objects.get(code="campus-visit")
    shares = {(c.strategy, talk): 2_500, (c.strategy, visit): 5_000}
    return c.manager, (c.plan,), {"shares": shares}


def _status(c, **facts):
    return {
        "starts_on": c.today,
        "hub": c.hub,
        "hub_school": True,
        "targeted": True,
        "level": "Intensive",
        "owner": c.officer,
        **facts,
    }


def _end_person(c):
    finish(jobs.enqueue(nothing, title="Canary file", by=c.officer, params={}))
    return c.manager, (c.membership,), {}


def _change_person(c):
    finish(jobs.enqueue(nothing, title="Canary file", by=c.officer, params={}))
    facts = {"role": Role.VIEWER, "provider": None, "hubs": [c.hub]}
    return c.manager, (c.membership,), facts


def _freeze_pack(c):
    return c.manager, (c.pack,), {"content": b"Canary", "figures": {"hours": "2"}}


def _end_school(c):
    link = make_link(c.partnership, make_school("Left High School"))
    return c.manager, (link,), {"on": c.today}


def _decide_continuation(c):
    old, followers = part_school()
    link = make_link(c.partnership, old)
    return c.manager, (link,), {"successors": followers, "on": c.today, "note": "Canary split"}


def _new_person(name):
    return {"email": f"canary.{name}@example.org", "name": f"Canary {name}"}


def _profile_postcodes(c):
    load_postcode()
    return c.officer, ([(1, "Canary")],), {}


EXAMPLES = {
    "core.enqueue": lambda c: (
        c.manager,
        (nothing,),
        {"title": "Canary job", "partnership_id": c.partnership.pk, "unique_key": "canary"},
    ),
    "core.cancel": lambda c: (c.manager, (c.job,), {}),
    "accounts.set_theme": lambda c: (c.officer, (c.officer,), {"theme": "dark"}),
    "accounts.change_profile": lambda c: (
        c.officer,
        (c.officer,),
        {"name": "Canary name", "theme": "dark"},
    ),
    "schools.upload_register": lambda c: (
        c.site_admin,
        (SimpleUploadedFile("edubasealldata20261120.csv", b"Canary"),),
        {"reason": "Canary reason"},
    ),
    "schools.profile_postcodes": _profile_postcodes,
    "schools.note_export": lambda c: (c.manager, (c.trust,), {"format": "csv", "rows": 3}),
    "schools.apply_run": lambda c: (c.site_admin, (c.run,), {}),
    "schools.drop_run": lambda c: (c.site_admin, (c.run,), {}),
    "schools.undo_run": lambda c: (c.site_admin, (make_run(),), {}),
    "partnerships.found_partnership": lambda c: (
        None,
        (),
        {"name": "Canary Partnership", "slug": "new"},
    ),
    "partnerships.add_provider": lambda c: (
        c.manager,
        (c.partnership,),
        {"name": "Canary College", "ukprn": 10_000_001},
    ),
    "partnerships.add_hub": lambda c: (c.manager, (c.partnership,), {"name": "Canary hub"}),
    "partnerships.rename_hub": lambda c: (c.manager, (c.hub,), {"name": "Hills hub"}),
    "partnerships.set_recent_contact": lambda c: (c.manager, (c.partnership,), {"days": 30}),
    "partnerships.add_person": lambda c: (
        c.manager,
        (c.partnership,),
        {"role": Role.HUB, "hubs": [c.hub], **_new_person("colleague")},
    ),
    "partnerships.change_person": _change_person,
    "partnerships.end_person": _end_person,
    "partnerships.issue_token": lambda c: (
        c.officer,
        (c.membership,),
        {"name": "Canary token", "expires_on": c.today + timedelta(days=30)},
    ),
    "partnerships.revoke_token": lambda c: (c.manager, (c.token,), {}),
    "partnerships.revoke_tokens": lambda c: (c.manager, (c.spare,), {}),
    "partnerships.admit_lead": lambda c: (
        c.manager,
        (c.link,),
        {"job_title": "Canary head", **_new_person("lead")},
    ),
    "partnerships.end_lead": lambda c: (c.manager, (c.access,), {}),
    "partnerships.link_school": lambda c: (
        c.manager,
        (c.partnership, c.unlinked),
        _status(c),
    ),
    "partnerships.change_status": lambda c: (c.manager, (c.link,), _status(c, hub=None)),
    "partnerships.correct_year_groups": lambda c: (
        c.manager,
        (c.link,),
        {"year_groups": [7, 8], "reason": "Canary reason"},
    ),
    "partnerships.end_school": _end_school,
    "partnerships.decide_continuation": _decide_continuation,
    "partnerships.undo_continuation": lambda c: (c.manager, (c.closed,), {}),
    "partnerships.record_conversation": lambda c: (
        c.officer,
        (c.link,),
        {
            "held_on": c.today,
            "summary": "Canary call",
            "notes": "Canary notes",
            "client_uuid": KEY,
        },
    ),
    "partnerships.weigh_priorities": lambda c: (
        c.manager,
        (c.partnership,),
        {"weights": {**WEIGHTS, "need": 9}, "version": c.weights.version},
    ),
    "needs.rate": _rate,
    "needs.raise_need": lambda c: (
        c.officer,
        (c.link,),
        {"area": NeedArea.objects.get(framework__retired_on=None, code="epq")},
    ),
    "needs.close_need": lambda c: (
        c.officer,
        (c.need,),
        {"status": "met", "note": "Canary closing note", "version": c.need.version},
    ),
    "needs.agree": lambda c: (c.officer, (c.assessment,), {"side": Side.PARTNER}),
    "needs.recompute": lambda c: (c.manager, (c.partnership,), {"school_year": c.year - 1}),
    "activities.log": _log,
    "activities.edit": _edit,
    "activities.cancel": lambda c: (
        c.officer,
        (c.planned,),
        {"reason": "school", "note": "Canary reason", "version": c.planned.version},
    ),
    "activities.link_needs": lambda c: (c.officer, (c.lone,), {"needs": [c.need]}),
    "activities.add_offer": lambda c: (
        c.manager,
        (c.partnership,),
        {
            "title": "Canary offer",
            "type": ActivityType.objects.get(code="talk"),
            "description": "Canary description",
        },
    ),
    "activities.retire_offer": lambda c: (c.manager, (c.offer,), {}),
    "activities.note_export": lambda c: (
        c.manager,
        ({"q": ["typed"], "school": [str(c.link.pk)]},),
        {"format": "csv", "rows": 3, "partnerships": [c.partnership.pk]},
    ),
    "dashboards.note_export_schools": lambda c: (
        c.manager,
        ({"q": ["typed"], "with_us": ["hub"]},),
        {"contents": "results", "format": "csv", "rows": 3, "partnerships": [c.partnership.pk]},
    ),
    "evaluation.add_plan": lambda c: (
        c.manager,
        (c.partnership,),
        {
            "provider": c.provider,
            "title": "Canary plan",
            "starts_on": c.today,
            "ends_on": c.today,
        },
    ),
    "evaluation.add_strategy": lambda c: (
        c.manager,
        (c.plan,),
        {"code": "IS2", "title": "Canary strategy"},
    ),
    "evaluation.allocate_type": lambda c: (
        c.manager,
        (c.strategy,),
        {"type": ActivityType.objects.get(code="talk"), "share_bp": 2_500},
    ),
    "evaluation.share_out": _share_out,
    "evaluation.make_pack": _make_pack,
    "evaluation.freeze_pack": _freeze_pack,
    "evaluation.note_download": lambda c: (c.manager, (c.pack,), {}),
}
