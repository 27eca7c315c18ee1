"""Alembic's entry: runs on the connection it is handed, inside the transaction that the caller opened."""

from alembic import context

from storage import tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.METADATA,
    render_as_batch=True,
)
context.run_migrations()
