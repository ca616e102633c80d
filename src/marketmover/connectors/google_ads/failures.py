"""What goes wrong with Google Ads, as errors in plain words: what Google said, of what, and what to do."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from marketmover.connectors.google_ads.words import Meaning, field_words, meaning_of, thing_words
from marketmover.errors import PlatformError

API_VERSION = "v25"

_FAILURE_KEY = re.compile(r"google\.ads\.googleads\.v\d+\.errors\.googleadsfailure-bin")
_NOT_SENT = re.compile(r"failed to connect|connection refused|name resolution|dns|ssl_error|handshake", re.IGNORECASE)
_TOKEN_REFUSED = ("invalid_grant", "invalid_client", "unauthorized_client", "deleted_client")
_NOTHING_DONE = {"database_error.CONCURRENT_MODIFICATION"}
# What refers to a new thing that was refused is refused as well: only the first cause tells a person anything.
_CONSEQUENCES = {"new_resource_creation_error.TEMP_ID_RESOURCE_HAD_ERRORS"}
_EXPIRED_TOKEN = "authentication_error.OAUTH_TOKEN_EXPIRED"  # noqa: S105 - the name of an error
_LOST = {
    "UNAVAILABLE": "could not be reached, or broke the connection off",
    "DEADLINE_EXCEEDED": "did not answer in time",
    "INTERNAL": "failed inside",
    "UNKNOWN": "broke the answer off",
    "CANCELLED": "broke the answer off",
    "ABORTED": "was busy with another change of the same thing",
    "DATA_LOSS": "lost part of the answer",
}

Kind = Literal["refused", "expired", "throttled", "unavailable", "unknown"]


@dataclass(frozen=True)
class Fault:
    """One thing that Google says is wrong.

    Attributes:
        code: Family and name, such as `campaign_error.DUPLICATE_CAMPAIGN_NAME`.
        message: Google's sentence.
        trigger: The value that it takes offence at; may be empty.
        path: Where in the request: names of fields, with the place in a list where it is one.
        wait_s: Seconds after which Google lets us ask again, where it says so.
    """

    code: str
    message: str
    trigger: str = ""
    path: tuple[tuple[str, int | None], ...] = ()
    wait_s: float | None = None

    @property
    def operation(self) -> int | None:
        """The place of the operation in the request, where the fault lies in one."""
        return next((place for name, place in self.path if name == "mutate_operations"), None)


@dataclass(frozen=True)
class Doing:
    """What was being done when something went wrong.

    Attributes:
        account: The account's id.
        what: In words, after “while”: `reading its daily figures`.
        writes: Whether something may have been changed.
        secrets: Texts that no message may hold.
        operations: What was sent to be done, where something was.
    """

    account: str
    what: str
    writes: bool = False
    secrets: Collection[str] = ()
    operations: Sequence[Mapping[str, Any]] = ()


class GoogleError(PlatformError):
    """An error of Google Ads with the single faults that it names."""

    faults: tuple[Fault, ...] = ()


def fault_meaning(fault: Fault, operations: Sequence[Mapping[str, Any]]) -> Meaning:
    """A fault in words, with the thing and the field that it is about, where it lies in an operation."""
    words, remedy = meaning_of(fault.code, fault.message)
    place = fault.operation
    if place is None or place >= len(operations):
        return Meaning(words, remedy)
    field = field_words(fault.path)
    about = thing_words(operations[place]) + (f" ({field})" if field else "")
    value = f" (it is “{fault.trigger[:80]}”)" if fault.trigger else ""
    return Meaning(f"{about}: {words}{value}", remedy)


def sdk_errors() -> tuple[type[Exception], ...]:
    """All that the SDK and what it stands on raise when a call fails."""
    import grpc
    from google.ads.googleads.errors import GoogleAdsException
    from google.api_core.exceptions import GoogleAPIError
    from google.auth.exceptions import GoogleAuthError

    return GoogleAdsException, GoogleAPIError, GoogleAuthError, cast("type[Exception]", grpc.RpcError)


def token_expired(error: Exception) -> bool:
    """Whether the access token is out of date, which a new one mends; a call refused so was not done."""
    return any(fault.code == _EXPIRED_TOKEN for fault in faults_of(error))


def faults_of(error: Exception) -> list[Fault]:
    """What Google says is wrong, from whichever of the SDK's exceptions holds it; none where it says nothing."""
    from google.ads.googleads.errors import GoogleAdsException
    from google.protobuf.json_format import MessageToDict

    if isinstance(error, GoogleAdsException):
        failure: Any = error.failure
        raw = type(failure).pb(failure)
    else:
        raw = _unpacked(error)
    if raw is None:
        return []
    told: dict[str, Any] = MessageToDict(raw, preserving_proto_field_name=True)
    faults = [_fault(one) for one in told.get("errors", ())]
    return [fault for fault in faults if fault.code not in _CONSEQUENCES] or faults


