"""The REST API: one router, one version; each room brings its own viewsets."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import DefaultRouter

from activities.api import ActivityViewSet
from evaluation.api import PackViewSet, PlanViewSet
from needs.api import AssessmentViewSet, NeedViewSet
from partnerships.api import SchoolLinkViewSet
from schools.api import SchoolViewSet

router = DefaultRouter()
router.include_root_view = False
router.register("schools", SchoolLinkViewSet, basename="school")
router.register("register", SchoolViewSet, basename="register")
router.register("needs", NeedViewSet, basename="need")
router.register("assessments", AssessmentViewSet, basename="assessment")
router.register("activities", ActivityViewSet, basename="activity")
router.register("plans", PlanViewSet, basename="plan")
router.register("evidence-packs", PackViewSet, basename="evidence-pack")

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("", include(router.urls)),
]
