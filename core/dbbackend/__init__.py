"""Django's PostgreSQL backend, which starts the embedded server where no other is named."""
