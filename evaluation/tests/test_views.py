from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from core.models import AuditEvent, Job
from evaluation import rows as facts
from evaluation.models import AccessPlan, EvidencePack, InterventionStrategy, TypeAllocation
from evaluation.tests.factories import kind, make_plan, make_work, ofs_year


class Links(HTMLParser):
    """Every link within `main`, as (address, its text)."""

    def __init__(self, page):
        super().__init__()
        self.found, self.inside, self.address = [], False, None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        if tag == "main":
            self.inside = True
        elif tag == "a" and self.inside:
            self.address = dict(attributes)["href"]
            self.found.append([self.address, ""])

    def handle_endtag(self, tag):
        if tag == "main":
            self.inside = False
        elif tag in ("a", "span"):
            self.address = None

    def handle_data(self, data):
        if self.address:
            self.found[-1][1] += data
            self.address = None if data.strip() else self.address


def text(response):
    return response.content.decode()


def figure_links(response):
    return [(url, said.strip()) for url, said in Links(text(response)).found if "/rows/" in url]


def number(said):
    return Decimal(said.replace(",", ""))


ADDRESSES = ["plan", "rows"]


@pytest.mark.parametrize("name", ADDRESSES)
def test_every_member_reads_the_evidence(
    name, year, as_user, officer, hub_officer, evaluator, manager, viewer
):
    url = reverse(f"evaluation:{name}", args=[year.pk])

    answers = {
        as_user(user).get(url, {"year": "2025"}).status_code
        for user in (officer, hub_officer, evaluator, manager, viewer)
    }

    assert answers == {200}


@pytest.mark.parametrize("name", ADDRESSES)
def test_strangers_find_nothing(name, year, as_user, outsider, school_lead, site_admin):
    url = reverse(f"evaluation:{name}", args=[year.pk])

    answers = [as_user(user).get(url).status_code for user in (outsider, school_lead, site_admin)]

    assert answers == [404, 404, 404]
    assert as_user().get(url).status_code == 302


def test_the_list_is_for_people_who_work_in_a_partnership(
    year, as_user, viewer, outsider, school_lead, site_admin
):
    url = reverse("evaluation:plans")

    people = (viewer, outsider, school_lead, site_admin)

    assert [as_user(user).get(url).status_code for user in people] == [200, 200, 403, 403]
    assert str(year) not in text(as_user(outsider).get(url))


def test_every_figure_is_the_sum_of_its_rows(year, elsewhere, as_user, viewer):
    client = as_user(viewer)
    page = client.get(reverse("evaluation:plan", args=[year.pk]), {"year": "2025"})

    opened = 0
    for url, said in figure_links(page):
        rows = client.get(url)
        asked = parse_qs(urlsplit(url).query)
        assert rows.status_code == 200
        if "needs" in asked:
            assert len(rows.context["needs"]) == int(said)
            continue
        of = asked["of"][0]
        assert getattr(rows.context["totals"], of) == number(said), url
        assert _summed(rows.context["rows"], of) == number(said), url
        opened += 1

    assert opened > 60


def _summed(rows, of):
    if of == "activities":
        return len({row["activity"] for row in rows})
    if of == "schools":
        return len({row["school_name"] for row in rows})
    return sum(row["counted" if of == "hours" else "people"] or 0 for row in rows)


def test_rows_of_a_need_are_its_activities(year, as_user, viewer):
    client = as_user(viewer)
    needs = client.get(
        reverse("evaluation:rows", args=[year.pk]), {"year": "2025", "needs": "answered"}
    )

    (url, said), *_ = [each for each in Links(text(needs)).found if "need=" in each[0]]
    rows = client.get(reverse("evaluation:rows", args=[year.pk]) + url)

    assert said.strip() == "1"
    assert rows.context["totals"].activities == 1
    assert {row["year_group"] for row in rows.context["rows"]} == {10, 11}


@pytest.mark.parametrize(
    "asked",
    [
        {"strategy": "0"},
        {"strand": "nothing"},
        {"strand": "\0"},
        {"year_group": "99"},
        {"kind": "odd"},
        {"gap": "odd"},
        {"need": "9999999999999999999999"},
        {"need": "0"},
        {"needs": "odd"},
        {"year": "1999"},
        {"year": "x"},
        {"after": "x"},
        {"after": "2025-13-99.1.1"},
        {"pack": "0"},
        {"pack": "x"},
    ],
)
def test_an_address_of_no_rows_is_not_found(asked, year, as_user, viewer):
    url = reverse("evaluation:rows", args=[year.pk])

    answer = as_user(viewer).get(url, {"year": "2025"} | asked)

    assert answer.status_code == 404


