import ssl
from unittest.mock import Mock

import pytest
import requests
from urllib3.exceptions import MaxRetryError
from urllib3.exceptions import SSLError as PoolSSLError

from marketmover.connectors.meta_ads.calling import GraphCalls
from marketmover.connectors.meta_ads.failures import Doing, refusal_of
from marketmover.errors import PlatformError


@pytest.mark.parametrize("status", [400, 500])
@pytest.mark.parametrize("error", [{"code": 1}, {"code": 2}, {"code": 100, "is_transient": True}])
def test_a_passing_failure_of_a_write_leaves_open_whether_it_was_done(status: int, error: dict[str, object]) -> None:
    body = {"error": {"message": "An unknown error occurred", **error}}
    written = refusal_of(status, body, None, None, Doing("making the campaign", "444", writes=True))
    read = refusal_of(status, body, None, None, Doing("reading campaigns", "444"))
    assert (written.kind, read.kind) == ("unknown", "unavailable")


@pytest.mark.parametrize(
    ("broken", "kind"),
    [
        (ssl.SSLCertVerificationError("certificate verify failed"), "unavailable"),
        (ssl.SSLError("decryption failed or bad record mac"), "unknown"),
        (ssl.SSLEOFError("EOF occurred in violation of protocol"), "unknown"),
    ],
)
def test_a_write_whose_encryption_broke_off_is_not_said_to_be_undone(
    broken: ssl.SSLError, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = GraphCalls({"access_token": "t"}, 1.0)
    error = requests.exceptions.SSLError(MaxRetryError(Mock(), "/v26.0/act_1/campaigns", PoolSSLError(broken)))
    monkeypatch.setattr(requests.Session, "request", Mock(side_effect=error))
    with pytest.raises(PlatformError) as caught:
        calls.call("POST", ("act_1", "campaigns"), {}, Doing("making the campaign", "1", writes=True))
    assert caught.value.kind == kind
