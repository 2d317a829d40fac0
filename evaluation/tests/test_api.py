import pytest

from evaluation.models import EvidencePack
from evaluation.tests.factories import make_plan, ofs_year

PLANS, PACKS = "plans", "evidence-packs"


@pytest.fixture
def ask(as_user):
    def send(noun, user, data=None, pk=None):
        url, client = f"/api/v1/{noun}/", as_user(user)
        if data is None:
            return client.get(f"{url}{pk}/" if pk else url)
        return client.post(url, data, content_type="application/json")

    return send


def make_pack(plan, by):
    return EvidencePack.objects.create(
        partnership=plan.partnership, plan=plan, period=ofs_year(), policy="inside", made_by=by
    )


def test_members_list_plans_with_their_strategies(ask, plan, strategies, elsewhere, viewer):
    answer = ask(PLANS, viewer)

    (found,) = answer.json()["results"]
    assert (found["title"], found["provider_name"]) == (plan.title, "University of Wexborough")
    assert [strategy["code"] for strategy in found["strategies"]] == ["IS1", "IS2"]


@pytest.mark.parametrize("noun", [PLANS, PACKS])
def test_strangers_list_nothing(noun, ask, plan, manager, outsider, school_lead):
    pack = make_pack(plan, manager)
    pk = pack.pk if noun == PACKS else plan.pk

    for user in (outsider, school_lead):
        assert ask(noun, user).json()["results"] == []
        assert ask(noun, user, pk=pk).status_code == 404
    assert ask(noun, manager, pk=pk).status_code == 200


def test_a_manager_makes_a_pack(ask, plan, manager):
    data = {"plan": plan.pk, "year": 2025, "policy": "partners"}

    answer = ask(PACKS, manager, data)

    pack = EvidencePack.objects.get()
    assert answer.status_code == 202
    assert answer.json()["reference"] == pack.reference
    assert (pack.made_by, pack.policy) == (manager, "partners")


def test_who_may_not_make_packs_is_refused(ask, plan, viewer, officer, outsider):
    data = {"plan": plan.pk, "year": 2025, "policy": "partners"}

    answers = [ask(PACKS, user, data).status_code for user in (viewer, officer, outsider)]

    assert answers == [403, 403, 400]
    assert EvidencePack.objects.count() == 0


@pytest.mark.parametrize(
    ("data", "wrong"),
    [({"year": 1900}, "year"), ({"year": 2024}, "year"), ({"policy": "x"}, "policy")],
)
def test_a_bad_pack_says_what_is_wrong(data, wrong, ask, provider, manager):
    plan = make_plan(provider)
    asked = {"plan": plan.pk, "year": 2025, "policy": "inside"} | data

    answer = ask(PACKS, manager, asked)

    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == [wrong]


@pytest.mark.parametrize("noun", [PLANS, PACKS])
def test_queries_do_not_grow(noun, ask, provider, manager, viewer, django_assert_max_num_queries):
    counts = []
    for more in (1, 2):
        for _ in range(more):
            make_pack(make_plan(provider), manager)
        with django_assert_max_num_queries(13) as counted:
            ask(noun, viewer)
        counts.append(len(counted))

    assert counts[0] == counts[1]
