"""The connection of that backend; everything else is Django's own."""

from django.db.backends.postgresql import base

from core import embedded


class DatabaseWrapper(base.DatabaseWrapper):
    """Before each new connection, see that the embedded server is there."""

    def get_new_connection(self, params):
        if self.settings_dict.get("EMBEDDED"):
            embedded.ensure()
        return super().get_new_connection(params)
