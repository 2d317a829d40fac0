"""Addresses of partnerships, their people and their schools."""

from django.urls import path

from partnerships.views import (
    continuations,
    conversations,
    founding,
    leads,
    people,
    schools,
    tokens,
)

app_name = "partnerships"
urlpatterns = [
    path("", founding.index, name="list"),
    path("<int:pk>/", founding.detail, name="detail"),
    path("<int:pk>/recent-contact/", founding.set_recent_contact, name="set_recent_contact"),
    path("<int:pk>/hubs/add/", founding.add_hub, name="add_hub"),
    path("hubs/<int:pk>/rename/", founding.rename_hub, name="rename_hub"),
    path("<int:pk>/providers/add/", founding.add_provider, name="add_provider"),
    path("<int:pk>/people/", people.people, name="people"),
    path("<int:pk>/people/add/", people.add_person, name="add_person"),
    path("people/<int:pk>/", people.change_person, name="change_person"),
    path("people/<int:pk>/end/", people.end_person, name="end_person"),
    path("<int:pk>/tokens/", tokens.tokens, name="tokens"),
    path("<int:pk>/tokens/issue/", tokens.issue_token, name="issue_token"),
    path("tokens/<int:pk>/revoke/", tokens.revoke_token, name="revoke_token"),
    path("schools/mine/", schools.my_schools, name="my_schools"),
    path("<int:pk>/schools/", schools.schools, name="schools"),
    path("<int:pk>/schools/find/", schools.find_school, name="find_school"),
    path("<int:pk>/schools/<int:school_pk>/add/", schools.link_school, name="link_school"),
    path("links/<int:pk>/", schools.link, name="link"),
    path("links/<int:pk>/status/", schools.change_status, name="change_status"),
    path("links/<int:pk>/year-groups/", schools.correct_year_groups, name="correct_year_groups"),
    path("links/<int:pk>/end/", schools.end_school, name="end_school"),
    path("<int:pk>/continuations/", continuations.continuations, name="continuations"),
    path(
        "links/<int:pk>/continuation/decide/",
        continuations.decide_continuation,
        name="decide_continuation",
    ),
    path(
        "links/<int:pk>/continuation/undo/",
        continuations.undo_continuation,
        name="undo_continuation",
    ),
    path("links/<int:pk>/leads/add/", leads.admit_lead, name="admit_lead"),
    path("leads/<int:pk>/end/", leads.end_lead, name="end_lead"),
    path(
        "links/<int:pk>/conversations/add/",
        conversations.record_conversation,
        name="record_conversation",
    ),
    path("conversations/<int:pk>/", conversations.conversation, name="conversation"),
]
