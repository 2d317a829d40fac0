"""The next invented register: schools that closed, converted, moved trust or were renamed."""

from datetime import timedelta

from dashboards.demo import extract

CONVERTED, SPLIT, MOVED, RENAMED, GREW = 19, 15, 8, 9, range(20, 60, 4)
NEW_URN = "900901"
HALVES = (16, 17)


def rows_on(day):
    """The rows of the register after what happened on `day`, the first of a month."""
    rows = extract.schools()
    _close(rows[CONVERTED], day, ("10", "Academy Converter"))
    rows.append(_opened(rows[CONVERTED], day))
    _close(rows[SPLIT], day, ("2", "Closure"))
    rows[MOVED].update(extract.pair("Trusts", _other_trust(rows[MOVED])))
    rows[RENAMED]["EstablishmentName"] = f"The {rows[RENAMED]['Town']} Learning Community"
    for place in GREW:
        rows[place]["NumberOfPupils"] = str(int(rows[place]["NumberOfPupils"] or 400) + 17)
    return rows


def successions(day):
    """(old URN, new URN, kind of succession, day) for each school that follows another."""
    rows = extract.schools()
    split = [(rows[SPLIT]["URN"], rows[half]["URN"], " - Split School", day) for half in HALVES]
    return [(rows[CONVERTED]["URN"], NEW_URN, "", day), *split]


def _close(row, day, reason):
    row.update(
        extract.pair("EstablishmentStatus", ("2", "Closed"))
        | extract.pair("ReasonEstablishmentClosed", reason)
        | {"CloseDate": f"{day - timedelta(days=1):%d-%m-%Y}"}
    )


def _opened(row, day):
    """The academy that a closed school became."""
    return (
        row
        | {"URN": NEW_URN, "UKPRN": "10990777", "OpenDate": f"{day:%d-%m-%Y}", "CloseDate": ""}
        | {"EstablishmentNumber": "4901"}
        | extract.pair("EstablishmentStatus", ("1", "Open"))
        | extract.pair("TypeOfEstablishment", extract.KINDS["academy"][:2])
        | extract.pair("EstablishmentTypeGroup", extract.KINDS["academy"][2:])
        | extract.pair("Trusts", extract.TRUSTS[0])
        | extract.pair("ReasonEstablishmentOpened", ("10", "Academy Converter"))
        | extract.pair("ReasonEstablishmentClosed", ("", ""))
    )


def _other_trust(row):
    return extract.TRUSTS[0 if row["Trusts (code)"] == extract.TRUSTS[1][0] else 1]
