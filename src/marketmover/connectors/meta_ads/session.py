"""A connection to one Meta ad account: reads that are tried again and paged, writes that are made once."""

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from threading import RLock
from typing import TYPE_CHECKING, Any, cast

from marketmover.connectors.meta_ads.failures import Doing, spoilt
from marketmover.connectors.meta_ads.usage import Usage, read_usage
from marketmover.errors import InputError, MissingExtraError
from marketmover.jobs import Waits, with_retries

if TYPE_CHECKING:
    from marketmover.connectors.meta_ads.calling import GraphCalls

Json = dict[str, Any]

_LOOPBACK = re.compile(r"https?://(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?/?")
_SECRETS = ("access_token", "app_secret")
_TIMEOUT_S = 120.0
_PAGE = 500
_SIMULATED_PACE = 100.0
_WAITS = Waits(first_s=2.0, most_s=120.0, tries=6)


class MetaSession:
    """Reads and writes of one ad account. Nothing is opened before the first call; `close` ends what was opened.

    Args:
        credentials: `account_id` (with or without `act_`), `access_token`; may also hold `app_id`, `app_secret`, and
            for a simulated account `url` and `clock`.
        waits: How reads are tried again.
        pause: Waits so many seconds; on a simulated account waits are a hundred times shorter.
        page: Rows asked for at once.

    Raises:
        InputError: Something that it needs is missing or has a wrong form.
    """

    def __init__(
        self,
        credentials: Mapping[str, str],
        *,
        waits: Waits | None = None,
        pause: Callable[[float], object] | None = None,
        page: int = _PAGE,
    ) -> None:
        self.account_id = _checked(credentials)
        self.clock = credentials.get("clock")
        self.simulated = bool(self.clock or credentials.get("url"))
        self.pause = pause or (_simulated_pause if self.simulated else time.sleep)
        self._given = dict(credentials)
        self._waits = waits or _WAITS
        self._page = page
        self._secrets = frozenset(value for name, value in credentials.items() if name in _SECRETS and value)
        self._lock = RLock()
        self._usage = Usage()
        self._sdk: GraphCalls | None = None

    @property
    def act(self) -> str:
        """The account as the Graph API names it."""
        return f"act_{self.account_id}"

    def read(self, path: Sequence[str], params: Mapping[str, Any], what: str) -> Json:
        """A GET, tried again where it may pass.

        Args:
            path: Parts of the path, such as `act_1`, `campaigns`.
            params: Parameters; lists and objects are sent as JSON.
            what: In words, what is done: `reading campaigns`.

        Raises:
            PlatformError: `refused`, `expired`, `throttled` or `unavailable`.
        """
        doing = Doing(what, self.account_id, secrets=self._secrets)
        return with_retries(lambda: self._call("GET", path, params, doing), waits=self._waits, pause=self.pause)

    def read_token(self) -> Json:
        """What Meta tells of the access token itself: `expires_at`, `data_access_expires_at`, `is_valid`, ...

        Raises:
            PlatformError: See `read`.
        """
        asked = {"input_token": self._given["access_token"]}
        found = self.read(("debug_token",), asked, "asking how long the access token lives")
        return cast("Json", found.get("data") or {})

    def pages(self, path: Sequence[str], params: Mapping[str, Any], what: str) -> Iterator[Json]:
        """The pages of an edge in their own form, `paging.next` left out: it holds the access token.

        Raises:
            PlatformError: See `read`; or a page is not what a page must be.
        """
        after, doing = "", Doing(what, self.account_id, secrets=self._secrets)
        while True:
            asked = {"limit": self._page, **params, **({"after": after} if after else {})}
            page = self.read(path, asked, what)
            rows, paging = page.get("data"), cast("Json", page.get("paging") or {})
            if not isinstance(rows, list):
                raise spoilt(None, doing)
            yield {**page, "paging": {name: value for name, value in paging.items() if name == "cursors"}}
            before, after = after, str(cast("Json", paging.get("cursors") or {}).get("after") or "")
            if not (paging.get("next") and after):
                return
            if after == before:
                raise spoilt(None, doing)

    def rows(self, path: Sequence[str], params: Mapping[str, Any], what: str) -> list[Json]:
        """The rows of all pages of an edge; see `pages`."""
        return [row for page in self.pages(path, params, what) for row in page["data"]]

    def start(self, path: Sequence[str], params: Mapping[str, Any], what: str) -> Json:
        """A POST that makes nothing but a report, so that it may be tried again; see `read`."""
        doing = Doing(what, self.account_id, secrets=self._secrets)
        return with_retries(lambda: self._call("POST", path, params, doing), waits=self._waits, pause=self.pause)

    def write(self, path: Sequence[str], params: Mapping[str, Any], what: str) -> Json:
        """A POST, once.

        Raises:
            PlatformError: `unknown` where its answer was lost; else nothing was done.
        """
        return self._call("POST", path, params, Doing(what, self.account_id, writes=True, secrets=self._secrets))

    def remove(self, name: str, what: str) -> None:
        """A DELETE, once; see `write`."""
        self._call("DELETE", (name,), {}, Doing(what, self.account_id, writes=True, secrets=self._secrets))

    def close(self) -> None:
        """End what was opened; a later call opens it anew."""
        with self._lock:
            if self._sdk is not None:
                self._sdk.close()
                self._sdk = None

    def _call(self, method: str, path: Sequence[str], params: Mapping[str, Any], doing: Doing) -> Json:
        with self._lock:
            sdk = self._open()
            if (wait := self._usage.pause_s) > 0.0:
                self._usage = Usage()
                self.pause(wait)
            answer = sdk.call(method, path, params, doing)
            self._usage = read_usage(answer.headers)
        return answer.body

    def _open(self) -> "GraphCalls":
        if self._sdk is None:
            try:
                from marketmover.connectors.meta_ads.calling import GraphCalls
            except ImportError as error:
                raise MissingExtraError("Meta Ads", "meta") from error
            self._sdk = GraphCalls(self._given, _TIMEOUT_S)
        return self._sdk


def _simulated_pause(seconds: float) -> None:
    time.sleep(seconds / _SIMULATED_PACE)


def _checked(credentials: Mapping[str, str]) -> str:
    """The account's digits."""
    if not credentials.get("access_token"):
        raise InputError("The credentials of a Meta account hold no access_token.", "Add it to the file.")
    url = credentials.get("url")
    if url and not _LOOPBACK.fullmatch(url):
        raise InputError(
            f"The url {url} of a Meta account is not on this machine.",
            "Only a simulated account has a url (marketmover sandbox serve); leave it out for a real one.",
        )
    name = str(credentials.get("account_id") or "").removeprefix("act_")
    if not re.fullmatch(r"\d{1,20}", name):
        raise InputError(
            f"The account_id of a Meta account must be its number, not '{name}'.",
            "Take it from Ads Manager's address (act=...).",
        )
    return name
