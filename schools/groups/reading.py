"""From a file of groups, in any of the DfE's layouts, to groups and the schools in them."""

from schools import published
from schools.register import Refused
from schools.register.conversions import read_day

COLUMNS = {
    "uid": ("Group UID", "UID"),
    "group_id": ("Group ID",),
    "name": ("Group Name",),
    "companies_house_number": ("Companies House Number",),
    "ukprn": ("UKPRN", "Group UKPRN"),
    "type": ("Group Type (code)",),
    "type_name": ("Group Type", "Group Type (name)"),
    "status": ("Group Status (code)",),
    "status_name": ("Group Status", "Group Status (name)"),
    "opened_on": ("Open date",),
    "incorporated_on": ("Incorporated on (open date)", "Incorporated on"),
    "closed_on": ("Closed Date",),
    "street": ("Group Contact Street", "Street"),
    "locality": ("Group Contact Locality", "Locality"),
    "address3": ("Group Contact Address 3", "Group Contact Address3", "Address3"),
    "town": ("Group Contact Town", "Town"),
    "county": ("Group Contact County", "County"),
    "postcode": ("Group Contact Postcode", "Postcode"),
    "code": ("Academy URN", "URN"),
    "school": ("Trust Academy Establishment Name", "EstablishmentName"),
    "joined_on": ("Joined date", "Date joined", "Date joined group"),
    "left_on": ("Left date", "Date left", "Date left group"),
}
SIZES = {
    "group_id": 16,
    "name": 255,
    "companies_house_number": 16,
    "ukprn": 8,
    "street": 255,
    "locality": 255,
    "address3": 255,
    "town": 120,
    "county": 120,
    "postcode": 10,
}
DAYS = ("opened_on", "incorporated_on", "closed_on", "joined_on", "left_on")
CODES = {"type": "group_type", "status": "group_status"}


class GroupsFile:
    """Groups by UID, memberships by key, and a sentence for each row that is not kept."""

    def __init__(self, source):
        listing = published.read_listing(source, COLUMNS, needed=("uid", "name"))
        self.name, self.hash = listing.name, listing.hash
        self.extracted_on, self.rows = listing.extracted_on, len(listing.rows)
        self.has_members = "code" in listing.columns
        self.facts = self._facts(listing.columns)
        self.groups, self.members, self.codes = {}, {}, {}
        self.left_out, self.notices, self.kept = [], list(listing.notices), 0
        for line, row in listing.rows:
            if reason := self._take(line, row):
                self.left_out.append(f"Line {line:,} was left out: {reason}")
            else:
                self.kept += 1
        if not self.kept:
            raise Refused(f"{self.name} has no row that can be kept. {self.left_out[0]}")

    @staticmethod
    def _facts(columns):
        """The fields of a group that the file has; the others are left as they are."""
        known = columns | ({"opened_on"} if "incorporated_on" in columns else set())
        return [name for name in (*SIZES, *CODES, "opened_on", "closed_on") if name in known]

    def _take(self, line, row):
        """Keep a row, or say why not."""
        uid = published.bare(row["uid"])
        if not published.is_code(uid):
            return f"it has no group UID but “{row['uid'][:40]}”."
        code = row.get("code", "")
        if self.has_members and not published.is_code(code):
            return f"it has no URN but “{code[:40]}”."
        days = self._days(line, row)
        if self.has_members:
            key = (uid, code, days["joined_on"])
            if key in self.members:
                return f"another line too has URN {code} in group {uid} from the same day."
            self.members[key] = (*key, row.get("school", "")[:255], days["left_on"])
        self.groups[uid] = self._group(uid, row, days)
        return ""

    def _days(self, line, row):
        days = {}
        for name in DAYS:
            try:
                days[name] = read_day(row.get(name, ""))
            except ValueError as error:
                days[name] = None
                self.notices.append(f"Line {line:,}: “{error}” is no date and was left blank.")
        days["opened_on"] = days["opened_on"] or days["incorporated_on"]
        return days

    def _group(self, uid, row, days):
        found = {name: row.get(name, "")[:size] for name, size in SIZES.items()} | days
        found["name"] = found["name"] or f"Group {uid}"
        for name, code_list in CODES.items():
            words = row.get(f"{name}_name", "")[:255]
            code = published.bare(row.get(name, ""))[:64] or words[:64]
            found[name] = (code_list, code) if code else None
            if code:
                self.codes[code_list, code] = words
        return {name: found[name] for name in self.facts}
