import pytest
from django.db import transaction
from rest_framework.exceptions import ErrorDetail
from rest_framework.test import APIRequestFactory, force_authenticate

from evaluation.api import PackViewSet, PlanViewSet
from evaluation.models import EvidencePack
from evaluation.tests.factories import make_plan, ofs_year


@pytest.fixture
def ask():
    def send(viewset, user, data=None, pk=None):
        requests = APIRequestFactory()
        request = requests.get("/") if data is None else requests.post("/", data, format="json")
        force_authenticate(request, user)
        verbs = {"get": "retrieve" if pk else "list"}
        view = viewset.as_view(verbs if data is None else {"post": "create"})
        with transaction.atomic():  # as every request is
            return view(request, **({"pk": pk} if pk else {}))

    return send


def make_pack(plan, by):
    return EvidencePack.objects.create(
        partnership=plan.partnership, plan=plan, period=ofs_year(), policy="inside", made_by=by
    )


def test_members_list_plans_with_their_strategies(ask, plan, strategies, elsewhere, viewer):
    answer = ask(PlanViewSet, viewer)

    (found,) = answer.data["results"]
    assert (found["title"], found["provider_name"]) == (plan.title, "University of Wexborough")
    assert [strategy["code"] for strategy in found["strategies"]] == ["IS1", "IS2"]


@pytest.mark.parametrize("viewset", [PlanViewSet, PackViewSet])
def test_strangers_list_nothing(viewset, ask, plan, manager, outsider, school_lead):
    pack = make_pack(plan, manager)
    pk = pack.pk if viewset is PackViewSet else plan.pk

    for user in (outsider, school_lead):
        assert ask(viewset, user).data["results"] == []
        assert ask(viewset, user, pk=pk).status_code == 404
    assert ask(viewset, manager, pk=pk).status_code == 200


def test_a_manager_makes_a_pack(ask, plan, manager):
    data = {"plan": plan.pk, "year": 2025, "policy": "partners"}

    answer = ask(PackViewSet, manager, data)

    pack = EvidencePack.objects.get()
    assert answer.status_code == 202
    assert answer.data["reference"] == pack.reference
    assert (pack.made_by, pack.policy) == (manager, "partners")


def test_who_may_not_make_packs_is_refused(ask, plan, viewer, officer, outsider):
    data = {"plan": plan.pk, "year": 2025, "policy": "partners"}

    answers = [ask(PackViewSet, user, data).status_code for user in (viewer, officer, outsider)]

    assert answers == [403, 403, 400]
    assert EvidencePack.objects.count() == 0


@pytest.mark.parametrize(
    ("data", "wrong"),
    [({"year": 1900}, "year"), ({"year": 2024}, "year"), ({"policy": "x"}, "policy")],
)
def test_a_bad_pack_says_what_is_wrong(data, wrong, ask, provider, manager):
    plan = make_plan(provider)
    asked = {"plan": plan.pk, "year": 2025, "policy": "inside"} | data

    answer = ask(PackViewSet, manager, asked)

    assert answer.status_code == 400
    assert list(answer.data) == [wrong]
    assert isinstance(answer.data[wrong][0], ErrorDetail)


@pytest.mark.parametrize("viewset", [PlanViewSet, PackViewSet])
def test_queries_do_not_grow(
    viewset, ask, provider, manager, viewer, django_assert_max_num_queries
):
    counts = []
    for more in (1, 2):
        for _ in range(more):
            make_pack(make_plan(provider), manager)
        with django_assert_max_num_queries(4) as counted:
            ask(viewset, viewer)
        counts.append(len(counted))

    assert counts[0] == counts[1]
