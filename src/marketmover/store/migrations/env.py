"""Alembic's entry: runs migrations over the connection that it is given."""

from alembic import context

from marketmover.store.records import RecordsBase

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=RecordsBase.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
