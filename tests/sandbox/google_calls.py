"""A simulated account behind the Google Ads server, called through the official SDK as it is."""

import shutil
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import grpc
from google.ads.googleads.errors import GoogleAdsException
from google.ads.googleads.interceptors import ExceptionInterceptor, MetadataInterceptor
from google.oauth2.credentials import Credentials
from google.protobuf.json_format import MessageToDict, ParseDict

from marketmover.sandbox.serving.account import ServedAccount
from marketmover.sandbox.serving.certificates import certificates_in
from marketmover.sandbox.serving.google import start

Json = dict[str, Any]
Refusals = list[tuple[str, str]]
_PATIENCE_S = 60.0


class Caller:
    """Calls a served account as its manager would; `ga` is the SDK's own client of one version."""

    def __init__(self, folder: Path, account: ServedAccount, port: int, **sent: Any) -> None:
        self.folder, self.account, self.port = folder, account, port
        self.version = str(sent.get("version", "v25"))
        self.ca = sent.get("ca", certificates_in(folder).ca)
        module = import_module(f"google.ads.googleads.{self.version}.services.services.google_ads_service")
        transport = module.GoogleAdsServiceClient.get_transport_class()
        self.channel = grpc.intercept_channel(
            self._secure(transport, str(sent.get("token", account.tokens.issue()))),
            MetadataInterceptor(
                sent.get("developer_token", account.tokens.developer_token),
                sent.get("login_customer_id", account.login_customer_id),
            ),
            ExceptionInterceptor(self.version, use_proto_plus=False),
        )
        self.ga = module.GoogleAdsServiceClient(transport=transport(channel=self.channel))

    def _secure(self, transport: Any, token: str) -> Any:
        return transport.create_channel(
            host=f"localhost:{self.port}",
            credentials=Credentials(token),
            ssl_credentials=grpc.ssl_channel_credentials(self.ca),
            options=[("grpc.max_receive_message_length", 64 << 20), ("grpc.enable_http_proxy", 0)],
        )

    @property
    def customer(self) -> str:
        return self.account.google_customer

    def name(self, collection: str, number: object) -> str:
        return f"customers/{self.customer}/{collection}/{number}"

    def batches(self, query: str) -> Iterator[Json]:
        stream = self.ga.search_stream(customer_id=self.customer, query=query, timeout=_PATIENCE_S)
        return (MessageToDict(batch) for batch in stream)

    def rows(self, query: str) -> list[Json]:
        return [row for batch in self.batches(query) for row in batch.get("results", [])]

    def mutate(self, operations: Sequence[Json], **more: Any) -> Json:
        body = {"customerId": self.customer, "mutateOperations": list(operations), **more}
        return MessageToDict(self.ga.mutate(request=ParseDict(body, self._request()), timeout=_PATIENCE_S))

    def _request(self) -> Any:
        module = import_module(f"google.ads.googleads.{self.version}.services.types.google_ads_service")
        return module.MutateGoogleAdsRequest.pb()()

    def close(self) -> None:
        self.ga.transport.close()


@contextmanager
def served(history: Path, folder: Path, *, page_rows: int = 10_000) -> Generator[Caller]:
    """A new account over a copy of a simulated history, listening, with a caller of it."""
    shutil.copytree(history, folder)
    account = ServedAccount.open(folder, troubles=0)
    server = start(account, certificates_in(folder), 0, page_rows=page_rows)
    try:
        caller = Caller(folder, account, server.port)
        try:
            yield caller
        finally:
            caller.close()
    finally:
        server.stop(0.0)
        account.close()


def refusals_of(error: GoogleAdsException) -> Refusals:
    """The codes of a refusal with the place of each in the request, as `create.name`."""
    return [(_code(one), _place(one)) for one in told(error)["errors"]]


def codes_of(error: GoogleAdsException) -> list[str]:
    return [_code(one) for one in told(error)["errors"]]


def told(error: GoogleAdsException) -> Json:
    return MessageToDict(type(error.failure).pb(error.failure))


def _code(error: Json) -> str:
    return next(iter(error["errorCode"].values()))


def _place(error: Json) -> str:
    parts = error.get("location", {}).get("fieldPathElements", [])
    return ".".join(f"{part['fieldName']}[{part['index']}]" if "index" in part else part["fieldName"] for part in parts)
