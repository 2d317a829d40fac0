"""Packs built by a real worker in a process of its own, read back as their readers would."""

import os
import threading
from io import BytesIO

import pytest
from django.db import connection
from django.urls import reverse
from openpyxl import load_workbook

from core import jobs
from core.disclosure import POLICIES, publish
from core.models import AuditEvent, Job
from core.tests.worker import wait_for
from evaluation import actions, evidence, reports, tables, tasks
from evaluation.models import EvidencePack
from evaluation.tests.factories import make_work, ofs_year

real = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def built(plan, policy, by):
    pack = actions.make_pack(plan, period=ofs_year(), policy=policy, by=by)
    job = wait_for(pack.job)
    assert (job.state, job.error) == (Job.State.DONE, "")
    return EvidencePack.objects.select_related("job").get(pk=pack.pk)


def sheets(content):
    book = load_workbook(BytesIO(content))
    return {
        sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book
    }


def published(plan, policy, user):
    scope = evidence.Scope(plan, ofs_year(), user)
    return [publish(table.raw, POLICIES[policy]) for table in tables.all_tables(scope)]


@real
def test_a_pack_is_built_elsewhere_and_holds_what_the_page_shows(worker, year, manager, as_user):
    page = as_user(manager).get(year.get_absolute_url(), {"year": "2025"})
    on_screen = list(page.context["tables"].values())

    pack = built(year, "inside", manager)
    answer = as_user(manager).get(reverse("evaluation:pack_file", args=[pack.pk]))
    found = sheets(b"".join(answer.streaming_content))

    assert pack.job.result["pid"] not in (os.getpid(), None)
    assert (pack.job.done, pack.job.total) == (8, 8)
    assert len(found) == 1 + len(on_screen) + 2
    for table, sheet in zip(on_screen, list(found.values())[1:], strict=False):
        rows = [*table["body"], table["total"]]
        shown = [[cell["value"] for cell in row] for row in rows]
        assert sheet[1] == [heading["text"] for heading in table["headings"]]
        assert sheet[2 : 2 + len(rows)] == shown, table["key"]
    cover = dict(found["Cover"])
    assert cover["Title"] == f"Evidence pack {pack.reference}: {year}"
    assert cover["Made by"] == "Dev Rowntree, Three Rivers"
    assert cover["Disclosure policy"] == POLICIES["inside"].sentence
    assert [line[0] for line in found["Cover"]].count("Definition") == len(tables.DEFINITIONS)
    assert found["Needs answered"][2][:4] == [
        "Saltmere Academy",
        "HE knowledge",
        "10 September 2025",
        "The school",
    ]
    assert found["Needs not answered"][2][0] == "Ketterby High"
    pack.file.delete()


@real
def test_a_pack_for_partners_is_rounded_everywhere(worker, year, manager, viewer, as_user):
    pack = built(year, "partners", manager)
    content = pack.file.read()
    pack.file.close()
    found = sheets(content)
    client = as_user(viewer)
    page = client.get(pack.get_absolute_url())

    checked = 0
    for table in published(year, "partners", manager):
        for row, line in zip(table.rows, found[table.title[:31]][2:], strict=False):
            for column, cell, value in zip(table.columns, row, line, strict=True):
                if column.kind in ("people", "hours"):
                    assert value == cell.value
                    assert value % 5 == 0
                    checked += 1
    assert checked > 50
    assert page.context["pack"].figures == pack.figures
    assert pack.disclosure.sentence in page.content.decode()
    assert pack.fingerprint in page.content.decode()
    rows = client.get(f"{page.context['opens']}of=people")
    assert rows.context["totals"] is None
    assert '<td data-l="Learners"' not in rows.content.decode()
    assert "Contact hours</th>" not in rows.content.decode()
    pack.file.delete()


@real
def test_a_download_is_an_attachment_and_is_noted(worker, year, manager, viewer, outsider, as_user):
    pack = built(year, "inside", manager)
    url = reverse("evaluation:pack_file", args=[pack.pk])

    answer = as_user(viewer).get(url)
    content = b"".join(answer.streaming_content)
    stranger = as_user(outsider).get(url)

    event = AuditEvent.objects.get(action="pack.downloaded")
    assert content[:2] == b"PK"
    assert answer["Content-Disposition"] == f'attachment; filename="{pack.reference}.xlsx"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert (event.target_id, event.actor_id) == (str(pack.pk), viewer.pk)
    assert stranger.status_code == 404
    pack.file.delete()


@real
def test_a_changed_file_is_told_apart(worker, year, manager, viewer, as_user):
    pack = built(year, "inside", manager)
    before = as_user(viewer).get(pack.get_absolute_url())
    path = pack.file.path

    with open(path, "ab") as file:
        file.write(b"x")
    changed = as_user(viewer).get(pack.get_absolute_url())
    pack.file.delete(save=False)
    gone = as_user(viewer).get(pack.get_absolute_url())

    assert [page.context["matches"] for page in (before, changed, gone)] == [True, False, None]


@real
def test_a_job_run_again_leaves_one_pack_and_one_file(year, manager):
    pack = actions.make_pack(year, period=ofs_year(), policy="inside", by=manager)
    tasks.build_pack(pack.job_id)
    first = EvidencePack.objects.get()
    Job.objects.update(state=Job.State.RUNNING, attempts=1)

    tasks.build_pack(pack.job_id)

    again = EvidencePack.objects.select_related("job").get()
    assert (again.sha256, again.frozen_at) == (first.sha256, first.frozen_at)
    assert again.job.state == Job.State.DONE
    names = again.file.storage.listdir(os.path.dirname(again.file.name))[1]
    assert names == [os.path.basename(again.file.name)]
    again.file.delete()


@real
def test_a_right_withdrawn_before_the_run_is_honoured(year, manager):
    pack = actions.make_pack(year, period=ofs_year(), policy="inside", by=manager)
    manager.memberships.update(role="officer")
    manager.__dict__.pop("_memberships", None)

    tasks.build_pack(pack.job_id)

    job = Job.objects.get()
    assert job.state == Job.State.FAILED
    assert job.error == "You may no longer make packs in this partnership."
    assert EvidencePack.objects.get().frozen_at is None


@real
def test_a_stopped_job_freezes_nothing(year, manager):
    pack = actions.make_pack(year, period=ofs_year(), policy="inside", by=manager)

    def stopped(done, total, phase):
        if done == 2:
            raise jobs.Stopped

    with pytest.raises(jobs.Stopped):
        reports.build(pack, by=manager, progress=stopped)

    assert EvidencePack.objects.get().frozen_at is None


@real
def test_figures_are_read_at_one_moment_whoever_writes(year, provider, link, officer, manager):
    scope = evidence.Scope(year, ofs_year(), manager)

    def write():
        make_work(link, officer, shares={provider: 10_000}, learners={10: 500})
        connection.close()

    with evidence.one_moment():
        before = evidence.by_strategy(scope)[-1][1]
        other = threading.Thread(target=write)
        other.start()
        other.join()
        after = evidence.by_strategy(scope)[-1][1]

    assert after == before
    assert evidence.by_strategy(scope)[-1][1].people == before.people + 500
