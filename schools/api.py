"""The public register for machines: read only, the same for everyone who is signed in."""

import django_filters
from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api.filters import Filters, TrueOrFalseFilter, WholeNumberFilter
from core.api.serializers import Shown
from core.api.viewsets import Readable
from schools import facets, lineage, places, search
from schools.api_areas import AreaSerializer
from schools.areas import facts_of, ward_of
from schools.models import (
    Establishment,
    RegisterCode,
    RegisterMissing,
    RegisterRun,
    School,
)
from schools.register.columns import FIELDS as COLUMNS

MILES = 10
FIELDS = [column.name for column in COLUMNS]
ALL_CODES = [column.name for column in COLUMNS if column.kind == "code"]
CODES = [
    "type",
    "status",
    "phase",
    "authority",
    "gender",
    "sixth_form",
    "admissions",
    "trust",
    "region",
    "district",
]


@extend_schema_field(
    {
        "type": "object",
        "nullable": True,
        "required": ["code", "name"],
        "properties": {"code": {"type": "string"}, "name": {"type": "string"}},
    }
)
class CodeField(serializers.RelatedField):
    """A code of the register with its name."""

    def to_representation(self, value):
        return {"code": value.code, "name": value.name}


class EstablishmentSerializer(Shown):
    """One register row with its facts."""

    year_groups = serializers.ListField(child=serializers.IntegerField())

    class Meta:
        model = Establishment
        fields = [
            "id",
            "scheme",
            "code",
            "name",
            "laestab",
            "ukprn",
            "standing",
            *CODES,
            "low_age",
            "high_age",
            "year_groups",
            "opened_on",
            "closed_on",
            "pupils",
            "capacity",
            "fsm_percent",
            "census_on",
            "town",
            "county",
            "postcode",
            "website",
            "easting",
            "northing",
            "lsoa",
            "msoa",
            "last_changed_on",
        ]

    def build_relational_field(self, field_name, relation_info):
        return CodeField, {"read_only": True}


class SuccessorSerializer(serializers.Serializer):
    """A school that follows a closed one; `school` is null where the register does not have it."""

    school = serializers.IntegerField(source="school.pk", default=None, allow_null=True)
    code = serializers.CharField()
    name = serializers.CharField()
    types = serializers.ListField(child=serializers.CharField())
    has_closed = serializers.BooleanField()


class SchoolSerializer(Shown):
    """A school as people know it, with the register row that stands for it today.

    `successors` of a closed one are those that it has not become by itself.
    """

    current = EstablishmentSerializer(read_only=True)
    successors = serializers.SerializerMethodField()

    class Meta:
        model = School
        fields = ["id", "name", "standing", "current", "successors"]

    def get_successors(self, school) -> SuccessorSerializer(many=True):
        if "followed" not in self.context:
            shown = self.parent.instance if self.parent else [school]
            self.context["followed"] = lineage.successors_of_closed(shown)
        return SuccessorSerializer(self.context["followed"].get(school.pk, ()), many=True).data


class RecordSerializer(EstablishmentSerializer):
    """One register row with every fact that is published of it."""

    class Meta:
        model = Establishment
        fields = [
            *("id", "scheme", "code", "laestab", "standing", "has_sixth_form", "year_groups"),
            *FIELDS,
            "extra",
        ]


class SchoolRecordSerializer(SchoolSerializer):
    """A school with all its register rows in full, and the area of its site."""

    current = RecordSerializer(read_only=True)
    establishments = RecordSerializer(many=True, read_only=True)
    areas = serializers.SerializerMethodField()
    in_target_ward = serializers.SerializerMethodField()

    class Meta:
        model = School
        fields = ["id", "name", "standing", "current", "successors", "establishments", "areas"]
        fields += ["in_target_ward"]

    def get_areas(self, school) -> AreaSerializer(many=True):
        return AreaSerializer(facts_of(school), many=True).data

    def get_in_target_ward(self, school) -> bool | None:
        """Whether its site lies in a target ward of Uni Connect; null if not known."""
        return ward_of(school).is_in


def _codes(field, label):
    """A filter by codes of one of the register's lists; write it again for each code."""
    said = extend_schema_field({"type": "array", "items": {"type": "string"}})
    found = django_filters.ModelMultipleChoiceFilter(
        field_name=f"{field}__code",
        to_field_name="code",
        distinct=False,
        queryset=RegisterCode.objects.filter(list=field).order_by("name", "pk"),
        label=label,
    )
    return said(found)