def test_another_partnership_s_need_opens_nothing(year, elsewhere, as_user, viewer, outsider):
    url = reverse("evaluation:rows", args=[elsewhere.pk])

    assert as_user(viewer).get(url, {"year": "2025"}).status_code == 404
    assert as_user(outsider).get(url, {"year": "2025"}).status_code == 200


def test_long_lists_of_rows_go_on(monkeypatch, year, as_user, viewer):
    monkeypatch.setattr(facts, "PER_PAGE", 2)
    client, url = as_user(viewer), reverse("evaluation:rows", args=[year.pk])
    seen, address = [], f"{url}?year=2025"

    while address:
        page = client.get(address)
        seen += [(row["pk"], row["learners_pk"]) for row in page.context["rows"]]
        address = page.context["older"] and url + page.context["older"]

    assert len(seen) == len(set(seen)) == 6


@pytest.mark.parametrize("name", ["plan", "rows"])
def test_queries_do_not_grow_with_rows(
    name, plan, strategies, provider, link, officer, viewer, as_user, django_assert_max_num_queries
):
    url, counts = reverse(f"evaluation:{name}", args=[plan.pk]), []
    client = as_user(viewer)
    for more in (1, 2):
        for _ in range(more):
            make_work(link, officer, shares={provider: 10_000}, learners={10: 5})
        with django_assert_max_num_queries(24) as counted:
            client.get(url, {"year": "2025"})
        counts.append(len(counted))

    assert counts[0] == counts[1]


def test_queries_of_the_list_do_not_grow(
    plan, provider, manager, as_user, django_assert_max_num_queries
):
    client, counts = as_user(manager), []
    for more in (1, 2):
        for _ in range(more):
            make_plan(provider, "Another")
            EvidencePack.objects.create(
                partnership=plan.partnership,
                plan=plan,
                period=ofs_year(),
                policy="inside",
                made_by=manager,
            )
        with django_assert_max_num_queries(12) as counted:
            client.get(reverse("evaluation:plans"))
        counts.append(len(counted))

    assert counts[0] == counts[1]


def test_gaps_lead_to_their_rows(year, as_user, viewer):
    client = as_user(viewer)
    page = client.get(reverse("evaluation:plan", args=[year.pk]), {"year": "2025"})

    gaps = {gap["url"]: gap["count"] for gap in page.context["gaps"]}

    assert len(gaps) == 5
    for url, count in gaps.items():
        assert client.get(url).context["totals"].activities == count


# --- asking for a pack -----------------------------------------------------------------------
def test_the_builder_offers_the_policies_and_the_live_totals(year, as_user, manager):
    client = as_user(manager)

    page = client.get(reverse("evaluation:make_pack"), {"plan": year.pk, "year": "2025"})

    codes = [choice["code"] for choice in page.context["choices"]]
    assert codes == ["inside", "partners", "public"]
    for url, said in figure_links(page):
        of = parse_qs(urlsplit(url).query)["of"][0]
        assert getattr(client.get(url).context["totals"], of) == number(said)


def test_a_pack_is_asked_for_and_waits_as_a_job(year, as_user, manager):
    data = {"plan": year.pk, "period": ofs_year().pk, "policy": "partners"}

    answer = as_user(manager).post(reverse("evaluation:make_pack"), data)

    pack = EvidencePack.objects.get()
    assert (pack.plan, pack.policy, pack.made_by) == (year, "partners", manager)
    assert answer.url == pack.job.get_absolute_url()
    assert pack.job.state == Job.State.QUEUED


def test_who_may_not_build_is_refused(
    year, as_user, officer, hub_officer, viewer, outsider, school_lead, site_admin
):
    url, data = reverse("evaluation:make_pack"), {"plan": year.pk, "policy": "inside"}
    people = (officer, hub_officer, viewer, outsider, school_lead, site_admin)

    asked = [as_user(user).get(url, {"plan": year.pk}).status_code for user in people]
    sent = [as_user(user).post(url, data).status_code for user in people]

    assert asked == sent == [403, 403, 403, 404, 403, 403]
    assert as_user(viewer).get(url).status_code == 403
    assert EvidencePack.objects.count() == 0


