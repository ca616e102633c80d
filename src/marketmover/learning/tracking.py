"""Every run and every version of a model in MLflow, on a database of its own; nothing is sent anywhere.

Models themselves are files (JSON, never pickles) in the home's `files`; MLflow knows where each lies, what it was
fitted on and what it did.
"""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from marketmover.errors import InputError, StoreError
from marketmover.kit import new_id
from marketmover.learning.tracking_tables import quiet_mlflow

if TYPE_CHECKING:
    from mlflow import MlflowClient

    from marketmover.store import Files

_MOST_TEXT = 5000


@dataclass(frozen=True)
class Run:
    """One model's run: what it was told, what it did, and what it did in each fold.

    Attributes:
        name: What people call it.
        settings: What it was told.
        figures: What it did.
        folds: The same by fold, in order.
        labels: Whatever else it is to be found by.
    """

    name: str
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    figures: Mapping[str, float] = field(default_factory=dict[str, float])
    folds: Mapping[str, Sequence[float]] = field(default_factory=dict[str, Sequence[float]])
    labels: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Version:
    """A version of a model: its number, counting up, what it was fitted on, and all that it holds."""

    model: str
    number: int
    labels: dict[str, str]
    content: dict[str, Any]


class Tracker:
    """MLflow's runs and registry of one workspace.

    Args:
        url: The database, `sqlite:////path/mlflow.db`.
        files: Where models are kept.
        workspace: Whose runs and models these are.
    """

    def __init__(self, url: str, files: "Files", workspace: str = "default") -> None:
        self._url = url
        self._files = files
        self._workspace = workspace
        self._opened: MlflowClient | None = None

    @property
    def url(self) -> str:
        """The database."""
        return self._url

    def record(self, experiment: str, whole: Run, parts: Sequence[Run] = ()) -> str:
        """Keep a run with the runs that it is made of; gives its id."""
        client = self._client()
        place = self._experiment(client, experiment)
        parent = self._write(client, place, whole, {})
        for part in parts:
            self._write(client, place, part, {"mlflow.parentRunId": parent})
        return parent

    def register(self, model: str, content: Mapping[str, Any], run_id: str, labels: Mapping[str, str]) -> Version:
        """Keep a new version of a model; its file is there before MLflow knows of it."""
        from mlflow.exceptions import MlflowException

        client, name = self._client(), self._name(model)
        path = f"models/{model}/{new_id()}.json"
        self._files.write_text(path, json.dumps(content))
        try:
            client.create_registered_model(name)
        except MlflowException as error:
            if error.error_code != "RESOURCE_ALREADY_EXISTS":
                raise
        made = client.create_model_version(name, source=path, run_id=run_id, tags=dict(labels))
        return Version(model, int(made.version), dict(labels), dict(content))

    def newest(self, model: str) -> Version | None:
        """The newest version of a model; `None` where there is none.

        Raises:
            InputError: Its file cannot be read.
        """
        found = self._client().search_model_versions(f"name = '{self._name(model)}'")
        if not found:
            return None
        last = max(found, key=lambda one: int(one.version))
        try:
            content = json.loads(self._files.read_text(str(last.source)))
        except ValueError as error:
            raise InputError(
                f"The file {last.source} of the model {model}, version {last.version}, is no JSON.",
                "Compare and register models anew: marketmover models compare",
            ) from error
        return Version(model, int(last.version), dict(last.tags), content)

    def versions(self, model: str) -> list[tuple[int, dict[str, str]]]:
        """Numbers and labels of all versions of a model, newest first."""
        found = self._client().search_model_versions(f"name = '{self._name(model)}'")
        return sorted(((int(one.version), dict(one.tags)) for one in found), key=lambda one: -one[0])

    def _name(self, model: str) -> str:
        return f"{self._workspace}.{model}"

    def _client(self) -> "MlflowClient":
        if self._opened is None:
            self._opened = _opened(self._url)
        return self._opened

    def _experiment(self, client: "MlflowClient", name: str) -> str:
        full = f"{self._workspace}/{name}"
        known = client.get_experiment_by_name(full)
        if known:
            return str(known.experiment_id)
        return str(client.create_experiment(full, artifact_location=f"{self._files.shown}/models"))

    def _write(self, client: "MlflowClient", experiment: str, run: Run, tags: Mapping[str, str]) -> str:
        from mlflow.entities import Metric, Param, RunTag

        made = client.create_run(experiment, run_name=run.name, tags={**tags})
        now = int(time.time() * 1000)
        figures = [Metric(name, float(value), now, 0) for name, value in run.figures.items()]
        figures += [
            Metric(f"fold_{name}", float(value), now, step)
            for name, values in run.folds.items()
            for step, value in enumerate(values)
        ]
        client.log_batch(
            made.info.run_id,
            metrics=figures[:1000],
            params=[Param(name, str(value)[:_MOST_TEXT]) for name, value in run.settings.items()],
            tags=[RunTag(name, value[:_MOST_TEXT]) for name, value in run.labels.items()],
        )
        client.set_terminated(made.info.run_id)
        return str(made.info.run_id)


def _opened(url: str) -> "MlflowClient":
    """MLflow's client, its tables made where they are not there yet.

    Raises:
        StoreError: The database cannot be used.
    """
    with quiet_mlflow():
        from mlflow import MlflowClient
        from mlflow.exceptions import MlflowException
        from sqlalchemy.exc import SQLAlchemyError

        try:
            client = MlflowClient(tracking_uri=url, registry_uri=url)
            client.search_experiments(max_results=1)
            client.search_registered_models(max_results=1)
        except (MlflowException, SQLAlchemyError) as error:
            raise StoreError(
                f"The records of models cannot be opened: {str(error).splitlines()[0]}",
                "Check that MARKETMOVER_TRACKING_URL names a database of MLflow's own that this user may write.",
            ) from error
    return client
