"""Words for shares and year groups on the pages of evidence."""

from decimal import Decimal

from django import template

from activities.models import YearGroup

register = template.Library()


@register.filter
def percent_of_bp(points):
    """Write basis points as a percentage: 3350 is 33.5%."""
    return f"{Decimal(points) / 100:f}%"


@register.filter
def year_name(value):
    """Write a year group by its own name: 19 is 19 and over in FE."""
    return YearGroup(value).label
