"""Fixtures of the needs room."""

import pytest

from core import audit


@pytest.fixture
def fail_audit(monkeypatch):
    """Return a function after whose call the audit trail cannot be written."""

    def fail(*args, **kwargs):
        raise RuntimeError

    return lambda: monkeypatch.setattr(audit, "record", fail)
