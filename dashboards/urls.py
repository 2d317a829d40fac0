"""Addresses of the pages that show more than one room."""

from django.urls import path

from dashboards.views import (
    about,
    board,
    choice,
    finding,
    home,
    map,
    record,
    register,
    school,
    searching,
    trust,
)

app_name = "dashboards"
urlpatterns = [
    path("", home.home, name="home"),
    path("schools/", finding.schools, name="schools"),
    path("schools/export/", finding.export_schools, name="export_schools"),
    path("schools/map/", map.school_map, name="map"),
    path("schools/map/places/", map.map_places, name="map_places"),
    path("schools/map/matches/", map.map_matches, name="map_matches"),
    path("schools/map/picture/", map.map_picture, name="map_picture"),
    path("schools/<int:pk>/card/", map.map_card, name="map_card"),
    path("schools/<int:pk>/record/", record.school_record, name="school_record"),
    path("schools/<int:pk>/record/download/", record.record_download, name="record_download"),
    path("search/", searching.search, name="search"),
    path("search/suggestions/", searching.suggest, name="suggest"),
    path("schools/<int:pk>/", school.school_page, name="school"),
    path("schools/trusts/", trust.trusts, name="trusts"),
    path("schools/trusts/<str:uid>/", trust.trust, name="trust"),
    path("schools/trusts/<str:uid>/export/", trust.export_trust, name="export_trust"),
    path("schools/register/runs/<int:pk>/", register.run, name="run"),
    path("schools/register/runs/<int:pk>/download/", register.run_download, name="run_download"),
    path(
        "partnerships/<int:pk>/register-changes/",
        register.register_changes,
        name="register_changes",
    ),
    path(
        "partnerships/<int:pk>/register-changes/download/",
        register.register_changes_download,
        name="register_changes_download",
    ),
    path("needs/", board.needs_home, name="needs"),
    path("needs/hubs/<int:pk>/", board.hub_board, name="hub_board"),
    path("needs/hubs/<int:pk>/download/", board.hub_board_download, name="hub_board_download"),
    path("needs/partnerships/<int:pk>/", board.partnership_board, name="partnership_board"),
    path("partnerships/<int:pk>/choice/", choice.choice, name="choice"),
    path("partnerships/<int:pk>/choice/weigh/", choice.weigh_priorities, name="weigh_priorities"),
    path("partnerships/<int:pk>/choice/download/", choice.choice_download, name="choice_download"),
    path("help/", about.show_help, name="help"),
    path("accessibility/", about.accessibility, name="accessibility"),
    path("privacy/", about.privacy, name="privacy"),
    path("complaints/", about.complaints, name="complaints"),
]
