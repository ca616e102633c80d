"""One call by Meta's official SDK, with every answer checked, and every failure said in our own words.

The SDK takes a page of HTML, or half an answer, for success: here it is an error.
"""

import ssl
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, cast

import requests
from facebook_business.api import FacebookAdsApi
from facebook_business.exceptions import FacebookRequestError
from facebook_business.session import FacebookSession

from marketmover.connectors.meta_ads.failures import Doing, lost, refusal_of, spoilt, unreached

API_VERSION = "v26.0"


class GraphAnswer(NamedTuple):
    """What came back: a JSON object, and the headers."""

    body: dict[str, Any]
    headers: Mapping[str, str]


class GraphCalls:
    """Calls with one set of credentials, through an API object of their own: never the SDK's process-wide default.

    Args:
        credentials: `access_token`; may also hold `app_id`, `app_secret`, and `url` of a simulated account.
        timeout_s: Seconds that the other side may be silent.
    """

    def __init__(self, credentials: Mapping[str, str], timeout_s: float) -> None:
        self._session = FacebookSession(
            app_id=credentials.get("app_id"),
            app_secret=credentials.get("app_secret"),
            access_token=credentials["access_token"],
            timeout=timeout_s,
        )
        if url := credentials.get("url"):
            vars(self._session)["GRAPH"] = url.rstrip("/")  # a class attribute that the SDK types as constant
            self._session.requests.trust_env = False  # a proxy of the machine does not know a server on it
        self._api = FacebookAdsApi(self._session, api_version=API_VERSION)

    def call(self, method: str, path: Sequence[str], params: Mapping[str, Any], doing: Doing) -> GraphAnswer:
        """One call, once.

        Raises:
            PlatformError: It failed; says whether anything can have been done.
        """
        try:
            answer = self._api.call(method, tuple(path), params=dict(params))
        except FacebookRequestError as error:
            blame = error.api_blame_field_specs()
            raise refusal_of(error.http_status(), error.body(), blame, error.http_headers(), doing) from None
        except requests.exceptions.ConnectTimeout as error:
            raise unreached(error, doing) from None
        except requests.exceptions.RequestException as error:
            # `from None`: the text of these errors holds the address, and with it the access token
            raise (unreached if _never_sent(error) else lost)(error, doing) from None
        body = answer.json()
        if (answer.status() or 0) >= 400 or not isinstance(body, dict):
            raise spoilt(answer.status(), doing)
        return GraphAnswer(cast("dict[str, Any]", body), cast("Mapping[str, str]", answer.headers()))

    def close(self) -> None:
        """Close its connections."""
        self._session.requests.close()


def _never_sent(error: requests.exceptions.RequestException) -> bool:
    """Whether no connection was made at all; encryption may break off once all was sent, too."""
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    causes: tuple[Any, ...] = getattr(reason, "args", ())
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return True
    return type(reason).__name__ in {"NewConnectionError", "NameResolutionError", "ConnectTimeoutError"}
