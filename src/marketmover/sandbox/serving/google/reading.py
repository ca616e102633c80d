"""Search and SearchStream."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from importlib import import_module
from itertools import islice
from typing import Any

from marketmover.kit import stable_hash
from marketmover.sandbox.serving.account import ServedAccount
from marketmover.sandbox.serving.google.asking import Asked, ask
from marketmover.sandbox.serving.google.encoding import encoded
from marketmover.sandbox.serving.google.refusing import ROOT, refused
from marketmover.sandbox.serving.google.rows import answered

PAGE_ROWS = 10_000
"""Rows in a page of Search and in a batch of SearchStream."""

_NO_SUMMARY_ROW = 2  # SummaryRowSettingEnum


def message_type(version: str, name: str, service: str = "google_ads_service") -> Any:
    """The protobuf class of a message of a service."""
    return getattr(import_module(f"{ROOT}.{version}.services.types.{service}"), name).pb()


def streamed(account: ServedAccount, version: str, request: Any, request_id: str, page_rows: int) -> Iterator[Any]:
    """The batches that answer a query."""
    _check_summary(wanted=request.summary_row_setting > _NO_SUMMARY_ROW)
    asked = ask(version, request.query, account.today)
    make = message_type(version, "SearchGoogleAdsStreamResponse")
    rows = encoded(version, asked, answered(account, asked))
    batch = list(islice(rows, page_rows))
    while True:
        following = list(islice(rows, page_rows))
        yield make(results=batch, field_mask=_mask(asked), request_id=request_id)
        if not following:
            return
        batch = following


def searched(account: ServedAccount, version: str, request: Any, page_rows: int) -> Any:
    """One page of an answer."""
    if request.page_size:
        raise refused("request_error", "PAGE_SIZE_NOT_SUPPORTED", "Setting the page size is not supported.")
    if request.validate_only and request.page_token:
        raise refused("request_error", "VALIDATE_ONLY_REQUEST_HAS_PAGE_TOKEN", "validate_only goes without page_token.")
    _check_summary(wanted=request.search_settings.return_summary_row)
    asked = ask(version, request.query, account.today)
    made = message_type(version, "SearchGoogleAdsResponse")()
    if request.validate_only:
        return made
    start = _start(account, request)
    rows = answered(account, asked)
    made.results.extend(encoded(version, asked, rows[start : start + page_rows]))
    made.field_mask.CopyFrom(_mask(asked))
    if request.search_settings.return_total_results_count:
        made.total_results_count = len(rows)
    if start + page_rows < len(rows):
        made.next_page_token = _token(account, request, start + page_rows)
    return made


def _check_summary(*, wanted: bool) -> None:
    if wanted:
        raise refused("query_error", "QUERY_ERROR", "The sandbox does not simulate summary rows.")


def _mask(asked: Asked) -> Any:
    from google.protobuf.field_mask_pb2 import FieldMask

    return FieldMask(paths=[field.name for field in asked.select])


def _token(account: ServedAccount, request: Any, start: int) -> str:
    told = [stable_hash(request.customer_id, request.query)[:16], account.today.isoformat(), start]
    return urlsafe_b64encode(json.dumps(told).encode()).decode()


def _start(account: ServedAccount, request: Any) -> int:
    """Where a page begins. A token is for its own query, on its own day."""
    if not request.page_token:
        return 0
    try:
        query, day, start = json.loads(urlsafe_b64decode(request.page_token))
    except ValueError as error:
        raise refused("request_error", "INVALID_PAGE_TOKEN", "The page token is not valid.") from error
    if query != stable_hash(request.customer_id, request.query)[:16]:
        raise refused("request_error", "INVALID_PAGE_TOKEN", "The page token belongs to another query.")
    if day != account.today.isoformat():
        raise refused("request_error", "EXPIRED_PAGE_TOKEN", "The page token has expired: ask again from the start.")
    return int(start)
