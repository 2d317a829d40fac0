"""What is asked before a pack is made."""

from django import forms

from core.disclosure import POLICIES
from core.models import ReportingPeriod
from evaluation.models import AccessPlan, EvidencePack

READERS = {
    "inside": "True numbers. Do not pass it on outside the partnership.",
    "partners": "Counts of people and contact hours rounded to the nearest 5; 0, 1 and 2 become 0.",
}


def policy_choices():
    """Who may read a pack, each with the policy's name."""
    return [(code, POLICIES[code].name) for code in EvidencePack.POLICIES]


class PeriodField(forms.ModelChoiceField):
    """A reporting period with its dates."""

    def label_from_instance(self, period):
        return f"{period.name}: {period.starts_on:%-d %b %Y} to {period.ends_on:%-d %b %Y}"


class PackForm(forms.Form):
    """Which plan and year, and who will read it."""

    plan = forms.ModelChoiceField(
        AccessPlan.objects.none(),
        label="Access and participation plan",
        error_messages={"required": "Choose a plan", "invalid_choice": "Choose a plan of the list"},
    )
    period = PeriodField(
        ReportingPeriod.objects.none(),
        label="Reporting period",
        error_messages={
            "required": "Choose a reporting period",
            "invalid_choice": "Choose a reporting period of this plan",
        },
    )
    policy = forms.ChoiceField(
        choices=policy_choices,
        label="Who will read it?",
        widget=forms.RadioSelect,
        help_text="This decides what is rounded in every figure and table of the pack.",
        error_messages={
            "required": "Choose who will read the pack",
            "invalid_choice": "Choose who will read the pack",
        },
    )

    def __init__(self, *args, plans, periods, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["plan"].queryset = plans
        self.fields["plan"].empty_label = None
        self.fields["period"].queryset = periods
        self.fields["period"].empty_label = None
