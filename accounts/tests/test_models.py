import pytest
from django.db import IntegrityError

from accounts.models import User

pytestmark = pytest.mark.django_db


def test_create_user_keeps_the_address_in_small_letters_and_no_password():
    user = User.objects.create_user("Nia@Example.ORG", name="Nia New")

    assert user.email == "nia@example.org"
    assert not user.has_usable_password()
    assert User.objects.get_by_natural_key("NIA@example.org") == user


def test_one_address_is_one_person_whatever_its_letters():
    User.objects.create_user("nia@example.org", name="Nia")

    with pytest.raises(IntegrityError):
        User.objects.create(email="NIA@example.org", name="Other", password="!")


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Nia New", "NN"), ("Nia van der Berg", "NB"), ("Nia", "N"), ("", "?"), ("3 Rivers", "R")],
)
def test_initials(name, initials):
    assert User(name=name).initials == initials


def test_a_site_administrator_may_use_the_admin_and_nothing_of_a_partnership(partnership):
    admin = User.objects.create_superuser("ada@example.org", "three words long", name="Ada")

    assert admin.has_perm("accounts.change_user")
    assert admin.has_module_perms("accounts")
    assert not admin.has_perm("partnerships.manage_partnership", partnership)


def test_names():
    user = User(name="Nia New", email="nia@example.org")

    assert (str(user), user.get_full_name(), user.get_short_name()) == ("Nia New", "Nia New", "Nia")
    assert str(User(email="a@b.example")) == User(email="a@b.example").get_short_name()
