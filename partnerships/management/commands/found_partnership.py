"""`manage.py found_partnership`: the first step of a new partnership, and its first manager."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.text import slugify

from partnerships import actions
from partnerships.models import Role


class Command(BaseCommand):
    """Makes a partnership and writes to its first manager how to sign in."""

    help = "Make a partnership and its first manager, who is told by e-mail how to sign in."

    def add_arguments(self, parser):
        parser.add_argument("name", help='such as "Three Rivers"')
        parser.add_argument("--manager", required=True, help="e-mail address")
        parser.add_argument("--manager-name", required=True)

    @transaction.atomic
    def handle(self, *, name, manager, manager_name, **options):
        try:
            validate_email(manager)
            partnership = actions.found_partnership(name=name, slug=slugify(name)[:60], by=None)
            actions.add_person(
                partnership, email=manager, name=manager_name, role=Role.MANAGER, by=None
            )
        except (actions.Refused, ValidationError) as error:
            raise CommandError(" ".join(getattr(error, "messages", [str(error)]))) from error
        self.stdout.write(f"{partnership} is there. {manager} has been written to.")
