"""Long work for machines: how far it is, and stopping it."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from core import jobs
from core.api.filters import Filters
from core.api.serializers import Shown
from core.api.viewsets import Readable
from core.models import Job


class JobSerializer(Shown):
    """A job; its file is on its page, for the person who signs in."""

    reference = serializers.CharField(read_only=True)
    url = serializers.CharField(source="get_absolute_url")

    class Meta:
        model = Job
        fields = [
            *("id", "reference", "partnership_id", "title", "state", "phase", "done", "total"),
            *("file_name", "error", "created_at", "started_at", "finished_at", "url"),
        ]


class JobFilter(Filters):
    """Narrow by state."""

    class Meta:
        model = Job
        fields = ["state"]


class JobViewSet(Readable):
    """Long work that you have asked for, newest first."""

    serializer_class = JobSerializer
    filterset_class = JobFilter
    ordering = ("-created_at", "-id")
    queryset = Job.objects.none()

    @extend_schema(request=None, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request, pk):
        """Stop a job; one that had ended stays as it is."""
        job = self.get_object()
        jobs.cancel(job, by=request.user)
        job.refresh_from_db()
        return Response(self.get_serializer(job).data)
