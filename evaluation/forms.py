"""What is asked before a pack is made."""

from django import forms

from activities.models import ActivityType
from core.disclosure import POLICIES
from core.models import ReportingPeriod
from evaluation.models import AccessPlan, EvidencePack
from partnerships.models import Provider

READERS = {
    "inside": "True numbers. Do not pass it on outside the partnership.",
    "partners": "Counts of people and contact hours rounded to the nearest 5; 0, 1 and 2 become 0.",
    "public": "Rounded to the nearest 5, and numbers from 1 to 4 hidden, with what would give "
    "them away. Schools are not named, so the needs are not listed.",
}


def policy_choices():
    """Who may read a pack, each with the policy's name."""
    return [(code, POLICIES[code].name) for code in EvidencePack.POLICIES]


class PeriodField(forms.ModelChoiceField):
    """A reporting period with its dates."""

    def label_from_instance(self, period):
        kind = period.get_kind_display()
        return f"{kind}: {period.starts_on:%-d %b %Y} to {period.ends_on:%-d %b %Y}"


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


class PlanForm(forms.Form):
    """A provider's plan and its dates."""

    provider = forms.ModelChoiceField(
        Provider.objects.none(), empty_label=None, help_text="Whose plan it is."
    )
    title = forms.CharField(
        max_length=160, help_text="Such as Access and participation plan 2025-26 to 2028-29."
    )
    starts_on = forms.DateField(
        label="First day", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label="Last day", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args, providers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["provider"].queryset = providers

    def clean(self):
        data = super().clean()
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", "The last day must be after the first")
        return data


class StrategyForm(forms.Form):
    """One intervention strategy of a plan."""

    code = forms.CharField(max_length=12, help_text="As the plan has it, such as IS1.")
    title = forms.CharField(max_length=160)


class SharesForm(forms.Form):
    """For each type of activity, the percentage of its hours that each strategy takes."""

    def __init__(self, *args, plan, **kwargs):
        super().__init__(*args, **kwargs)
        self.strategies = list(plan.strategies.all())
        self.types = list(ActivityType.objects.in_use().filter(is_conversation=False))
        now = {(each.strategy_id, each.type_id): each.share_bp for each in plan.allocations.all()}
        for kind in self.types:
            for strategy in self.strategies:
                points = now.get((strategy.pk, kind.pk))
                self.fields[f"s{strategy.pk}-{kind.pk}"] = forms.DecimalField(
                    label=f"{kind}, {strategy.code}, per cent",
                    min_value=0,
                    max_value=100,
                    decimal_places=2,
                    required=False,
                    initial=points and f"{points / 100:g}",
                    widget=forms.TextInput(attrs={"inputmode": "decimal", "size": "5"}),
                )

    def rows(self):
        """Each type with its field for each strategy."""
        for kind in self.types:
            yield kind, [self[f"s{strategy.pk}-{kind.pk}"] for strategy in self.strategies]

    def clean(self):
        data = super().clean()
        for kind in self.types:
            names = [f"s{strategy.pk}-{kind.pk}" for strategy in self.strategies]
            if sum(data.get(name) or 0 for name in names) > 100:
                self.add_error(names[0], f"{kind}: the shares make more than 100%")
        return data

    def shares(self):
        """The shares asked for, in basis points."""
        return {
            (strategy, kind): int((self.cleaned_data[f"s{strategy.pk}-{kind.pk}"] or 0) * 100)
            for kind in self.types
            for strategy in self.strategies
        }