def test_a_pack_says_what_is_missing(year, as_user, manager):
    answer = as_user(manager).post(reverse("evaluation:make_pack"), {"plan": year.pk})

    assert answer.status_code == 200
    assert answer.context["form"].errors == {
        "period": ["Choose a reporting period"],
        "policy": ["Choose who will read the pack"],
    }


def test_a_period_outside_the_plan_is_refused(year, as_user, manager):
    data = {"plan": year.pk, "period": ofs_year(2015).pk, "policy": "inside"}

    answer = as_user(manager).post(reverse("evaluation:make_pack"), data)

    assert answer.context["form"].errors == {"period": ["Choose a reporting period of this plan"]}


def test_without_a_plan_the_builder_says_so(as_user, manager):
    page = as_user(manager).get(reverse("evaluation:make_pack"))

    assert page.templates[0].name == "evaluation/no_plan.html"


def test_an_unfrozen_pack_says_how_it_stands(year, as_user, manager, viewer, outsider):
    client = as_user(manager)
    client.post(
        reverse("evaluation:make_pack"),
        {"plan": year.pk, "period": ofs_year().pk, "policy": "inside"},
    )
    pack = EvidencePack.objects.get()

    underway = as_user(viewer).get(pack.get_absolute_url())
    Job.objects.filter(pk=pack.job_id).update(state=Job.State.FAILED, error="It broke.")
    failed = client.get(pack.get_absolute_url())

    assert "This pack is being built" in text(underway)
    assert "It broke." in text(failed)
    assert "Build this pack again" in text(failed)
    assert client.get(reverse("evaluation:pack_file", args=[pack.pk])).status_code == 404
    assert as_user(outsider).get(pack.get_absolute_url()).status_code == 404


# --- writing a plan down ---------------------------------------------------------------------
def test_a_plan_its_strategy_and_its_shares_are_written_down(as_user, manager, provider):
    client = as_user(manager)
    data = {"provider": provider.pk, "title": "Our plan"}
    dates = {"starts_on": "2025-08-01", "ends_on": "2029-07-31"}

    client.post(reverse("evaluation:add_plan"), data | dates)
    plan = AccessPlan.objects.get()
    strategy_url = reverse("evaluation:add_strategy", args=[plan.pk])
    client.post(strategy_url, {"code": "IS1", "title": "Raising attainment"})
    again = client.post(strategy_url, {"code": "IS1", "title": "Raising attainment"})
    strategy = InterventionStrategy.objects.get()
    shares_url = reverse("evaluation:shares", args=[plan.pk])
    shown = client.get(shares_url)
    saved = client.post(shares_url, {f"s{strategy.pk}-{kind('workshop').pk}": "62.5"})

    assert (plan.title, plan.starts_on) == ("Our plan", date(2025, 8, 1))
    assert again.context["form"].errors == {"code": ["This plan has a strategy IS1 already."]}
    assert shown.status_code == 200
    assert saved.url == plan.get_absolute_url()
    assert TypeAllocation.objects.get().share_bp == 6250


def test_shares_beyond_the_whole_are_refused(as_user, manager, plan, strategies):
    first, second = strategies
    workshop = kind("workshop").pk
    data = {f"s{first.pk}-{workshop}": "60", f"s{second.pk}-{workshop}": "41"}

    answer = as_user(manager).post(reverse("evaluation:shares", args=[plan.pk]), data)

    assert answer.context["form"].errors == {
        f"s{first.pk}-{workshop}": ["Workshop: the shares make more than 100%"]
    }


def test_only_managers_write_plans(
    plan, as_user, officer, viewer, outsider, school_lead, evaluator, manager
):
    people = (officer, viewer, outsider, school_lead, evaluator, manager)
    for name in ("shares", "add_strategy"):
        url = reverse(f"evaluation:{name}", args=[plan.pk])
        answers = [as_user(user).get(url).status_code for user in people]
        assert answers == [403, 403, 404, 404, 403, 200]

    answers = [as_user(user).get(reverse("evaluation:add_plan")).status_code for user in people]

    assert answers == [403, 403, 200, 403, 403, 200]


def test_a_plan_cannot_be_added_for_another_partnership(as_user, outsider, provider):
    data = {"provider": provider.pk, "title": "Theirs"}
    dates = {"starts_on": "2025-08-01", "ends_on": "2025-07-31"}

    answer = as_user(outsider).post(reverse("evaluation:add_plan"), data | dates)

    assert set(answer.context["form"].errors) == {"provider", "ends_on"}
    assert AccessPlan.objects.count() == 0
    assert AuditEvent.objects.count() == 0
