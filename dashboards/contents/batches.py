"""Schools a few hundred at a time, so that a file of the whole country needs little memory."""

from collections import defaultdict
from itertools import islice

from core.exports import Column, columns_values
from dashboards.contents.schools import IDS
from schools.models import Establishment

SIZE = 200


def batches(schools):
    """Yield {school's id: the values of IDS}, in the order of the schools."""
    rows = columns_values(schools, (Column("pk", "Id"), *IDS))
    while batch := list(islice(rows, SIZE)):
        yield {pk: ids for pk, *ids in batch}


def numbers_of(schools):
    """The URNs that each of the schools (ids) has or had, as {id: [URN]}."""
    rows = Establishment.objects.filter(school__in=schools, scheme=Establishment.URN)
    found = defaultdict(list)
    for school, code in rows.order_by("code").values_list("school", "code"):
        found[school].append(code)
    return found


def every_number(schools):
    """The URNs of all schools of a query, as a query."""
    rows = Establishment.objects.filter(
        school__in=schools.order_by().values("pk"), scheme=Establishment.URN
    )
    return rows.order_by().values("code")
