"""The REST API: one router, one version; each room brings its own viewsets."""

from django.urls import include, path
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.plumbing import build_bearer_security_scheme_object
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import DefaultRouter

from activities.api import ActivityViewSet
from core.api.jobs import JobViewSet
from dashboards.api import ChoiceViewSet
from evaluation.api import PackViewSet, PlanViewSet
from needs.api import AssessmentViewSet, NeedViewSet
from partnerships.api.closed_schools import ClosedSchoolViewSet
from partnerships.api.continuations import ContinuationViewSet
from partnerships.api.conversations import ConversationViewSet
from partnerships.api.people import (
    HubViewSet,
    MembershipViewSet,
    PartnershipViewSet,
    ProviderViewSet,
)
from partnerships.api.schools import SchoolLinkViewSet
from schools.api import SchoolViewSet
from schools.api_areas import SchoolAreaViewSet
from schools.api_groups import EstablishmentLinkViewSet, GroupViewSet
from schools.api_runs import RegisterChangeViewSet, RegisterRunViewSet
from schools.areas.api import ProfilePostcodes
from schools.results.api import ResultViewSet


class TokenScheme(OpenApiAuthenticationExtension):
    """Names the tokens in the document."""

    target_class = "partnerships.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema):
        return build_bearer_security_scheme_object("Authorization", "Bearer")


router = DefaultRouter()
router.include_root_view = False
router.include_format_suffixes = False
router.register("partnerships", PartnershipViewSet, basename="partnership")
router.register("hubs", HubViewSet, basename="hub")
router.register("providers", ProviderViewSet, basename="provider")
router.register("memberships", MembershipViewSet, basename="membership")
router.register("schools", SchoolLinkViewSet, basename="school")
router.register("conversations", ConversationViewSet, basename="conversation")
router.register("register", SchoolViewSet, basename="register")
router.register("register-runs", RegisterRunViewSet, basename="register-run")
router.register("register-changes", RegisterChangeViewSet, basename="register-change")
router.register("results", ResultViewSet, basename="result")
router.register("areas", SchoolAreaViewSet, basename="area")
router.register("links", EstablishmentLinkViewSet, basename="link")
router.register("trusts", GroupViewSet, basename="trust")
router.register("closed-schools", ClosedSchoolViewSet, basename="closed-school")
router.register("continuations", ContinuationViewSet, basename="continuation")
router.register("needs", NeedViewSet, basename="need")
router.register("assessments", AssessmentViewSet, basename="assessment")
router.register("activities", ActivityViewSet, basename="activity")
router.register("plans", PlanViewSet, basename="plan")
router.register("evidence-packs", PackViewSet, basename="evidence-pack")
router.register("school-choice", ChoiceViewSet, basename="school-choice")
router.register("jobs", JobViewSet, basename="job")

urlpatterns = [
    path("postcodes/profile/", ProfilePostcodes.as_view(), name="api_profile_postcodes"),
    path("schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("", include(router.urls)),
]
