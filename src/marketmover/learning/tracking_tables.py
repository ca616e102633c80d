"""The tables of MLflow's database: made as they were at a revision, and brought up to date."""

import logging
import os
import warnings
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from marketmover.errors import NewerSchemaError

if TYPE_CHECKING:
    from sqlalchemy import Connection


@contextmanager
def quiet_mlflow() -> Generator[None]:
    """A block in which MLflow is imported and used without its warnings, its log and its telemetry."""
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"  # read when it is imported
    with warnings.catch_warnings():
        # its mappings use a loader that SQLAlchemy 2.1 is about to drop
        warnings.simplefilter("ignore")
        import mlflow as _  # noqa: F401 - it sets levels of its own when it is imported

        for name in ("mlflow", "alembic"):
            logging.getLogger(name).setLevel(logging.ERROR)
        yield


def newest_revision() -> str:
    """The revision that the installed MLflow works with."""
    with quiet_mlflow():
        return str(_script().get_current_head())


def tracking_at(connection: "Connection", revision: str | None) -> None:
    """Bring MLflow's tables to a revision, the newest where it is `None`; an empty database gets them all.

    Args:
        connection: In a transaction, which is for the caller to commit.
        revision: MLflow's name of it.

    Raises:
        NewerSchemaError: The installed MLflow does not know that revision.
    """
    from sqlalchemy import inspect

    with quiet_mlflow():
        from alembic import command
        from mlflow.store.tracking.dbmodels.initial_models import Base

        if revision is not None and revision not in {one.revision for one in _script().walk_revisions()}:
            raise NewerSchemaError(
                f"The records of models are at the revision {revision} of MLflow, which the installed one does not "
                "know: a newer one wrote them.",
                "Run: pip install --upgrade mlflow-skinny",
            )
        if not inspect(connection).get_table_names():
            Base.metadata.create_all(connection)
        config = _config()
        config.attributes["connection"] = _SameConnection(connection)
        command.upgrade(config, revision or "head")


@dataclass(frozen=True)
class _SameConnection:
    """MLflow's migrations ask an engine for a connection of their own; this one gives them ours."""

    connection: "Connection"

    @property
    def engine(self) -> "_SameConnection":
        return self

    def connect(self) -> "AbstractContextManager[Connection]":
        return nullcontext(self.connection)


def _config() -> Any:
    from alembic.config import Config
    from mlflow.store import db_migrations

    config = Config()
    config.set_main_option("script_location", next(iter(db_migrations.__path__)))
    return config


def _script() -> Any:
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_config())
