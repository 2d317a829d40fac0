"""People who sign in, for site administrators; what they may do hangs on memberships."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import Group  # its module registers what is taken away below

from accounts.models import User

admin.site.unregister(Group)  # roles are memberships; the library's groups grant nothing here


class UserForm(forms.ModelForm):
    """A person; a password is chosen by themselves, from the sign-in page."""

    class Meta:
        model = User
        fields = ["email", "name", "is_active", "is_staff"]

    def clean_email(self):
        email = self.cleaned_data["email"].lower()
        others = User.objects.exclude(pk=self.instance.pk)
        if others.filter(email__iexact=email).exists():
            raise forms.ValidationError("There is a person with this address already.")
        return email


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """Switching a person off ends their access everywhere; nobody is deleted."""

    form = UserForm
    list_display = ("name", "email", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("name", "email")
    readonly_fields = ("last_login", "date_joined")

    def save_model(self, request, user, form, change):
        if not change:
            user.set_unusable_password()
        super().save_model(request, user, form, change)

    def has_delete_permission(self, request, obj=None):
        return False
