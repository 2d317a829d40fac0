"""What hangs on the person alone; rooms above say who."""

SET_PASSWORD = "accounts.set_password"  # noqa: S105 -- a verb; `partnerships.rules` gives its rule
