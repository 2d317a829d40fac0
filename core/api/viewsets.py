"""The frame of every noun of the API: list, detail, and where a room says so, creation."""

from rest_framework import mixins, viewsets
from rest_framework.response import Response

from core.api.pages import Pages


class Readable(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """List and detail of the rows that the person may see.

    A room names `queryset` (the model, without rows), `serializer_class`, `filterset_class` and
    `ordering`, which ends in the id; it extends `get_queryset` by what its serializer reads.
    """

    pagination_class = Pages

    def get_queryset(self):
        if self._is_for_the_document():
            return self.queryset
        return self.queryset.model.objects.visible_to(self.request.user)

    def get_serializer_context(self):
        return {} if self._is_for_the_document() else super().get_serializer_context()

    def _is_for_the_document(self):
        """The document is written for nobody, and without asking the database."""
        return getattr(self, "swagger_fake_view", False)


class Creatable(Readable):
    """A noun that can be made through the API.

    A room names `asks`, the serializer of what is sent, and does `make(asked)`: it checks the verb
    and calls the action, and returns the row.
    """

    asks = None
    made_status = 201

    def create(self, request):
        asked = self.asks(data=request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        row = self.make(dict(asked.validated_data))
        shown = self.get_serializer(self.get_queryset().get(pk=row.pk))
        return Response(shown.data, status=self.made_status)
