"""Connecting to a Google Ads account: tokens, certificates, and what a person is told when something fails."""

from collections.abc import Mapping
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from google_sandbox import Sandbox

from marketmover.connectors.google_ads import connector
from marketmover.connectors.google_ads.session import GoogleSession, TimeLimits
from marketmover.connectors.google_ads.words import known_codes
from marketmover.errors import InputError, PlatformError
from marketmover.jobs import Waits

CAMPAIGNS = "SELECT campaign.id, campaign.name FROM campaign"
NOWHERE = {
    "customer_id": "1112223333",
    "developer_token": "d-token",
    "client_id": "client",
    "client_secret": "very-secret",
    "refresh_token": "1//refresh",
}


def open_session(common: Sandbox, credentials: Mapping[str, str] | None = None) -> GoogleSession:
    return GoogleSession(credentials or common.credentials, pause=common.waits.append)


def failing(session: GoogleSession, query: str = CAMPAIGNS) -> PlatformError:
    with pytest.raises(PlatformError) as caught:
        session.rows(query, "campaigns")
    session.close()
    return caught.value


def test_a_connected_account_tells_who_it_is_and_what_day_it_has(common: Sandbox) -> None:
    before = common.connector.check(common.credentials)
    common.step_clock(2)
    after = common.connector.check(common.credentials)
    served = common.servers.account
    assert (before.account_id, before.currency, before.time_zone, before.simulated) == (
        served.google_customer,
        served.currency,
        served.time_zone,
        True,
    )
    assert after.today - before.today == timedelta(2)


def test_an_access_token_that_ran_out_is_renewed_within_the_call(common: Sandbox) -> None:
    session = open_session(common)
    first = session.rows(CAMPAIGNS, "campaigns")
    common.servers.account.tokens.expire()
    assert session.rows(CAMPAIGNS, "campaigns") == first
    assert common.waits == []
    session.close()


@pytest.mark.parametrize("kind", ["server_error", "bad_gateway", "throttle", "cut"])
def test_a_read_that_fails_twice_comes_whole_at_the_third_try(common: Sandbox, kind: str) -> None:
    session = open_session(common)
    whole = session.rows(CAMPAIGNS, "campaigns")
    common.show_fault(kind, times=2)
    assert session.rows(CAMPAIGNS, "campaigns") == whole
    assert len(common.waits) == 2
    session.close()


def test_a_throttled_read_waits_for_as_long_as_google_asks(common: Sandbox) -> None:
    session = open_session(common)
    common.show_fault("throttle", times=1, wait_s=17)
    session.rows(CAMPAIGNS, "campaigns")
    session.close()
    assert 17.0 <= common.waits[0] < 18.0


def test_waits_double_with_jitter_and_end_after_five_tries(common: Sandbox) -> None:
    common.show_fault("bad_gateway", times=9)
    error = failing(open_session(common))
    assert error.kind == "unavailable"
    bounds = [(0.5, 1.0), (1.0, 2.0), (2.0, 4.0), (4.0, 8.0)]
    assert [low <= wait <= high for wait, (low, high) in zip(common.waits, bounds, strict=True)] == [True] * 4


def test_an_answer_that_does_not_come_in_time_is_given_up(common: Sandbox) -> None:
    session = GoogleSession(common.credentials, waits=Waits(tries=1), limits=TimeLimits(read_s=0.5))
    session.rows(CAMPAIGNS, "campaigns")
    common.show_fault("slow")
    error = failing(session)
    assert (error.kind, error.codes) == ("unavailable", ("DEADLINE_EXCEEDED",))


def test_a_longer_wait_than_we_have_is_told_instead_of_waited(common: Sandbox) -> None:
    common.show_fault("throttle", times=1, wait_s=3600)
    error = failing(open_session(common))
    assert (error.kind, error.wait_s, common.waits) == ("throttled", 3600.0, [])


def test_access_that_was_withdrawn_asks_for_a_new_connection_at_once(common: Sandbox) -> None:
    error = failing(open_session(common, common.credentials | {"refresh_token": "1//withdrawn"}))
    assert error.kind == "expired"
    assert "accounts add google_ads" in str(error)
    assert common.waits == []


def test_a_wrong_developer_token_and_a_wrong_account_are_told_in_words(common: Sandbox) -> None:
    wrong_token = failing(open_session(common, common.credentials | {"developer_token": "not-this-one"}))
    wrong_account = failing(open_session(common, common.credentials | {"customer_id": "9998887777"}))
    assert {wrong_token.kind, wrong_account.kind} <= {"refused", "expired"}
    assert "9998887777" in str(wrong_account)
    assert all(code.split(".")[0].endswith("_error") for code in (*wrong_token.codes, *wrong_account.codes))


def test_no_secret_stands_in_any_error(common: Sandbox) -> None:
    names = ("developer_token", "client_secret", "refresh_token")
    changed = ({"refresh_token": "1//gone"}, {"token_uri": "http://127.0.0.1:9/token"}, {"developer_token": "bad-one"})
    for change in changed:
        credentials = common.credentials | change
        told = str(failing(open_session(common, credentials)))
        assert [name for name in names if credentials[name] in told] == []


def test_a_server_with_another_certificate_is_not_trusted(common: Sandbox, tmp_path: Path) -> None:
    from marketmover.sandbox.serving.certificates import certificates_in

    (tmp_path / "other").mkdir()
    certificates_in(tmp_path / "other")
    error = failing(open_session(common, common.credentials | {"ca": str(tmp_path / "other" / "ca.pem")}))
    assert error.kind == "unavailable"


def test_a_query_that_google_does_not_know_is_refused_without_another_try(common: Sandbox) -> None:
    error = failing(open_session(common), "SELECT campaign.nonsense FROM campaign")
    assert (error.kind, error.codes, common.waits) == ("refused", ("query_error.UNRECOGNIZED_FIELD",), [])


@pytest.mark.parametrize("missing", connector.needs)
def test_credentials_that_lack_something_say_what(missing: str) -> None:
    given = {key: value for key, value in NOWHERE.items() if key != missing}
    with pytest.raises(InputError, match=missing):
        connector.exports(given)


def test_an_account_number_of_another_form_is_named() -> None:
    with pytest.raises(InputError, match="12-34"):
        connector.exports(NOWHERE | {"customer_id": "12-34"})


def test_all_codes_that_we_have_words_for_are_googles_own() -> None:
    errors = import_module("google.ads.googleads.v25.errors.types.errors")
    families = errors.ErrorCode.pb().DESCRIPTOR.fields_by_name
    unknown = [
        code
        for code in known_codes()
        if (parts := code.split("."))[0] not in families or parts[1] not in families[parts[0]].enum_type.values_by_name
    ]
    assert unknown == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("token_uri", "http://tokens.example.com/token"),
        ("token_uri", "http://localhost:x@tokens.example.com/"),
        ("endpoint", "ads.example.com:443"),
        ("endpoint", "localhost.example.com"),
    ],
)
def test_credentials_are_sent_to_google_and_this_machine_alone(common: Sandbox, key: str, value: str) -> None:
    with pytest.raises(InputError, match=f"{key} of the Google Ads account leads elsewhere") as error:
        open_session(common, {**common.credentials, key: value})
    assert "example.com" not in str(error.value)
