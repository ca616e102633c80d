"""A connection to one Google Ads account by the official SDK: its own channel, certificates, tokens and time limits."""

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar

from marketmover.connectors.google_ads.failures import API_VERSION, Doing, failure_of, sdk_errors, token_expired
from marketmover.connectors.google_ads.tokens import (
    check_addresses,
    is_here,
    secrets_in,
    token_address,
    tokens_of,
)
from marketmover.errors import InputError, MissingExtraError
from marketmover.jobs import Waits, with_retries

Json = dict[str, Any]
_T = TypeVar("_T")

NEEDS = ("customer_id", "developer_token")
_OAUTH = ("client_id", "client_secret", "refresh_token")
_LARGEST_MESSAGE = 64 * 2**20  # a batch of a stream holds 10,000 rows
_LARGEST_METADATA = 16 * 2**20  # refusals come in trailing metadata, one entry for all their faults


@dataclass(frozen=True)
class TimeLimits:
    """Seconds that one call may take, the whole of a streamed answer included."""

    read_s: float = 300.0
    write_s: float = 120.0


class GoogleSession:
    """Reads and writes of one account. Nothing is opened before the first call; `close` ends what was opened.

    Args:
        credentials: `customer_id`, `developer_token`, and either `client_id`, `client_secret`, `refresh_token` or
            `json_key` (the JSON of a service account's key) with or without `impersonated_email`; may also hold
            `login_customer_id` (of the manager), and for a simulated account `endpoint`, `ca` (a file), `token_uri`.
        waits: How often a read is tried, and how long between; as long as Google asks for, where it does. Writes are
            never tried again.
        pause: Waits so many seconds.
        limits: How long a call may take.

    Raises:
        InputError: Something that it needs is missing or has a wrong form.
        MissingExtraError: The SDK is not installed.
    """

    def __init__(
        self,
        credentials: Mapping[str, str],
        *,
        waits: Waits | None = None,
        pause: Callable[[float], object] = time.sleep,
        limits: TimeLimits | None = None,
    ) -> None:
        _check(credentials)
        _check_sdk()
        self.customer_id = credentials["customer_id"].replace("-", "")
        self.simulated = "endpoint" in credentials
        self._given = dict(credentials)
        self._waits, self._pause = waits, pause
        self._limits = limits or TimeLimits()
        self._secrets = secrets_in(credentials)
        self._lock = RLock()
        self._tokens: Any = None
        self._web: Any = None
        self._service: Any = None

    def batches(self, query: str, what: str) -> Iterator[Json]:
        """The batches that answer a GAQL query, as REST writes them. None is given before all have come.

        Args:
            query: In the Google Ads Query Language.
            what: In words, what is read: `the daily figures`.

        Raises:
            PlatformError: `refused`, `expired`, `throttled` or `unavailable`.
        """
        from google.protobuf.json_format import MessageToDict

        def read() -> list[Any]:
            answer = self._ads().search_stream(
                customer_id=self.customer_id, query=query, timeout=self._limits.read_s, retry=None
            )
            return list(answer)

        doing = self._doing(f"reading {what}")
        found = with_retries(lambda: self._call(read, doing), waits=self._waits, pause=self._pause)
        return map(MessageToDict, found)

    def rows(self, query: str, what: str) -> list[Json]:
        """The rows that answer a GAQL query; see `batches`."""
        return [row for batch in self.batches(query, what) for row in batch.get("results", ())]

    def mutate(self, operations: Sequence[Json], what: str, *, only_check: bool = False) -> list[str]:
        """Do all of these operations, or none, once; the resource names of what they made, changed or removed.

        Args:
            operations: `mutateOperations` as REST writes them.
            what: In words, what is done: `making the campaign “Brand”`.
            only_check: Let Google check them without doing them; nothing is returned then.

        Raises:
            InputError: They are not in the form of this API version.
            PlatformError: `refused`, `expired`, `throttled`, `unavailable`: nothing was done; `unknown`: nobody knows.
        """
        request = self._request(operations, only_check=only_check)

        def write() -> Any:
            return self._ads().mutate(request=request, timeout=self._limits.write_s, retry=None)

        answer = self._call(write, self._doing(what, operations, writes=not only_check))
        return [] if only_check else [_resource_name(one) for one in answer.mutate_operation_responses]

    def close(self) -> None:
        """End the channel and what renews tokens; a later call opens them again."""
        with self._lock:
            if self._service is not None:
                self._service.transport.close()
            if self._web is not None:
                self._web.close()
            self._service = self._web = self._tokens = None

    def _doing(self, what: str, operations: Sequence[Json] = (), *, writes: bool = False) -> Doing:
        return Doing(self.customer_id, what, writes, self._secrets, operations, self.simulated)

    def _call(self, call: Callable[[], _T], doing: Doing) -> _T:
        """Call once; again only where the access token was out of date, since such a call was not done."""
        try:
            self._renew()
            return call()
        except sdk_errors() as error:
            if not token_expired(error):
                raise failure_of(error, doing) from error
        try:
            self._renew(anew=True)
            return call()
        except sdk_errors() as error:
            raise failure_of(error, doing) from error

    def _renew(self, *, anew: bool = False) -> None:
        """Make sure of an access token before the call, so that a refusal of it is told apart from an outage."""
        from google.auth.transport.requests import Request

        with self._lock:
            self._ads()
            if anew or not self._tokens.valid:
                self._tokens.refresh(Request(session=self._web))

    def _ads(self) -> Any:
        with self._lock:
            if self._service is None:
                self._web = _web_session(self._given)
                self._tokens = tokens_of(self._given)
                self._service = _service(self._given, self._tokens)
            return self._service

    def _request(self, operations: Sequence[Json], *, only_check: bool) -> Any:
        from google.ads.googleads.v25.services.types.google_ads_service import MutateGoogleAdsRequest
        from google.protobuf.json_format import ParseDict, ParseError

        body = {
            "customerId": self.customer_id,
            "mutateOperations": list(operations),
            "validateOnly": only_check,
        }
        try:
            return ParseDict(body, MutateGoogleAdsRequest.pb()())
        except ParseError as error:
            raise InputError(
                f"The request is not in the form of Google Ads API {API_VERSION}: {str(error).splitlines()[0]}",
                f"Compose the plan anew (for API {API_VERSION}), or correct the field in google_ads.json.",
            ) from error


