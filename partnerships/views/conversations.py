"""Pages of the talking and planning with schools."""

from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods

from partnerships import actions
from partnerships.forms import ConversationForm
from partnerships.models import Conversation, SchoolLink
from partnerships.rules import CONVERSE, is_member
from partnerships.views.asking import ask


@require_http_methods(["GET", "POST"])
def record_conversation(request, pk):
    """Put a conversation with a school on record."""
    links = SchoolLink.objects.visible_to(request.user).with_names()
    link = get_object_or_404(links, pk=pk)
    if not request.user.has_perm(CONVERSE, link):
        raise PermissionDenied
    return ask(
        request,
        ConversationForm(request.POST or None, initial={"client_uuid": uuid4()}),
        lambda data: actions.record_conversation(link, by=request.user, **data),
        said=f"Conversation with {link} recorded.",
        to=link,
        title=f"Record a conversation with {link}",
        button="Record this conversation",
        back=link.get_absolute_url(),
        nav="schools",
        partnership=link.partnership,
        crumb=(link.school.name, link.get_absolute_url()),
    )


@require_GET
def conversation(request, pk):
    """Show one conversation."""
    rows = Conversation.objects.visible_to(request.user).with_names().select_related("partnership")
    row = get_object_or_404(rows, pk=pk)
    if not is_member(request.user, row):
        raise PermissionDenied
    context = {"nav": "schools", "conversation": row}
    return render(request, "partnerships/conversation.html", context)
