from django.http import HttpResponse


def needs_home(request, **kwargs):
    return HttpResponse("Being built")


def hub_board(request, **kwargs):
    return HttpResponse("Being built")


def hub_board_download(request, **kwargs):
    return HttpResponse("Being built")


def partnership_board(request, **kwargs):
    return HttpResponse("Being built")
