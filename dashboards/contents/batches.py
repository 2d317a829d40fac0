"""Schools a few hundred at a time, so that a file of the whole country needs little memory."""

from itertools import islice

from core.exports import Column, columns_values
from dashboards.contents.schools import IDS

SIZE = 200


def batches(schools):
    """Yield {school's id: the values of IDS}, in the order of the schools."""
    rows = columns_values(schools, (Column("pk", "Id"), *IDS))
    while batch := list(islice(rows, SIZE)):
        yield {pk: ids for pk, *ids in batch}
