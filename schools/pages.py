"""Pages of schools by key: as quick however deep they lie."""

from dataclasses import dataclass, field

from django.db.models import Case, Q, Value, When

PER_PAGE = 25


@dataclass(frozen=True)
class Order:
    """What schools are ordered by, the last key their own; `computed` has what is no column.

    `first` is the condition of those that come before all others, in the same order.
    """

    keys: tuple = ("sort_key", "pk")
    computed: dict = field(default_factory=dict)
    first: Q | None = None

    def parts(self):
        """The conditions of the parts that follow one another."""
        return (Q(),) if self.first is None else (self.first, ~self.first)

    def of(self, schools):
        """All the schools in this order."""
        if self.first is None:
            return schools.annotate(**self.computed).order_by(*self.keys)
        part = Case(When(self.first, then=Value(0)), default=Value(1))
        return schools.annotate(part=part, **self.computed).order_by("part", *self.keys)


BY_NAME = Order()


@dataclass
class Page:
    """One page of a list by key, with the keys of its neighbours."""

    rows: list
    before: int | None
    after: int | None


def edge_in(request, name):
    """The key of a page's edge as the address has it under this name, or None."""
    value = request.GET.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else None


def page_of(schools, *, order=BY_NAME, after=None, before=None, size=PER_PAGE, shown=None):
    """Cut one page out of schools in an order, however deep it lies.

    `shown` adds to a queryset what the page shows of a school.
    """
    here = _key(schools.model, order, after or before)
    backwards = here is not None and not after
    rows = _rows(schools, order, here, backwards, size + 1, shown or _as_they_are)
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    start, end = (rows[0].pk, rows[-1].pk) if rows else (None, None)
    return Page(
        rows,
        before=start if (more if backwards else here is not None) else None,
        after=end if (backwards or more) else None,
    )


def _as_they_are(schools):
    return schools


def _rows(schools, order, here, backwards, most, shown):
    """So many rows from the key on, out of one part of the order after another."""

    def ordered(rows):
        rows = rows.annotate(**order.computed).order_by(*order.keys)
        return rows.reverse() if backwards else rows

    parts = list(enumerate(order.parts()))
    rows = []
    for place, part in reversed(parts) if backwards else parts:
        if here is not None and (place > here[0] if backwards else place < here[0]):
            continue
        found = ordered(schools).filter(part)
        if here is not None and place == here[0]:
            found = found.filter(_beyond(order.keys, here[1], "lt" if backwards else "gt"))
        if order.computed:
            # The sort over all that match does without what is shown of the few on the page.
            first = found.values("pk")[: most - len(rows)]
            found = ordered(schools.model.objects.filter(pk__in=first))
        rows += shown(found)[: most - len(rows)]
        if len(rows) == most:
            break
    return rows


def _key(model, order, pk):
    """The part and the keys of the school at the edge of the page, or None."""
    if not pk:
        return None
    schools = model.objects.annotate(**order.computed).filter(pk=pk)
    for place, part in enumerate(order.parts()):
        keys = schools.filter(part).values_list(*order.keys).first()
        if keys:
            return place, keys
    return None


def _beyond(keys, here, side):
    condition = Q()
    for name, value in reversed(list(zip(keys, here, strict=True))):
        further = Q(**{f"{name}__{side}": value})
        condition = further | (Q(**{name: value}) & condition) if condition else further
    # The bound on the first key alone lets the index start where the page does.
    return Q(**{f"{keys[0]}__{side}e": here[0]}) & condition
