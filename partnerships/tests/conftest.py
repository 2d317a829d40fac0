"""What the tests of this room share."""

import pytest


class AuditFailure(Exception):
    pass


@pytest.fixture
def no_audit(monkeypatch):
    """Let auditing fail, to see that nothing is left behind; gives the exception's class."""

    def fail(*args, **kwargs):
        raise AuditFailure

    monkeypatch.setattr("core.audit.record", fail)
    return AuditFailure
