"""What comes in with a request: bodies of bounded size, texts without what cannot be seen."""

import contextlib

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler
from django.http.request import UnreadablePostError
from rest_framework import parsers

from core.text import UNSEEN, without_unseen

MB = 1024 * 1024
READ_AWAY = 64 * MB
PIECE = 65_536
ELSEWHERE = ""


def most_bytes(view_name=ELSEWHERE):
    """How large a request with files may be for a page, or for pages that take none."""
    largest = settings.UPLOAD_LARGEST
    return largest.get(view_name, largest[ELSEWHERE])


def read_away(request):
    """Read a body nobody wants, up to a point: browsers show no answer before they have sent it."""
    with contextlib.suppress(UnreadablePostError, OSError):
        for _ in range(READ_AWAY // PIECE):
            if not request.read(PIECE):
                return


class BoundedUpload(FileUploadHandler):
    """Refuses a request with files by its declared size, before anything of it is read."""

    def handle_raw_input(self, input_data, META, content_length, *boundary):  # noqa: N803 -- Django
        match = self.request.resolver_match
        is_known = match and self.request.user.is_authenticated
        most = most_bytes(match.view_name if is_known else ELSEWHERE)
        if content_length > most:
            raise RequestDataTooBig(f"Files of more than {most // MB} MB are not taken here.")

    def receive_data_chunk(self, raw_data, start):
        return raw_data

    def file_complete(self, file_size):
        return None


class WithoutUnseen:
    """Takes from the fields of every form what cannot be seen and what turns text around."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, arguments, named):
        if request.method == "POST" and any(map(_has_unseen, request.POST.lists())):
            clean = request.POST.copy()
            for name, values in request.POST.lists():
                clean.setlist(name, [without_unseen(value) for value in values])
            clean._mutable = False
            request.POST = clean


def _has_unseen(field):
    return any(not value.isprintable() and UNSEEN.search(value) for value in field[1])


class JSONParser(parsers.JSONParser):
    """JSON whose texts lose what cannot be seen; its size is bounded by Django's own limit."""

    def parse(self, stream, media_type=None, parser_context=None):
        try:
            return _without_unseen(super().parse(stream, media_type, parser_context))
        except RecursionError as error:
            raise parsers.ParseError("The JSON is nested too deeply.") from error


def _without_unseen(value):
    if isinstance(value, str):
        return value if value.isprintable() else without_unseen(value)
    if isinstance(value, list):
        return [_without_unseen(item) for item in value]
    if isinstance(value, dict):
        return {_without_unseen(name): _without_unseen(item) for name, item in value.items()}
    return value
