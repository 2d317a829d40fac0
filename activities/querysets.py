"""Reading activities: by person, by school, by what they answer."""

from partnerships.models.owned import OwnedQuerySet, SchoolOwnedQuerySet


class ActivityQuerySet(OwnedQuerySet):
    pass


class ActivitySchoolQuerySet(SchoolOwnedQuerySet):
    pass
