"""The people of the demonstration, and the partnerships, hubs and schools they look after."""

from dataclasses import dataclass, field

from accounts.models import User
from dashboards.demo import extract
from partnerships import actions
from partnerships.models import Role
from schools.models import Establishment

PASSWORD = "footbridge-demo"  # noqa: S105 — the one password of the demonstration
DOMAIN = "demo.footbridge.example"
STAFF = [
    # e-mail name, person, role, provider, hub; the named demo accounts are the first five
    ("officer", "Jo Ferris", Role.OFFICER, "wexborough", "coast"),
    ("hub", "Mina Odell", Role.HUB, "wexborough", "coast"),
    ("manager", "Dev Rowntree", Role.MANAGER, "wexborough", None),
    ("evaluator", "Eli Quist", Role.EVALUATOR, "wexborough", None),
    ("viewer", "Vera Lunt", Role.VIEWER, "kestrel", None),
    ("a.brandt", "Anke Brandt", Role.OFFICER, "northmoor", "coast"),
    ("t.okoro", "Tobi Okoro", Role.OFFICER, "wexborough", "valley"),
    ("l.hale", "Lena Hale", Role.HUB, "northmoor", "valley"),
    ("p.singh", "Priya Sangha", Role.OFFICER, "northmoor", "valley"),
]
PROVIDERS = {
    "wexborough": ("University of Wexborough", 10_990_901),
    "northmoor": ("Northmoor University", 10_990_902),
    "kestrel": ("Kestrel Lane", None),
}
HUBS = {"coast": "Saltmere and Coast hub", "valley": "Weir Valley hub"}
LEAD_NAMES = ["Robin Calloway", "Ama Doyle", "Piet Marsh", "Nell Arkwright", "Sami Rook"]
LEAD_NAMES += ["Greta Lowe", "Idris Penn", "Una Farrow", "Cal Whitby", "Dora Finch"]


@dataclass
class World:
    """What the telling of the year needs at hand."""

    as_at: object
    admin: User
    partnership: object = None
    providers: dict = field(default_factory=dict)
    hubs: dict = field(default_factory=dict)
    people: dict = field(default_factory=dict)
    links: list = field(default_factory=list)
    leads: dict = field(default_factory=dict)
    offers: list = field(default_factory=list)

    def staff_of(self, link):
        """The officers and hub staff of the hub that looks after a school."""
        return self.team[link.demo_area]

    @property
    def team(self):
        return {
            area: [
                self.people[name]
                for name, _, role, _, hub in STAFF
                if hub == area and role in (Role.OFFICER, Role.HUB)
            ]
            for area in HUBS
        }


def found(as_at, since):
    """Found Three Rivers with its people, hubs and about 120 schools; returns the World."""
    admin = User.objects.create_superuser(f"admin@{DOMAIN}", PASSWORD, name="Ada Minster")
    world = World(as_at, admin)
    world.partnership = actions.found_partnership(
        name="Three Rivers", slug="three-rivers", by=admin
    )
    actions.add_person(
        world.partnership, email=admin.email, name=admin.name, role=Role.MANAGER, by=admin
    )
    for key, (name, ukprn) in PROVIDERS.items():
        world.providers[key] = actions.add_provider(
            world.partnership, name=name, ukprn=ukprn, by=admin
        )
    for key, name in HUBS.items():
        world.hubs[key] = actions.add_hub(world.partnership, name=name, by=admin)
    for row in STAFF:
        _add_staff(world, *row)
    _link_schools(world, since)
    _admit_leads(world)
    return world


def _add_staff(world, email, name, role, provider, hub):
    membership = actions.add_person(
        world.partnership,
        email=f"{email}@{DOMAIN}",
        name=name,
        role=role,
        provider=world.providers[provider],
        hubs=[world.hubs[hub]] if hub else [],
        password=PASSWORD,
        by=world.admin,
    )
    world.people[email] = membership.user


def _link_schools(world, since):
    manager = world.people["manager"]
    served = [row for row in extract.schools() if row["area"] in HUBS and row["kind"] != "primary"]
    for number, row in enumerate(_open(served)[:120]):
        staff = world.team[row["area"]]
        link = actions.link_school(
            world.partnership,
            _school(row),
            starts_on=since,
            hub=world.hubs[row["area"]],
            hub_school=number % 5 != 4,
            targeted=number % 3 == 0 or number % 5 == 4,
            owner=staff[number % len(staff)],
            by=manager,
        )
        link.demo_area = row["area"]
        world.links.append(link)


def _open(rows):
    """Both areas in turn, so that each hub has its share."""
    areas = [[row for row in rows if row["area"] == area and not row["CloseDate"]] for area in HUBS]
    return [row for pair in zip(*areas, strict=False) for row in pair]


def _school(row):
    return Establishment.objects.select_related("school").get(code=row["URN"]).school


def _admit_leads(world):
    """School leads at every other school; `school@` leads the first of them all."""
    for number, link in enumerate(world.links[::2]):
        email = "school" if number == 0 else f"lead{number}"
        name = LEAD_NAMES[number % len(LEAD_NAMES)]
        access = actions.admit_lead(
            link,
            email=f"{email}@{DOMAIN}",
            name=name,
            job_title="Careers lead",
            by=world.people["manager"],
        )
        world.leads[link.pk] = access.user


def found_the_other(world, since):
    """Found Northern Dales, of which nobody in Three Rivers may learn anything."""
    dales = actions.found_partnership(name="Northern Dales", slug="northern-dales", by=world.admin)
    provider = actions.add_provider(dales, name="University of Norrisdale", by=world.admin)
    hub = actions.add_hub(dales, name="Dales hub", by=world.admin)
    outsider = actions.add_person(
        dales,
        email=f"outsider@{DOMAIN}",
        name="Otto Farr",
        role=Role.MANAGER,
        provider=provider,
        hubs=[hub],
        password=PASSWORD,
        by=world.admin,
    ).user
    links = [
        actions.link_school(
            dales, _school(row), starts_on=since, hub=hub, hub_school=True, by=outsider
        )
        for row in extract.schools()
        if row["area"] == "dales" and row["kind"] != "primary"
    ]
    return outsider, links