def _check_sdk() -> None:
    try:
        there = find_spec("google.ads.googleads") and find_spec("grpc")
    except ModuleNotFoundError:
        there = None
    if there is None:
        raise MissingExtraError("Google Ads", "google")


def _check(credentials: Mapping[str, str]) -> None:
    needs = NEEDS if credentials.get("json_key") else (*NEEDS, *_OAUTH)
    missing = [key for key in needs if not credentials.get(key)]
    if missing:
        raise InputError(
            f"The Google Ads account cannot be reached: {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} "
            "missing in its credentials.",
            "Add the account again: marketmover accounts add google_ads. In place of client_id, client_secret and "
            "refresh_token there may be json_key, a service account's key.",
        )
    for key in ("customer_id", "login_customer_id"):
        value = credentials.get(key)
        if value and not re.fullmatch(r"\d{10}", value.replace("-", "")):
            raise InputError(f"{key} {value!r} is no Google Ads account.", "Give its ten digits.")

    check_addresses(credentials)


def _web_session(given: Mapping[str, str]) -> Any:
    """What renews tokens; a server on this machine is never asked by way of a proxy."""
    import requests

    session = requests.Session()
    session.trust_env = not is_here(token_address(given))
    return session


def _service(given: Mapping[str, str], tokens: Any) -> Any:
    """The SDK's service on a channel of its own: certificates are this account's, and no other client's."""
    import grpc
    from google.ads.googleads.interceptors import ExceptionInterceptor, MetadataInterceptor
    from google.ads.googleads.v25.services.services.google_ads_service import GoogleAdsServiceClient

    transport: Any = GoogleAdsServiceClient.get_transport_class()
    endpoint = given.get("endpoint") or str(GoogleAdsServiceClient.DEFAULT_ENDPOINT)
    own = given.get("ca")
    channel: Any = transport.create_channel(
        host=endpoint,
        credentials=tokens,
        ssl_credentials=grpc.ssl_channel_credentials(_certificates(own) if own else None),
        options=_options(endpoint),
    )
    manager = (given.get("login_customer_id") or "").replace("-", "") or None
    channel = grpc.intercept_channel(
        channel, MetadataInterceptor(given["developer_token"], manager), ExceptionInterceptor(API_VERSION)
    )
    return GoogleAdsServiceClient(transport=transport(channel=channel))


def _certificates(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise InputError(
            f"The certificates in {path} cannot be read: {error.strerror}.", "Start the sandbox there."
        ) from error


def _options(endpoint: str) -> list[tuple[str, int]]:
    options = [
        ("grpc.max_receive_message_length", _LARGEST_MESSAGE),
        ("grpc.max_metadata_size", _LARGEST_METADATA),
    ]
    return [*options, ("grpc.enable_http_proxy", 0)] if is_here(endpoint) else options


def _resource_name(response: Any) -> str:
    kind = response.WhichOneof("response")
    return str(getattr(response, kind).resource_name) if kind else ""
