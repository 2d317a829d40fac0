"""Why an action says no: a sentence for the person who asked, and nothing is written."""


class Refused(Exception):
    """The action cannot be done as asked; its text is shown to people as it stands."""


def same_partnership(partnership_id, *rows):
    """Refuse rows of another partnership; None is no row."""
    for row in rows:
        if row is not None and row.partnership_id != partnership_id:
            raise Refused(f"{row} belongs to another partnership. Choose one of this partnership.")
