"""How rows are written for machines, and how machines write to us."""

from rest_framework import relations, serializers

TEXT = (
    serializers.CharField,
    serializers.DateField,
    serializers.TimeField,
    serializers.UUIDField,
    serializers.SlugRelatedField,
)
WHOLE_NUMBERS = (serializers.IntegerField, serializers.PrimaryKeyRelatedField)


class Shown(serializers.ModelSerializer):
    """A row as it is shown: every field is there, and none is for sending."""

    def get_fields(self):
        fields = super().get_fields()
        for field in fields.values():
            field.read_only, field.required = True, False
        return fields


class Typed:
    """What is sent has the type that the document says: 0 is no text, and "yes" is not true."""

    def to_internal_value(self, data):
        faults = {
            name: [fault]
            for name, field in self.fields.items()
            if isinstance(data, dict) and name in data and (fault := _fault(field, data[name]))
        }
        if faults:
            raise serializers.ValidationError(faults)
        return super().to_internal_value(data)


def _fault(field, value):
    if isinstance(field, relations.ManyRelatedField) and isinstance(value, list):
        return next(filter(None, (_fault(field.child_relation, one) for one in value)), "")
    if isinstance(field, serializers.ListField) and isinstance(value, list):
        return next(filter(None, (_fault(field.child, one) for one in value)), "")
    if value is None:
        return ""
    if isinstance(field, serializers.ChoiceField):
        kinds = {type(choice) for choice in field.choices}
        return "" if type(value) in kinds else "Send one of the values of the document."
    if isinstance(field, TEXT) and not isinstance(value, str):
        return "Send a text, in quotation marks."
    if isinstance(field, WHOLE_NUMBERS) and type(value) is not int:
        return "Send a whole number, without quotation marks."
    if isinstance(field, serializers.BooleanField) and not isinstance(value, bool):
        return "Send true or false, without quotation marks."
    return ""
