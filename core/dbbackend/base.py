"""The connection of that backend: it starts the server, and tells it for whom it answers."""

from django.db import transaction
from django.db.backends.postgresql import base

from core import embedded, scope

TRANSACTION_CONTROL = ("SAVEPOINT", "RELEASE", "ROLLBACK", "SET TRANSACTION")
ANSWER_FOR_ALL = "SELECT set_config('footbridge.everything', 'on', %s)"
ENTER = "SELECT footbridge_enter(%s, %s)"


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, with the embedded server before it and the row policies behind it.

    `scope` is for whom the database shall answer; `_told` is what the transaction has been told.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.scope = self._told = self._rest = scope.at_rest()
        self.execute_wrappers.append(self._in_scope)

    def get_new_connection(self, params):
        if self.settings_dict.get("EMBEDDED"):
            embedded.ensure()
        return super().get_new_connection(params)

    def init_connection_state(self):
        super().init_connection_state()
        self._told = self._rest
        if self._rest.everything:
            with self.connection.cursor() as cursor:
                cursor.execute(ANSWER_FOR_ALL, [False])

    def _in_scope(self, execute, sql, params, many, context):
        if isinstance(sql, str) and sql.startswith(TRANSACTION_CONTROL):
            return execute(sql, params, many, context)
        if self.scope != self._told:
            if self.get_autocommit():
                # What is told holds for one transaction, so a statement alone gets its own.
                with transaction.atomic(using=self.alias):
                    return self._in_scope(execute, sql, params, many, context)
            self._tell()
        return execute(sql, params, many, context)

    def _tell(self):
        with self.wrap_database_errors, self.connection.cursor() as cursor:
            if self.scope.everything:
                cursor.execute(ANSWER_FOR_ALL, [True])
            else:
                cursor.execute(ENTER, [self.scope.person, self.scope.partnership])
        self._told = self.scope

    def _commit(self):
        super()._commit()
        self._told = self._rest

    def _rollback(self):
        super()._rollback()
        self._told = self._rest

    def _savepoint_rollback(self, sid):
        super()._savepoint_rollback(sid)
        self._told = None
