"""The nightly round: fetch what is new, load it, and say what came of it."""

import shutil
import tempfile
import time
from functools import partial
from pathlib import Path

import structlog
from django.conf import settings
from django.utils import timezone

from schools import mail
from schools.fetching.download import USUAL, download
from schools.fetching.places import NotFetched, NotThere, places_of
from schools.groups import import_groups
from schools.lineage import import_links
from schools.models import LoadedFile, RegisterFetch, RegisterRun
from schools.register import Refused, import_file
from schools.register.importing import opened

State = RegisterFetch.State
FOLDER = "fetched"
LEFT_OVER_AFTER = 24 * 3600
log = structlog.get_logger(__name__)


def sources():
    """The configured source of each kind of file, in the order in which they are loaded.

    Links first: then the register's run joins what goes on, and can be undone with it.
    """
    found = {
        "links": settings.REGISTER_LINKS_SOURCE,
        "register": settings.REGISTER_SOURCE,
        "groups": settings.REGISTER_GROUPS_SOURCE,
    }
    return {kind: source for kind, source in found.items() if source}


def fetch_all(*, today=None, patience=USUAL):
    """Fetch and load each file that has a source; returns the RegisterFetches, one for each."""
    today = today or timezone.localdate()
    return [_fetch(kind, source, today, patience) for kind, source in sources().items()]


def _fetch(kind, source, today, patience):
    fetch = RegisterFetch(of=kind, tried_at=timezone.now(), state=State.FAILED)
    try:
        with _folder() as folder:
            path = _get(fetch, source, today, patience, Path(folder))
            LOADERS[kind](fetch, path, today)
    except (NotFetched, Refused) as refusal:
        fetch.said = str(refusal)
    except Exception:
        log.exception("register fetch failed", kind=kind)
        fetch.said = "Something went wrong on our side; the log of the worker says what."
    fetch.save()
    if fetch.has_failed:
        _tell(fetch)
    return fetch


def _folder():
    """A folder for one file, gone afterwards; what a killed worker left is swept first."""
    home = Path(settings.VAR_DIR) / FOLDER
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in home.iterdir():
        if time.time() - left.stat().st_mtime > LEFT_OVER_AFTER:
            shutil.rmtree(left, ignore_errors=True)
    return tempfile.TemporaryDirectory(dir=home)


def _get(fetch, source, today, patience, folder):
    """Return the path of the newest file there is, noting in `fetch` which."""
    missing = []
    for place in places_of(fetch.of, source, today):
        fetch.file_name, fetch.file_day = place.name, place.day
        path = place.address if place.is_local else folder / place.name
        try:
            if place.is_local and not path.is_file():
                raise NotThere(f"{place.name} is not there.")
            if not place.is_local:
                download(place, path, patience=patience)
        except NotThere as reason:
            missing.append(str(reason))
        else:
            return path
    raise NotThere(" ".join(missing))


def _load_register(fetch, path, today):
    last = RegisterRun.objects.last_applied()
    if last and last.extracted_on and last.extracted_on > fetch.file_day:
        _say_nothing_new(fetch, today, "and the register is newer already")
        return
    if _was_undone(path, RegisterRun.objects.filter(state=RegisterRun.State.UNDONE), last):
        _say_undone(fetch)
        return
    result = import_file(path, origin=RegisterRun.Origin.FETCHED)
    fetch.run = result.run
    if not result.same_file:
        result.run.notices = result.notices
        result.run.save(update_fields=["notices"])
    _say(fetch, today, is_same=result.same_file)


def _load_links(fetch, path, today):
    files = LoadedFile.objects.filter(kind=LoadedFile.Kind.LINKS)
    if _was_undone(path, files.exclude(undone_at=None), files.last(LoadedFile.Kind.LINKS)):
        _say_undone(fetch)
        return
    _load(import_links, fetch, path, today)


def _was_undone(path, undone, last):
    """Whether this very file was taken back once, and not loaded again since."""
    digest = opened(path, None)[1]
    is_last = last is not None and last.file_hash == digest
    return not is_last and undone.filter(file_hash=digest).exists()


def _say_undone(fetch):
    fetch.state = State.NOTHING_NEW
    fetch.said = f"{fetch.file_name} was undone here. Load it by hand if it is right after all."


def _load(read, fetch, path, today):
    read(path)
    _say(fetch, today, is_same=_was_loaded(fetch))


def _was_loaded(fetch):
    before = RegisterFetch.objects.filter(of=fetch.of, file_day=fetch.file_day)
    return before.exclude(state=State.FAILED).exists()


def _say(fetch, today, *, is_same):
    if is_same:
        _say_nothing_new(fetch, today, "which was loaded before")
    else:
        fetch.state, fetch.said = State.LOADED, f"{fetch.file_name} was loaded."


def _say_nothing_new(fetch, today, why):
    """A source that gives yesterday's file is well; one that is stuck on an older one is not."""
    is_stuck = (today - fetch.file_day).days > 1
    fetch.state = State.FAILED if is_stuck else State.NOTHING_NEW
    fetch.said = f"There is no newer file than {fetch.file_name}, {why}."


LOADERS = {
    "register": _load_register,
    "groups": partial(_load, import_groups),
    "links": _load_links,
}


def _tell(fetch):
    """Write to the operator once for each row of failures, or at the next where that failed."""
    before = RegisterFetch.objects.filter(of=fetch.of, pk__lt=fetch.pk)
    well = before.exclude(state=State.FAILED).first()
    streak = before.filter(pk__gt=well.pk) if well else before
    if streak.filter(told_at__isnull=False).exists():
        return
    try:
        if mail.tell_operator(fetch):
            fetch.told_at = timezone.now()
            fetch.save(update_fields=["told_at"])
    except OSError as error:
        log.warning("mail not sent", error=type(error).__name__)
