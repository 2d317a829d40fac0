"""The profile of postcodes for machines. They come in the body, and none is kept."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from core import limits
from core.api.serializers import Typed
from schools import actions
from schools.areas.looking import IN_WARD, NOT_IN_WARD, WARD_NOT_KNOWN
from schools.areas.postcodes import MATCHED, OUTCOMES, shown
from schools.areas.profiling import MOST
from schools.areas.views import PROFILES

IS_IN = {IN_WARD: True, NOT_IN_WARD: False, WARD_NOT_KNOWN: None}


class Texts(serializers.ListField):
    """A long list of texts, looked at as a whole."""

    child = serializers.CharField(allow_blank=True)

    def run_child_validation(self, data):
        if not all(type(text) is str for text in data):
            raise ValidationError("Send texts, each in quotation marks.")
        return data


class ProfileAskedSerializer(Typed, serializers.Serializer):
    """Postcodes, and what is wanted of them."""

    postcodes = Texts(min_length=1, max_length=MOST, help_text="As they are; the first is row 1.")
    accept = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=MOST),
        required=False,
        default=list,
        max_length=MOST,
        help_text="Rows whose suggested repair is to be taken.",
    )
    rows = serializers.BooleanField(default=False, help_text="Whether to answer with each row.")


class RepairSerializer(serializers.Serializer):
    """What a row may mean instead."""

    row = serializers.IntegerField()
    text = serializers.CharField()
    suggested = serializers.CharField()
    is_found = serializers.BooleanField()


class QuintilesSerializer(serializers.Serializer):
    """One edition of a measure: rows in each quintile, and why the others are in none."""

    measure = serializers.CharField(help_text="Its code.")
    name = serializers.CharField()
    edition = serializers.CharField()
    geography = serializers.CharField()
    quintiles = serializers.DictField(child=serializers.IntegerField(), help_text="By 1 to 5.")
    unclassified = serializers.DictField(child=serializers.IntegerField(), help_text="By reason.")
    match_rate = serializers.FloatField(allow_null=True)


class ProfiledRowSerializer(serializers.Serializer):
    """One row; its facts are in the order of `measures`."""

    row = serializers.IntegerField()
    outcome = serializers.ChoiceField(choices=list(OUTCOMES.items()))
    postcode = serializers.CharField(allow_null=True)
    quintiles = serializers.ListField(child=serializers.IntegerField(allow_null=True))
    in_target_ward = serializers.BooleanField(allow_null=True, help_text="Null if not known.")


class WardsSerializer(serializers.Serializer):
    """Rows by whether they lie in a target ward of Uni Connect."""

    yes = serializers.IntegerField()
    no = serializers.IntegerField()
    not_known = serializers.IntegerField()


class ProfileSerializer(serializers.Serializer):
    """What became of the postcodes."""

    total = serializers.IntegerField()
    matched = serializers.IntegerField()
    match_rate = serializers.FloatField(allow_null=True, help_text="Per cent of all rows.")
    outcomes = serializers.DictField(child=serializers.IntegerField())
    measures = QuintilesSerializer(many=True)
    target_wards = WardsSerializer(allow_null=True, help_text="Null where no file marks them.")
    repairs = RepairSerializer(many=True, help_text="Suggested, not taken.")
    more_repairs = serializers.IntegerField(help_text="Suggestions beyond those listed.")
    repairs_taken = serializers.IntegerField()
    rows = ProfiledRowSerializer(many=True, required=False)


class ProfilePostcodes(APIView):
    """Profile a list of postcodes."""

    @extend_schema(
        operation_id="postcodes_profile",
        request=ProfileAskedSerializer,
        responses={200: ProfileSerializer},
    )
    def post(self, request):
        """Count postcodes by quintile of every measure loaded; nothing that is sent is kept."""
        asked = ProfileAskedSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        limits.take((PROFILES, str(request.user.pk)))
        values = asked.validated_data
        try:
            made = actions.profile_postcodes(
                enumerate(values["postcodes"], start=1),
                by=request.user,
                accepted=values["accept"],
            )
        except actions.NoPostcodes as refusal:
            raise ValidationError(str(refusal)) from refusal
        return Response(_written(made) | ({"rows": _rows(made)} if values["rows"] else {}))


def _written(made):
    return {
        "total": made.total,
        "matched": made.matched,
        "match_rate": made.match_rate,
        "outcomes": made.outcomes,
        "measures": [_measure(made, table) for table in made.tables],
        "target_wards": made.wards,
        "repairs": [vars(repair) for repair in made.repairs],
        "more_repairs": made.more_repairs,
        "repairs_taken": made.taken,
    }


def _measure(made, table):
    edition = table.edition
    return {
        "measure": edition.measure.code,
        "name": edition.measure.name,
        "edition": edition.edition,
        "geography": edition.geography,
        "quintiles": {str(fifth): number for fifth, number in table.fifths.items()},
        "unclassified": table.unclassified,
        "match_rate": made.match_rate,
    }


def _rows(made):
    return [
        {
            "row": row.number,
            "outcome": row.outcome,
            "postcode": shown(row.code) if row.outcome in MATCHED else None,
            "quintiles": [one if type(one) is int else None for one in made.facts_of(row)],
            "in_target_ward": IS_IN[made.ward_of(row)],
        }
        for row in made.rows
    ]