class SchoolFilter(Filters):
    """Which schools: by words, numbers, what they are, and where they are."""

    q = django_filters.CharFilter(
        method="search", label="Words: name, town, postcode or number, in any order."
    )
    urn = django_filters.CharFilter(
        field_name="establishments__code", distinct=True, label="Unique reference number."
    )
    status = django_filters.ChoiceFilter(field_name="standing", choices=facets.STANDINGS)
    phase = _codes("phase", "Code of the phase.")
    type_group = _codes("type_group", "Code of the group of types.")
    type = _codes("type", "Code of the type.")
    region = _codes("region", "Code of the region.")
    authority = _codes("authority", "Code of the local authority.")
    added_by = WholeNumberFilter(
        method="new_in", label="Id of the run whose file brought a register row of the school."
    )
    missing_from = WholeNumberFilter(
        method="not_in", label="Id of the run whose file lacks a register row of the school."
    )
    trust = django_filters.CharFilter(
        method="of_trust", label="Words of the trust's name, or its number."
    )
    sixth_form = TrueOrFalseFilter(field_name="has_sixth_form", label="Has a sixth form.")
    fsm = django_filters.MultipleChoiceFilter(
        method="in_bands",
        choices=[(code, label) for code, (label, *_) in facets.FSM_BANDS.items()],
        label="Free school meals: the lower end of each band, or unknown.",
    )
    near = django_filters.CharFilter(
        method="near_to", label="A postcode, a town or a school; with `miles`."
    )
    miles = django_filters.NumberFilter(
        method="leave",
        min_value=0,
        max_value=500,
        label="As the crow flies from `near`; 10 if left out.",
    )
    measure = django_filters.CharFilter(method="leave", label="Code of an area measure.")
    quintile = django_filters.ChoiceFilter(
        method="in_fifth",
        choices=[(str(number), str(number)) for number in range(1, 6)],
        label="Fifth of the site's area by the `measure`.",
    )

    class Meta:
        model = School
        fields = []

    def search(self, queryset, name, value):
        return search.find(queryset, value).schools

    def new_in(self, queryset, name, value):
        runs = RegisterRun.objects.visible_to(self.request.user).filter(pk=value)
        rows = Establishment.objects.filter(added_by__in=runs)
        return queryset.filter(pk__in=rows.values("school"))

    def not_in(self, queryset, name, value):
        lacked = RegisterMissing.objects.visible_to(self.request.user).filter(run=value)
        return queryset.filter(pk__in=lacked.values("establishment__school"))

    def of_trust(self, queryset, name, value):
        return queryset.filter(trust__in=facets.trusts_named(value))

    def in_bands(self, queryset, name, value: list[str]):
        return facets.Wanted(fsm=tuple(value)).narrow(queryset)

    def near_to(self, queryset, name, value):
        place = places.find_place(School.objects.all(), value)
        if place is None:
            raise serializers.ValidationError({name: [facets.NO_PLACE]})
        miles = self.form.cleaned_data.get("miles")
        return places.within(queryset, place, float(MILES if miles is None else miles))

    def in_fifth(self, queryset, name, value):
        measure = self.form.cleaned_data.get("measure")
        if measure not in dict(facets.measures()):
            raise serializers.ValidationError({"measure": ["Write the code of a measure."]})
        return facets.Wanted(measure=measure, quintile=value).narrow(queryset)

    def leave(self, queryset, name, value):
        """It says more of another filter, which reads it."""
        return queryset


class SchoolViewSet(Readable):
    """Schools of the public register; an id that was given up leads to the school that goes on."""

    serializer_class = SchoolSerializer
    filterset_class = SchoolFilter
    ordering = ("sort_key", "id")
    queryset = School.objects.none()

    def get_serializer_class(self):
        return SchoolRecordSerializer if self.action == "retrieve" else SchoolSerializer

    def get_object(self):
        pk = self.kwargs["pk"]
        if pk.isdecimal() and (kept := lineage.now_at(int(pk))):
            self.kwargs["pk"] = kept.pk
        return super().get_object()

    def get_queryset(self):
        schools = super().get_queryset()
        if self.action == "retrieve":
            rows = Establishment.objects.select_related(*ALL_CODES).newest_first()
            return schools.prefetch_related(
                Prefetch("current", rows), Prefetch("establishments", rows)
            )
        return schools.select_related(*(f"current__{code}" for code in CODES))
