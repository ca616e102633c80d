"""The gRPC server: one handler for all versions of the API, with TLS."""

import re
import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc

from marketmover.sandbox.serving.account import ServedAccount
from marketmover.sandbox.serving.certificates import Certificates
from marketmover.sandbox.serving.google.entering import check_caller, check_customer
from marketmover.sandbox.serving.google.faulting import cut_off, meet_fault
from marketmover.sandbox.serving.google.mutating import mutated
from marketmover.sandbox.serving.google.reading import PAGE_ROWS, message_type, searched, streamed
from marketmover.sandbox.serving.google.refusing import ROOT, GoogleRefusalError, failure_of

VERSIONS = ("v23", "v24", "v25", "v26")
"""The versions of the API that are served: those that the official SDK speaks."""

_METHOD = re.compile(rf"/{re.escape(ROOT)}\.(v\d+)\.services\.(GoogleAdsService|CustomerService)/(\w+)")
_MOST_BYTES = 64 << 20
_THREADS = 8

Answer = Callable[[Any, dict[str, str], str], Iterator[Any]]


class GoogleServer:
    """A running server. `port` is the one it listens on, on 127.0.0.1."""

    def __init__(self, server: grpc.Server, port: int) -> None:
        self._server, self.port = server, port

    def stop(self, grace_s: float = 1.0) -> None:
        """Stop listening, let running calls end for `grace_s` seconds, and wait until all is closed."""
        self._server.stop(grace_s).wait()


def start(
    account: ServedAccount, certificates: Certificates, port: int = 0, *, page_rows: int = PAGE_ROWS
) -> GoogleServer:
    """Serve an account as the Google Ads API.

    Args:
        account: The account.
        certificates: Of the server, for `localhost`.
        port: Where to listen on 127.0.0.1; 0 for any free port.
        page_rows: Rows in a page and in a batch; the real platform's are 10,000.

    Raises:
        RuntimeError: The port is taken.
    """
    # Without so_reuseport off, a second server would share the port in silence.
    options = (("grpc.so_reuseport", 0), ("grpc.max_receive_message_length", _MOST_BYTES))
    server = grpc.server(ThreadPoolExecutor(_THREADS, thread_name_prefix="google-ads"), options=options)
    server.add_generic_rpc_handlers((_Handler(account, page_rows),))
    pair = (certificates.key, certificates.chain)
    bound = server.add_secure_port(f"127.0.0.1:{port}", grpc.ssl_server_credentials([pair]))
    server.start()
    return GoogleServer(server, bound)


class _Handler(grpc.GenericRpcHandler):
    """Answers calls. A version, service or method that is not served is UNIMPLEMENTED."""

    def __init__(self, account: ServedAccount, page_rows: int) -> None:
        self._account, self._page_rows = account, page_rows

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Any:
        found = _METHOD.fullmatch(handler_call_details.method)
        if found is None or found[1] not in VERSIONS:
            return None
        version, service, method = found.groups()
        known: dict[tuple[str, str], tuple[str, Callable[[str], Answer]]] = {
            ("GoogleAdsService", "SearchStream"): ("SearchGoogleAdsStream", self._stream),
            ("GoogleAdsService", "Search"): ("SearchGoogleAds", self._search),
            ("GoogleAdsService", "Mutate"): ("MutateGoogleAds", self._mutate),
            ("CustomerService", "ListAccessibleCustomers"): ("ListAccessibleCustomers", self._customers),
        }
        if (service, method) not in known:
            return None
        name, answer = known[service, method]
        module = "google_ads_service" if service == "GoogleAdsService" else "customer_service"
        request, response = (message_type(version, f"{name}{end}", module) for end in ("Request", "Response"))
        call = _Call(self._account, version, answer(version))
        wires = {"request_deserializer": request.FromString, "response_serializer": response.SerializeToString}
        if method == "SearchStream":
            return grpc.unary_stream_rpc_method_handler(call.many, **wires)
        return grpc.unary_unary_rpc_method_handler(call.one, **wires)

    def _stream(self, version: str) -> Answer:
        def answer(request: Any, sent: dict[str, str], request_id: str) -> Iterator[Any]:
            check_customer(self._account, sent, request.customer_id)
            cut = meet_fault(self._account, "SearchStream")
            for batch in streamed(self._account, version, request, request_id, self._page_rows):
                yield _half(batch) if cut else batch
                if cut:
                    raise cut_off()

        return answer

    def _search(self, version: str) -> Answer:
        def answer(request: Any, sent: dict[str, str], _: str) -> Iterator[Any]:
            check_customer(self._account, sent, request.customer_id)
            if meet_fault(self._account, "Search"):
                raise cut_off()
            yield searched(self._account, version, request, self._page_rows)

        return answer

    def _mutate(self, version: str) -> Answer:
        def answer(request: Any, sent: dict[str, str], request_id: str) -> Iterator[Any]:
            check_customer(self._account, sent, request.customer_id)
            cut = meet_fault(self._account, "Mutate")
            made = mutated(self._account, version, request, request_id)
            if cut:
                raise cut_off()  # it was done, and the caller does not get to know
            yield made

        return answer

    def _customers(self, version: str) -> Answer:
        def answer(_: Any, __: dict[str, str], ___: str) -> Iterator[Any]:
            ids = dict.fromkeys(one for one in (self._account.login_customer_id, self._account.google_customer) if one)
            make = message_type(version, "ListAccessibleCustomersResponse", "customer_service")
            yield make(resource_names=[f"customers/{one}" for one in ids])

        return answer


class _Call:
    """A call from its headers to its end."""

    def __init__(self, account: ServedAccount, version: str, answer: Answer) -> None:
        self._account, self._version, self._answer = account, version, answer

    def one(self, request: Any, context: grpc.ServicerContext) -> Any:
        return next(self.many(request, context))

    def many(self, request: Any, context: grpc.ServicerContext) -> Iterator[Any]:
        request_id = secrets.token_urlsafe(16)
        sent = {str(key): str(value) for key, value in context.invocation_metadata()}
        context.send_initial_metadata((("request-id", request_id),))
        try:
            check_caller(self._account, sent)
            yield from self._answer(request, sent, request_id)
        except GoogleRefusalError as refusal:
            self._refuse(refusal, context, request_id)

    def _refuse(self, refusal: GoogleRefusalError, context: grpc.ServicerContext, request_id: str) -> None:
        if refusal.complaints:
            told = failure_of(self._version, refusal.complaints, request_id).SerializeToString()
            key = f"{ROOT}.{self._version}.errors.googleadsfailure-bin"
            context.set_trailing_metadata(((key, told), ("request-id", request_id)))
        context.abort(grpc.StatusCode[refusal.status], str(refusal))


def _half(batch: Any) -> Any:
    """A batch of which only the first half came."""
    del batch.results[len(batch.results) // 2 :]
    return batch
