"""Every setting of an installation, in one typed object: `MARKETMOVER_*` from the environment or from `.env`.

Only `app`, `cli` and `store` read settings; rooms are given values.
"""

import os
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from platformdirs import user_data_path
from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from marketmover.console import warn
from marketmover.errors import SettingsError

PREFIX = "MARKETMOVER_"
_ENV_FILE = ".env"


def _absolute(path: Path) -> Path:
    return path.expanduser().absolute()


def _web_address(url: str) -> str:
    parts = urlsplit(url)
    if url and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/") or parts.query):
        raise ValueError("write https://HOST or http://HOST:PORT, without a path")
    return url.rstrip("/")


def _provider(url: str) -> str:
    parts = urlsplit(url)
    local = parts.hostname in {"127.0.0.1", "localhost", "::1"}
    if url and (not parts.hostname or (parts.scheme != "https" and not (local and parts.scheme == "http"))):
        raise ValueError("write https://HOST, with a path where the provider has one")
    return url


def _workspace_name(name: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}", name):
        raise ValueError("use 1 to 64 lower case letters, digits, - and _, beginning with a letter or digit")
    return name


class Settings(BaseSettings):
    """Where this installation lives and which backends it runs on.

    An empty URL means the embedded default inside `home`: `lake.duckdb`, `records.sqlite`, a stream as a table in
    records, the folder `files/`, and `mlflow.db`. URLs are secret, since they may carry a password: they are never
    printed whole.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=_ENV_FILE,
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    home: Annotated[Path, AfterValidator(_absolute)] = Field(
        default_factory=lambda: user_data_path("marketmover"),
        description="Folder of this installation; everything embedded lives in it.",
    )
    lake_url: SecretStr = Field(
        default=SecretStr(""),
        description="History to scan and fit on: `duckdb:///PATH`. Empty: `lake.duckdb` in the home.",
    )
    records_url: SecretStr = Field(
        default=SecretStr(""),
        description="Rows that change: `sqlite:///PATH`, or `postgresql://USER:PASSWORD@HOST/DATABASE` (extra "
        "`postgres`). Empty: `records.sqlite` in the home.",
    )
    stream_url: SecretStr = Field(
        default=SecretStr(""), description="Facts in order: `records` (a table in records). Empty: the same."
    )
    files_url: SecretStr = Field(
        default=SecretStr(""),
        description="Models, exports, pictures: a folder, `file:///PATH`, `memory://` (gone when the process ends), or "
        "`s3://BUCKET/PREFIX` (extra `s3`). Empty: `files/` in the home.",
    )
    tracking_url: SecretStr = Field(
        default=SecretStr(""),
        description="Runs and versions of models, by MLflow, in a database of its own: `sqlite:///PATH` or "
        "`postgresql://USER:PASSWORD@HOST/DATABASE` (extra `postgres`). Empty: `mlflow.db` in the home.",
    )
    workspace: Annotated[str, AfterValidator(_workspace_name)] = Field(
        default="default",
        description="The workspace that commands work in: up to 64 lower case letters, digits, `-` and `_`.",
    )
    secret_key: SecretStr = Field(
        default=SecretStr(""),
        description="What seals the credentials of connected accounts (docs/accounts.md): 32 bytes by base64, as "
        "`openssl rand -base64 32` makes them. Several by commas: the first seals, the others still open. Empty: the "
        "file `secret.key` in the home, made when it is first needed.",
    )
    schedules: str = Field(
        default="",
        description="When jobs run, where it is not as `marketmover jobs list` shows: `NAME: WHEN`, several by "
        "semicolons: `pull: every 30 minutes; watch: daily at 06:00 Europe/Berlin; tidy: off`.",
    )
    sandbox: str = Field(
        default="",
        description="Folder of a sandbox (docs/sandbox.md) whose simulated accounts may be connected over the API and "
        "in the dashboard. Empty: none are offered there.",
    )
    public_url: Annotated[str, AfterValidator(_web_address)] = Field(
        default="",
        description="Where browsers reach the server: `https://mm.example.com`. With `https` cookies go by it alone; "
        "one-time links begin with it. Empty: this machine.",
    )
    session_hours: float = Field(
        default=168, gt=0, le=8_760, allow_inf_nan=False, description="Hours that somebody stays signed in at most."
    )
    session_idle_hours: float = Field(
        default=12,
        gt=0,
        le=8_760,
        allow_inf_nan=False,
        description="Hours after which somebody is signed out who did nothing.",
    )
    oidc_issuer: Annotated[str, AfterValidator(_provider)] = Field(
        default="",
        description="An OpenID provider by which people sign in (docs/access.md), as its tokens name it: "
        "`https://accounts.google.com`. Empty: by password alone.",
    )
    oidc_client_id: str = Field(default="", description="What the provider calls this installation.")
    oidc_client_secret: SecretStr = Field(
        default=SecretStr(""), description="What this installation proves itself by to the provider."
    )
    oidc_role: str = Field(
        default="",
        description="The role of people whom the provider sends and nobody invited. Empty: they are not let in.",
    )
    oidc_domains: str = Field(
        default="",
        description="Domains of e-mails, separated by commas, from which such people come. Empty: all that the "
        "provider knows, which for a public one is everybody.",
    )
    rate_limit: int = Field(
        default=6_000, ge=1, description="Requests to the API that one person or key may send in a minute."
    )
    metrics_token: SecretStr = Field(
        default=SecretStr(""),
        description="What Prometheus shows (`Authorization: Bearer TOKEN`) to read `/metrics`. Empty: it is told to "
        "this machine alone.",
    )
    upload_limit: int = Field(default=2_000_000_000, ge=1_000, description="Bytes that one upload to the API may have.")
    allowed_hosts: str = Field(
        default="",
        description="Hosts on this machine or in private networks, separated by commas (`mail.intern.example`, "
        "`10.0.0.7:8443`), that notices set over the API may be sent to. Empty: the public internet alone.",
    )
    pull_days_kept: int = Field(
        default=180,
        ge=35,
        description="Days for which each day's pull is kept as it came, so that a plan's days can be replayed as they "
        "were known (docs/pulling.md); of earlier pulls the files are thinned out.",
    )
    llm_url: str = Field(
        default="",
        description="An OpenAI-compatible chat endpoint that helps to read briefs (docs/language-model.md): "
        "`https://api.openai.com/v1`, `http://localhost:11434`. Empty: rules alone, and nothing leaves the machine.",
    )
    llm_key: SecretStr = Field(default=SecretStr(""), description="The endpoint's key; empty where it asks for none.")
    llm_model: str = Field(
        default="", description="The model's name at the endpoint; on Azure the deployment, where the URL names none."
    )
    llm_timeout: float = Field(
        default=30.0, gt=0, allow_inf_nan=False, description="Seconds that one answer of the endpoint may take."
    )
    llm_brief_timeout: float = Field(
        default=60.0,
        gt=0,
        allow_inf_nan=False,
        description="Seconds that the endpoint may take for one brief, retries and repair included.",
    )
    llm_price_in: float = Field(
        default=0.0,
        ge=0,
        allow_inf_nan=False,
        description="Price of a million tokens sent, in the currency of the daily limit.",
    )
    llm_price_out: float = Field(
        default=0.0, ge=0, allow_inf_nan=False, description="Price of a million tokens answered."
    )
    llm_daily_limit: float = Field(
        default=0.0,
        ge=0,
        allow_inf_nan=False,
        description="Most money that a workspace spends at the endpoint on a day (UTC), over all processes; it needs "
        "both prices. `0`: no limit.",
    )
    llm_allow_http: bool = Field(
        default=False, description="Let texts and the key go over `http` beyond this machine and private networks."
    )
    sentiment_model: str = Field(
        default="",
        description="What tells how texts sound: a folder, or `NAME@REVISION` on a model hub (extra `transformers`). "
        "Empty: our own engine. A version that `marketmover sentiment train` promoted over it answers in its place.",
    )
    sentiment_labels: str = Field(
        default="",
        description="CSV files of labels that `marketmover sentiment refresh` learns from, separated by commas. Empty: "
        "those of the last training.",
    )
    embeddings_model: str = Field(
        default="",
        description="What turns texts into vectors: a folder, `NAME@REVISION` on a model hub, or `minilm` from "
        "installed packages (extra `embeddings` for ONNX, else `transformers`). Empty: our own.",
    )
    model_threads: int = Field(
        default=0,
        ge=0,
        le=1024,
        description="Threads that a transformer or an ONNX model may use; 0: one for each core.",
    )
    log_format: Literal["console", "json"] = Field(
        default="console",
        description="How `marketmover serve` logs: `console`, a line for people, or `json`, one object a line.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="What is logged at least: `debug`, `info`, `warning` or `error`."
    )
    otlp_url: str = Field(
        default="",
        description="Where traces go, by OTLP over HTTP (extra `otel`): `http://localhost:4318`. Empty: none are made.",
    )
    otlp_headers: SecretStr = Field(
        default=SecretStr(""),
        description="Headers that the receiver of traces asks for: `authorization=Bearer TOKEN`, several by commas.",
    )
    debug: bool = Field(default=False, description="Show the trace of an unexpected error at once.")


def names_in(text: str) -> tuple[str, ...]:
    """Names separated by commas, in lower case."""
    return tuple(filter(None, (name.strip().lower() for name in text.split(","))))


def load_settings() -> Settings:
    """Read the settings from the environment and `.env`; warn of `MARKETMOVER_*` names that mean nothing.

    Raises:
        SettingsError: A value cannot be used. It is named by its variable, and not repeated: it may be secret.
    """
    try:
        for message in unknown_variables((*os.environ, *_names_in_env_file())):
            warn(message)
        return Settings()
    except ValidationError as error:
        raise SettingsError(_explained(error), "See docs/settings.md, or run: marketmover doctor") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"The file {Path(_ENV_FILE).absolute()} is not UTF-8 text.", "Save it as UTF-8.") from error


def unknown_variables(names: Iterable[str]) -> list[str]:
    """A sentence for each name that begins with `MARKETMOVER_` but is no setting, with the nearest that is one."""
    ours = {name.upper().removeprefix(PREFIX).lower() for name in names if name.upper().startswith(PREFIX)}
    messages: list[str] = []
    for name in sorted(ours - set(Settings.model_fields)):
        nearest = get_close_matches(name, Settings.model_fields, n=1)
        known = ", ".join(variable(setting) for setting in Settings.model_fields)
        hint = f"did you mean {variable(nearest[0])}?" if nearest else f"there are: {known}."
        messages.append(f"{variable(name)} is not a setting of marketmover and changes nothing; {hint}")
    return messages


def variable(setting: str) -> str:
    """The environment variable of a setting: `home` is `MARKETMOVER_HOME`."""
    return PREFIX + setting.upper()


def source_of(setting: str) -> Literal["environment", "file", "default"]:
    """Where a setting's value comes from: a variable, the file `.env`, or neither; empty ones count as not set."""
    if any(name.upper() == variable(setting) and value for name, value in os.environ.items()):
        return "environment"
    in_file = {name.upper() for name in _names_in_env_file()}
    return "file" if variable(setting) in in_file else "default"


def _explained(error: ValidationError) -> str:
    return " ".join(f"{variable(str(part['loc'][0]))} cannot be used: {_reason(part)}." for part in error.errors())


def _reason(part: Mapping[str, Any]) -> str:
    return str(part["msg"]).removeprefix("Value error, ").rstrip(".")


def _names_in_env_file() -> list[str]:
    path = Path(_ENV_FILE)
    if not path.is_file():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("=")[0].strip().removeprefix("export ").strip() for line in lines if "=" in line]
