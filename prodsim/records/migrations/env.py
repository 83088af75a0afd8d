"""How alembic reaches the tables: over the connection, and in the schema, that ``records.server`` opened."""

from prodsim.extras import optional_packages

with optional_packages():
    from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
