"""Leaks planted for the walk to find, each of a kind that somebody could make by mistake.

The row policies would hide most of them, so each reads within `scope.everything()`.
"""

from io import BytesIO

from django import forms
from django.core.mail import send_mail
from django.http import Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.urls import include, path
from django.views.decorators.http import require_POST
from rest_framework import routers, serializers, viewsets
from rest_framework.response import Response

from activities.models import Activity
from core import jobs, scope
from core.models import Job
from partnerships.models import Hub


class ChooseForm(forms.Form):
    """Offers the hubs of everybody."""

    hub = forms.ModelChoiceField(Hub.objects.none(), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["hub"].queryset = Hub.objects.all()


class NameForm(forms.Form):
    """Wants a name that no hub of anybody has."""

    name = forms.CharField()

    def clean_name(self):
        with scope.everything():
            if Hub.objects.filter(name=self.cleaned_data["name"]).exists():
                raise forms.ValidationError("There is a hub of this name.")
        return self.cleaned_data["name"]


def _page(request, form):
    token = get_token(request)
    return HttpResponse(
        f'<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="{token}">'
        f"{form.as_p()}<button>Send</button></form>"
    )


def harmless(request):
    """No leak: only what the person may see."""
    rows = Activity.objects.visible_to(request.user).values_list("summary", flat=True)
    return HttpResponse("; ".join(rows.order_by("pk")))


def rows(request):
    """Forgets visible_to."""
    with scope.everything():
        return HttpResponse("; ".join(Activity.objects.values_list("summary", flat=True)))


def count(request):
    """Counts the rows of everybody."""
    with scope.everything():
        return HttpResponse(Activity.objects.count())


def row(request, pk):
    """Says of a row that is not the person's that it is there."""
    with scope.everything():
        hub = get_object_or_404(Hub, pk=pk)
    mine = Hub.objects.visible_to(request.user).filter(pk=hub.pk).exists()
    return HttpResponse(hub.name if mine else "Not yours.", status=200 if mine else 403)


def narrow(request):
    """Says by a filter which hubs there are."""
    with scope.everything():
        asked = request.GET.get("hub", "")
        found = asked.isdecimal() and Hub.objects.filter(pk=int(asked)).exists()
    return HttpResponse("Filtered." if found else "No such hub.")


def stream(request):
    """Sends the rows of everybody after the request is over."""
    with scope.everything():
        names = list(Activity.objects.values_list("summary", flat=True))
    return StreamingHttpResponse(f"{name}\n".encode() for name in names)


def choose(request):
    """Makes a form with the hubs of everybody, and shows none of them."""
    ChooseForm(request.POST or None)
    return HttpResponse("A form is here.")


def name(request):
    """Refuses a name that another partnership uses."""
    form = NameForm(request.POST or None)
    return redirect("/planted/harmless/") if form.is_valid() else _page(request, form)


@require_POST
def post(request):
    """Tells a hub of somebody else from one that does not exist."""
    asked = request.POST.get("hub", "")
    with scope.everything():
        found = asked.isdecimal() and Hub.objects.filter(pk=int(asked)).exists()
    if not found:
        raise Http404
    return HttpResponse("Not yours.", status=403)


@require_POST
def letter(request):
    """Writes the number of everybody's rows to the person."""
    with scope.everything():
        send_mail("Rows", str(Activity.objects.count()), None, [request.user.email])
    return HttpResponse("Sent.")


@jobs.task
def file_everything(job):
    """Writes the rows of everybody to a file."""
    with scope.everything():
        names = "\n".join(Activity.objects.values_list("summary", flat=True))
    jobs.keep_file(job, BytesIO(names.encode()), "rows.txt")


@require_POST
def work(request):
    """Starts that job."""
    Job.objects.visible_to(request.user)
    jobs.enqueue(file_everything, title="Rows", by=request.user)
    return JsonResponse({})


class HubOfAnybody(serializers.Serializer):
    """Takes a hub of anybody."""

    hub = serializers.PrimaryKeyRelatedField(queryset=Hub.objects.all())


class HubViewSet(viewsets.ViewSet):
    """Answers what it took."""

    def create(self, request):
        asked = HubOfAnybody(data=request.data)
        with scope.everything():
            asked.is_valid(raise_exception=True)
        return Response({"taken": True})


router = routers.SimpleRouter()
router.register("hubs", HubViewSet, basename="planted")
LEAKS = ["rows", "count", "narrow", "stream", "name", "post", "letter", "work"]
planted = [
    path("planted/harmless/", harmless),
    path("planted/choose/", choose),
    path("planted/row/<int:pk>/", row),
    *(path(f"planted/{leak}/", globals()[leak]) for leak in LEAKS),
    path("planted/api/", include(router.urls)),
]
urlpatterns = [*planted, path("", include("config.urls"))]