def failure_of(error: Exception, doing: Doing) -> GoogleError:
    """Any exception of the SDK as the one error that people and services meet."""
    faults, status, text = faults_of(error), _status(error), str(error)
    codes = [fault.code for fault in faults] or ([status] if status else [])
    kind = _kind(faults, status, text, doing)
    words, remedy = _words(faults, status, text, kind, doing)
    message = f"Google Ads account {doing.account}, while {doing.what}: {words}"
    wait = next((fault.wait_s for fault in faults if fault.wait_s is not None), None)
    found = GoogleError(
        scrubbed(message, doing.secrets), scrubbed(remedy, doing.secrets), kind=kind, wait_s=wait, codes=codes
    )
    found.faults = tuple(faults)
    return found


def scrubbed(text: str, secrets: Collection[str]) -> str:
    """The text without secrets."""
    for secret in sorted((secret for secret in secrets if len(secret) > 3), key=len, reverse=True):
        text = text.replace(secret, "…")
    return text


def _unpacked(error: Exception) -> Any:
    """The failure in the trailing metadata of calls that the SDK leaves packed: throttled and internal errors."""
    from google.ads.googleads.v25.errors.types.errors import GoogleAdsFailure

    for call in (*_calls(error), error.__cause__):
        trailing = getattr(call, "trailing_metadata", None)
        if callable(trailing):
            for key, value in cast("Sequence[tuple[str, Any]]", trailing() or ()):
                if _FAILURE_KEY.fullmatch(key):
                    return cast("Any", GoogleAdsFailure).pb().FromString(value)
    return None


def _calls(error: Exception) -> Iterator[Any]:
    yield error
    yield from getattr(error, "errors", None) or ()


def _status(error: Exception) -> str:
    """The gRPC status by its name, empty where the call never got as far."""
    inner = getattr(error, "error", error)  # a GoogleAdsException holds the call
    for call in _calls(inner):
        code = getattr(call, "grpc_status_code", None) or getattr(call, "code", None)
        code = code() if callable(code) else code
        name = getattr(code, "name", None)
        if isinstance(name, str):
            return name
    return ""


def _fault(told: dict[str, Any]) -> Fault:
    family, name = next(iter(told.get("error_code", {}).items()), ("unknown_error", "UNKNOWN"))
    elements = told.get("location", {}).get("field_path_elements", ())
    trigger = next((str(value) for value in told.get("trigger", {}).values()), "")
    delay = told.get("details", {}).get("quota_error_details", {}).get("retry_delay", "")
    return Fault(
        code=f"{family}.{name}",
        message=str(told.get("message", "")),
        trigger=trigger,
        path=tuple((str(part.get("field_name", "")), part.get("index")) for part in elements),
        wait_s=float(delay.removesuffix("s")) if delay else None,
    )


def _kind(faults: Sequence[Fault], status: str, text: str, doing: Doing) -> Kind:
    families = {fault.code.partition(".")[0] for fault in faults}
    if "quota_error" in families or status == "RESOURCE_EXHAUSTED":
        return "throttled"
    if "authentication_error" in families or any(word in text for word in _TOKEN_REFUSED):
        return "expired"
    if any(fault.code in _NOTHING_DONE for fault in faults):
        return "unavailable"
    if status in _LOST or not (faults or status):
        lost = doing.writes and bool(status) and not _NOT_SENT.search(text)
        return "unknown" if lost else "unavailable"
    return "expired" if status == "UNAUTHENTICATED" else "refused"


def _words(faults: Sequence[Fault], status: str, text: str, kind: Kind, doing: Doing) -> tuple[str, str]:
    if faults:
        told = [fault_meaning(fault, doing.operations) for fault in faults]
        words = "; ".join(dict.fromkeys(one.words for one in told))
        return f"{words}.", next((one.remedy for one in told if one.remedy), _REMEDIES[kind])
    if kind == "expired":
        return "the access that was given is no longer good (it was withdrawn, or ran out).", _REMEDIES["expired"]
    if kind == "throttled":
        return "too many calls.", _REMEDIES["throttled"]
    if status in _LOST:
        return f"Google {_LOST[status]} ({_first_line(text)}).", _REMEDIES[kind]
    return f"the call did not get through ({_first_line(text)}).", _REMEDIES[kind]


def _first_line(text: str) -> str:
    """Where the fault lies, as short as it can be said."""
    return re.sub(r"^(?:\d{3}|None) ", "", " ".join(text.split()))[:200].rstrip(".:")


_REMEDIES: dict[str, str] = {
    "refused": "Change what it names, and try again.",
    "expired": "Connect the account again: marketmover accounts add google_ads.",
    "throttled": "Wait a while, then try again.",
    "unavailable": "Try again later; nothing was changed.",
    "unknown": "Nobody knows whether it was done: look before you send it again.",
}
