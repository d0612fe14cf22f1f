"""Run the revisions on the connection that the caller gives."""

from alembic import context

from citybraid.web.database.tables import Table

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Table.metadata, user_module_prefix="")
with context.begin_transaction():
    context.run_migrations()
