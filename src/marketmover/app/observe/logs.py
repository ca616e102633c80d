"""Structured logs: one event a line, for people or as JSON, without secrets and without personal data."""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import TYPE_CHECKING, Any, TextIO, cast

import structlog
import structlog.tracebacks

from marketmover.access.audit import masked

if TYPE_CHECKING:
    from structlog.typing import Processor

    from marketmover.settings import Settings

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w.:-])\+\d[\d ()/-]{6,18}\d(?![\w:-])")
_QUERY = re.compile(r"(?<=[\w/])\?[^\s'\"]*=[^\s'\"]*")
_NOISY = {"uvicorn.access": logging.WARNING, "httpx": logging.WARNING, "alembic": logging.WARNING}
_LOUDER = ("mlflow", "botocore", "urllib3", "opentelemetry")


def configure_logs(settings: "Settings", stream: TextIO | None = None) -> None:
    """Send what is logged, by us and by libraries, to stderr in the form that the settings name.

    Context that is bound meanwhile (`bind_context`) stands in every event: `request_id`, `workspace`, `who`.

    Args:
        settings: `log_format` and `log_level`.
        stream: Where to; stderr by default.
    """
    shared = _shared()
    last: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    last += _as_json() if settings.log_format == "json" else _for_people()
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=last))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level.upper())
    for name, level in (*_NOISY.items(), *((name, logging.WARNING) for name in _LOUDER)):
        logging.getLogger(name).setLevel(max(level, root.level))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def _as_json() -> "list[Processor]":
    # without local variables: among them may be secrets
    traces = structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))
    return [traces, _mask, structlog.processors.JSONRenderer(default=str, ensure_ascii=False)]


def _for_people() -> "list[Processor]":
    plain = structlog.dev.ConsoleRenderer(
        colors=False, sort_keys=False, timestamp_key="at", exception_formatter=structlog.dev.plain_traceback
    )
    return [structlog.processors.format_exc_info, _mask, plain]


def _shared() -> "list[Processor]":
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    ]


def log(name: str = "marketmover") -> Any:
    """A logger: `log("marketmover.jobs").info("job ended", job="pull", state="done")`."""
    return structlog.stdlib.get_logger(name)


def bind_context(**values: str) -> Mapping[str, Any]:
    """Let values stand in every event from here on in this context; give the result to `release_context`."""
    return structlog.contextvars.bind_contextvars(**values)


def release_context(tokens: Mapping[str, Any]) -> None:
    """Take out what `bind_context` put in."""
    structlog.contextvars.reset_contextvars(**tokens)


def _mask(logger: Any, method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    del logger, method
    return cast("Mapping[str, Any]", without_personal(masked(event)))


def without_personal(value: Any) -> Any:
    """A value without addresses of mail, telephone numbers, and what addresses of the web ask for.

    >>> without_personal({"said": "ana@acme.com failed at https://h/x?email=1"})
    {'said': '[mail] failed at https://h/x?...'}
    """
    if isinstance(value, Mapping):
        return {str(name): without_personal(one) for name, one in cast("Mapping[object, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [without_personal(one) for one in cast("list[Any]", value)]
    if isinstance(value, str):
        return _PHONE.sub("[telephone]", _MAIL.sub("[mail]", _QUERY.sub("?...", value)))
    return value
