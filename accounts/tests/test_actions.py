import pytest

from accounts import actions
from core.models import AuditEvent

pytestmark = pytest.mark.django_db


def test_set_theme_refuses_what_is_no_look(officer):
    with pytest.raises(ValueError, match="no such look"):
        actions.set_theme(officer, theme="pink", by=officer)

    assert not AuditEvent.objects.exists()


def test_nothing_changes_when_auditing_fails(officer, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("core.audit.record", fail)

    with pytest.raises(RuntimeError):
        actions.set_theme(officer, theme="dark", by=officer)
    with pytest.raises(RuntimeError):
        actions.change_profile(officer, name="Other", theme="dark", by=officer)

    officer.refresh_from_db()
    assert (officer.name, officer.theme) == ("Jo Ferris", "")
