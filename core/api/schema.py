"""How the document of the API is written: what is sent, what comes back, and every refusal."""

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import get_doc

REFERENCE = {"type": "string", "description": "The number that finds this request in our log."}
ERROR = {
    "type": "object",
    "description": "Why the request was not done, and what to do.",
    "properties": {
        "detail": {"type": "string", "description": "A sentence that says what to do."},
        "fields": {
            "type": "object",
            "description": "What is wrong with what was sent, by the name of the field. "
            "A field within a field is named with dots: headcounts.0.actual",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        "reference": REFERENCE,
    },
    "required": ["detail", "reference"],
    "additionalProperties": False,
}
REFUSALS = {
    "400": ("Unusable", "Something that was sent cannot be used."),
    "401": ("Stranger", "There was no token, or it is not in use."),
    "403": ("NotAllowed", "Your role does not let you do that."),
    "404": ("NotFound", "There is nothing at this address, or it is not yours to see."),
    "406": ("NotAcceptable", "The request asked for another form than application/json."),
    "413": ("TooLarge", "The body is larger than this address takes."),
    "415": ("NotJson", "The body was not sent as application/json."),
    "429": ("TooMany", "Too many requests; the header Retry-After says when to go on."),
    "503": ("Away", "The database does not answer just now; Retry-After says when to try again."),
}
WITH_BODY = {"413", "415"}
HEADERS = {
    "401": {"WWW-Authenticate": {"schema": {"type": "string"}, "required": True}},
    "429": {"Retry-After": {"schema": {"type": "integer", "minimum": 1}, "required": True}},
    "503": {"Retry-After": {"schema": {"type": "integer", "minimum": 1}, "required": True}},
}


class Schema(AutoSchema):
    """Reads from a `Creatable` viewset what its creation asks and answers."""

    def _creates(self):
        return getattr(self.view, "asks", None) and self.view.action == "create"

    def get_description(self):
        return get_doc(self.view.make) if self._creates() else super().get_description()

    def get_request_serializer(self):
        return self.view.asks if self._creates() else super().get_request_serializer()

    def get_response_serializers(self):
        if self._creates():
            return {self.view.made_status: self.view.serializer_class}
        return super().get_response_serializers()


def add_refusals(result, generator, request, public):
    """Add to every operation the refusals that it shares with all others."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Error"] = ERROR
    components["responses"] = {
        name: _refusal(status, words) for status, (name, words) in REFUSALS.items()
    }
    for methods in result["paths"].values():
        for operation in methods.values():
            for status, (name, _) in REFUSALS.items():
                if status not in WITH_BODY or "requestBody" in operation:
                    ref = {"$ref": f"#/components/responses/{name}"}
                    operation["responses"].setdefault(status, ref)
    return result


def _refusal(status, words):
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    answer = {"description": words, "content": content}
    return answer | ({"headers": HEADERS[status]} if status in HEADERS else {})
