"""The Graph API of one simulated account: who asks, what is asked, and the answer or the error."""

import hashlib
import hmac
import json
import re
import threading
from datetime import UTC, date, datetime, time
from http.server import BaseHTTPRequestHandler
from math import ceil
from typing import TYPE_CHECKING, Protocol

from marketmover.errors import MarketmoverError
from marketmover.sandbox.serving.meta import refusing
from marketmover.sandbox.serving.meta.calls import Call, Json
from marketmover.sandbox.serving.meta.comments import comments_by_ad
from marketmover.sandbox.serving.meta.filtering import passes, read_filtering
from marketmover.sandbox.serving.meta.insights import InsightsAccount, read_asked, rows_of
from marketmover.sandbox.serving.meta.objects import EDGES, ads_of_post, listed, object_of, objects_of, shown
from marketmover.sandbox.serving.meta.paging import page_of
from marketmover.sandbox.serving.meta.refusing import GraphError
from marketmover.sandbox.serving.meta.reports import Reports
from marketmover.sandbox.serving.meta.usage import Usage
from marketmover.sandbox.serving.meta.wire import Answer, read_call, write_answer
from marketmover.sandbox.serving.meta.writing import WritableAccount, copy, create, remove, update

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_ROWS = 5_000
"""Rows that insights answer at once; more must be asked for as a report."""

_VERSIONS = re.compile(r"v2[2-6]\.0")
_COMMENT_FIELDS = ("id", "message", "created_time", "from", "like_count", "comment_count")
_ACCOUNT_FIELDS = ("id", "account_id", "name", "currency", "timezone_name", "account_status", "business_name")


class GraphFault(Protocol):
    """A fault that was asked for."""

    @property
    def kind(self) -> str:
        """`throttle`, `server_error`, `expired_token`, `slow`, `cut`, `short_body`, `report_fails`, `refuse`."""
        ...

    @property
    def words(self) -> str:
        """Of a refusal."""
        ...

    @property
    def wait_s(self) -> float:
        """How long callers are told to wait."""
        ...

    def hold(self) -> object:
        """Wait until a slow one is released."""
        ...


class GraphFaults(Protocol):
    """Faults on demand."""

    def take(self, where: str, call: str = "") -> GraphFault | None:
        """The next fault of a place that fits a call, once."""
        ...


class GraphTokens(Protocol):
    """What is known of the account's tokens."""

    @property
    def meta_ends(self) -> date | None:
        """The day on which Meta's runs out."""
        ...


class GraphAccount(WritableAccount, InsightsAccount, Protocol):
    """What the Graph API needs of the served account."""

    @property
    def name(self) -> str:
        """Of the account."""
        ...

    @property
    def currency(self) -> str:
        """ISO 4217."""
        ...

    @property
    def time_zone(self) -> str:
        """IANA name."""
        ...

    @property
    def faults(self) -> GraphFaults:
        """Faults on demand."""
        ...

    @property
    def tokens(self) -> GraphTokens:
        """When its access token runs out."""
        ...


