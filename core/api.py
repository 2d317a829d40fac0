"""What every viewset of the API shares."""

from rest_framework.pagination import CursorPagination


class Pages(CursorPagination):
    """Pages by cursor, 50 rows each; the view names its order in `ordering`, ending in the id."""

    page_size = 50

    def get_ordering(self, request, queryset, view):
        return view.ordering
