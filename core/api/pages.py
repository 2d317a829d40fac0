"""Long lists in pages. The marker of a page is its last row's place in the order, id and all."""

import base64
import json

from django.core.exceptions import ValidationError
from django.db import DataError
from django.db.models import Q
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.utils.urls import replace_query_param

NO_SUCH_PAGE = "This page marker cannot be used. Start again from the first page of the list."


class Pages(CursorPagination):
    """Pages by cursor, 50 rows each; the view names its order in `ordering`, ending in the id.

    Django REST framework's own marker counts rows that share a day, and so repeats one when
    another comes in before it. All parts of our order run the same way.
    """

    page_size = 50

    def paginate_queryset(self, queryset, request, view=None):
        self.url, self.model, self.names = (
            request.build_absolute_uri(),
            queryset.model,
            [name.lstrip("-") for name in view.ordering],
        )
        marker = request.query_params.get(self.cursor_query_param)
        try:
            back, place = self._read(marker) if marker else (False, None)
            return self._page(queryset, view.ordering, back, place)
        except (ValidationError, ValueError, TypeError, OverflowError, DataError) as error:
            if not marker:
                raise
            raise NotFound(NO_SUCH_PAGE) from error

    def _page(self, queryset, ordering, back, place):
        rows = queryset.order_by(*ordering)
        rows = rows.reverse() if back else rows
        if place:
            falls = ordering[0].startswith("-")
            rows = rows.filter(self._beyond(place, "gt" if falls == back else "lt"))
        found = list(rows[: self.page_size + 1])
        more, page = len(found) > self.page_size, found[: self.page_size]
        if back:
            page.reverse()
        self.next = self._marker(False, page[-1]) if page and (more or back) else None
        self.previous = self._marker(True, page[0]) if page and (more if back else place) else None
        return page

    def _beyond(self, place, side):
        """Later in the first part of the order, or the same there and later in the rest."""
        beyond, before = Q(), {}
        for name, value in zip(self.names, place, strict=True):
            beyond |= Q(**before, **{f"{name}__{side}": value})
            before[name] = value
        return beyond & Q(**{f"{self.names[0]}__{side}e": place[0]})

    def _marker(self, back, row):
        place = [str(getattr(row, name)) for name in self.names]
        text = json.dumps([back, *place], ensure_ascii=False, separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode()

    def _read(self, marker):
        back, *place = json.loads(base64.urlsafe_b64decode(marker))
        fields = [self._field(name) for name in self.names]
        pairs = zip(fields, place, strict=True)
        return bool(back), [field.to_python(str(value)) for field, value in pairs]

    def _field(self, name):
        return self.model._meta.pk if name == "pk" else self.model._meta.get_field(name)

    def get_next_link(self):
        return self._link(self.next)

    def get_previous_link(self):
        return self._link(self.previous)

    def _link(self, marker):
        return marker and replace_query_param(self.url, self.cursor_query_param, marker)