class MetaGraph:
    """The Graph API over a served account, for one app and one access token.

    Args:
        account: The served account.
        app_id, app_secret, access_token: Who may ask.
        most_rows: Rows that insights answer at once.
    """

    def __init__(
        self, account: GraphAccount, *, app_id: str, app_secret: str, access_token: str, most_rows: int = MOST_ROWS
    ) -> None:
        self._account = account
        self._app = (app_id, app_secret)
        self._token = access_token
        self._most_rows = most_rows
        self._reports = Reports()
        self._usage = Usage(account.meta_account)
        self._lock = threading.Lock()
        self._refusals: list[str] = []
        self._written: tuple[date | None, dict[str, list[Json]]] = (None, {})

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one HTTP request whose path begins with a version, such as `/v26.0/me`."""
        write_answer(handler, self.answer(read_call(handler)))

    def answer(self, call: Call) -> Answer:
        """The answer to a call, the faults that were asked for included."""
        fault = self._account.faults.take("meta", f"{call.method} {'/'.join(call.parts)}")
        use = "insights" if "insights" in call.parts or self._is_report(call) else "management"
        if fault is not None and fault.kind == "slow":
            fault.hold()
        with self._lock:
            self._usage.count(use, self._account.today)
            answer = self._faulty(fault, use) or self._answered(call)
            headers = {**self._usage.headers(use), "facebook-api-version": call.version}
        spoilt = fault.kind if fault is not None and fault.kind in {"cut", "short_body"} else ""
        return Answer(answer.status, answer.text, headers | answer.headers, spoilt)

    def _faulty(self, fault: GraphFault | None, use: str) -> Answer | None:
        """The answer that a fault gives at once; some faults wait for the call that they fit."""
        kind = fault.kind if fault is not None else ""
        if kind == "report_fails":
            self._reports.fail_next()
        elif fault is not None and kind == "refuse":
            self._refusals.append(fault.words)
        elif fault is not None and kind == "throttle":
            self._usage.throttle(use, ceil(fault.wait_s / 60.0))
            return _said(refusing.throttled(use))
        elif kind == "expired_token":
            return _said(refusing.expired())
        elif kind == "server_error":
            return _said(refusing.busy())
        elif kind == "bad_gateway":
            return Answer(502, "<html><body><h1>502 Bad Gateway</h1></body></html>", {"Content-Type": "text/html"})
        return None

    def _answered(self, call: Call) -> Answer:
        try:
            self._admit(call)
            return Answer(200, json.dumps(self._body(call), ensure_ascii=False))
        except GraphError as error:
            return _said(error)
        except MarketmoverError as error:
            return _said(refusing.not_imitated(str(error)))

    def _admit(self, call: Call) -> None:
        if not _VERSIONS.fullmatch(call.version):
            raise GraphError(
                2635, f"(#2635) You are calling a version of the Ads API that is not served: {call.version}."
            )
        token = call.text("access_token")
        if not hmac.compare_digest(token.encode(), self._token.encode()):
            raise refusing.wrong_token()
        ends = self._account.tokens.meta_ends
        if ends is not None and self._account.today >= ends:
            raise refusing.expired()
        proof = call.text("appsecret_proof")
        known = hmac.new(self._app[1].encode(), self._token.encode(), hashlib.sha256).hexdigest()
        if proof and not hmac.compare_digest(proof.encode(), known.encode()):
            raise GraphError(100, "Invalid appsecret_proof provided in the API argument", kind="GraphMethodException")
        if call.method == "POST" and self._refusals:
            raise refusing.planted(self._refusals.pop(0))

    def _body(self, call: Call) -> Json:
        act = f"act_{self._account.meta_account}"
        match call.method, call.parts:
            case "GET", ("me",):
                return {"id": "1000000000000001", "name": "Simulated system user"}
            case "GET", ("me", "adaccounts"):
                return page_of([_chosen(self._whole(), call)], call)
            case "GET", ("debug_token",):
                return {"data": self._token_facts(call)}
            case "POST", ():
                raise refusing.not_imitated("batch requests; send one by one")
            case method, (name, *rest) if name == act:
                return self._on_account(method, rest, call)
            case method, (name, *rest):
                return self._on_object(method, name, rest, call)
            case _:
                raise refusing.missing("/".join(call.parts))

    def _on_account(self, method: str, rest: list[str], call: Call) -> Json:
        match method, rest:
            case "GET", []:
                return _chosen(self._whole(), call)
            case _, ["insights"]:
                return self._insights(call, ("act", self._account.meta_account))
            case "GET", ["activities"]:
                return page_of(self._activities(call), call)
            case "GET", [edge] if edge in EDGES:
                return page_of(self._edge(edge, call), call)
            case "POST", [edge] if edge in EDGES:
                return create(self._account, edge, call)
            case _:
                raise refusing.missing("/".join(call.parts))

    def _on_object(self, method: str, name: str, rest: list[str], call: Call) -> Json:
        if self._reports.has(name) and method == "GET":
            return self._report(name, rest, call)
        match method, rest:
            case "POST", []:
                return update(self._account, name, call)
            case "DELETE", []:
                return remove(self._account, name)
            case _:
                return self._of_object(method, name, rest, call)

    def _of_object(self, method: str, name: str, rest: list[str], call: Call) -> Json:
        if method == "GET" and rest == ["comments"]:
            return page_of(self._comments(name, call), call)
        found = object_of(self._account, name)
        if found is None:
            raise refusing.missing(name)
        edge, row = found
        below: dict[str, Callable[[], Json]] = {
            "insights": lambda: self._insights(call, (edge, name)),
            "delivery_estimate": lambda: page_of(self._estimate(name), call),
            "ads": lambda: page_of(self._edge("ads", call, name), call),
            "adsets": lambda: page_of(self._edge("adsets", call, name), call),
        }
        match method, rest:
            case "GET", []:
                return shown(row, edge, call.fields())
            case "POST", ["copies"] if edge == "ads":
                return copy(self._account, row, call)
            case _, [what] if what in below and (method == "GET" or what == "insights"):
                return below[what]()
            case _:
                raise refusing.missing("/".join(call.parts))

    def _edge(self, edge: str, call: Call, above: str = "") -> list[Json]:
        rows = objects_of(self._account, edge)
        if above:
            rows = [row for row in rows if above in (row.get("campaign_id"), row.get("adset_id"))]
        rows = listed(rows, edge, call.names("effective_status"))
        wanted = read_filtering(call)
        return [shown(row, edge, call.fields()) for row in rows if passes(row, wanted)]

    def _comments(self, post: str, call: Call) -> list[Json]:
        ads = ads_of_post(self._account, post)
        if ads is None:
            raise refusing.missing(post)
        today = self._account.today
        if self._written[0] != today:
            self._written = today, comments_by_ad(self._account)
        names = list(call.fields()) or ["created_time", "message"]
        if unknown := [name for name in names if name not in _COMMENT_FIELDS]:
            raise refusing.plain(f"Tried accessing nonexisting field ({unknown[0]}) on node type (Comment)")
        rows = sorted((row for ad in ads for row in self._written[1].get(ad, ())), key=lambda row: row["created_time"])
        return [{name: row[name] for name in dict.fromkeys((*names, "id")) if name in row} for row in rows]

    def _activities(self, call: Call) -> list[Json]:
        first, last = (_day(call.text(name)) for name in ("since", "until"))
        rows = self._account.meta_rows("activities", first, last)
        names = list(call.fields()) or ["event_time", "event_type"]
        return [{name: row[name] for name in names if name in row} for row in rows]

    def _estimate(self, ad_set: str) -> list[Json]:
        rows = [row for row in self._account.meta_rows("delivery_estimate", None, None) if row["adset_id"] == ad_set]
        return [{name: value for name, value in row.items() if name != "adset_id"} for row in rows]

    def _insights(self, call: Call, within: tuple[str, str]) -> Json:
        asked = read_asked(call, self._account.today, within)
        if call.method == "POST":
            return {"report_run_id": self._reports.start(asked, self._account.today)}
        if call.method != "GET":
            raise refusing.missing("/".join(call.parts))
        rows = rows_of(self._account, asked)
        if len(rows) > self._most_rows:
            raise refusing.too_much()
        return page_of(rows, call)

    def _is_report(self, call: Call) -> bool:
        return bool(call.parts) and self._reports.has(call.parts[0])

    def _report(self, name: str, rest: list[str], call: Call) -> Json:
        today = self._account.today
        if not rest:
            return self._reports.state(name, today, self._account.meta_account)
        if rest != ["insights"]:
            raise refusing.missing("/".join(call.parts))
        return page_of(rows_of(self._account, self._reports.result_of(name, today)), call)

    def _whole(self) -> Json:
        account = self._account
        return {
            "id": f"act_{account.meta_account}",
            "account_id": account.meta_account,
            "name": account.name,
            "currency": account.currency,
            "timezone_name": account.time_zone,
            "account_status": 1,
            "business_name": "Simulated advertiser",
        }

    def _token_facts(self, call: Call) -> Json:
        """Of the one token there is. Meta tells moments as Unix seconds, and 0 where a token does not run out."""
        if not hmac.compare_digest(call.text("input_token").encode(), self._token.encode()):
            raise refusing.plain("The access token in the parameter input_token could not be read")
        ends = self._account.tokens.meta_ends
        moment = int(datetime.combine(ends, time.min, UTC).timestamp()) if ends else 0
        return {
            "app_id": self._app[0],
            "type": "USER" if ends else "SYSTEM_USER",
            "is_valid": True,
            "expires_at": moment,
            "data_access_expires_at": moment,
            "scopes": ["ads_management", "ads_read"],
        }


def _said(error: GraphError) -> Answer:
    return Answer(error.status, json.dumps(error.body))


def _chosen(row: Json, call: Call) -> Json:
    names = list(call.fields()) or ["account_id"]
    unknown = [name for name in names if name not in _ACCOUNT_FIELDS]
    if unknown:
        raise refusing.plain(f"Tried accessing nonexisting field ({unknown[0]}) on node type (AdAccount)")
    return {name: row[name] for name in dict.fromkeys((*names, "id"))}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        raise refusing.plain("Param since and until must be days, YYYY-MM-DD") from None
