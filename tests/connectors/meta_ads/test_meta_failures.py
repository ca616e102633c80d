import pytest

from marketmover.connectors.meta_ads.failures import Doing, refusal_of


@pytest.mark.parametrize("status", [400, 500])
@pytest.mark.parametrize("error", [{"code": 1}, {"code": 2}, {"code": 100, "is_transient": True}])
def test_a_passing_failure_of_a_write_leaves_open_whether_it_was_done(status: int, error: dict[str, object]) -> None:
    body = {"error": {"message": "An unknown error occurred", **error}}
    written = refusal_of(status, body, None, None, Doing("making the campaign", "444", writes=True))
    read = refusal_of(status, body, None, None, Doing("reading campaigns", "444"))
    assert (written.kind, read.kind) == ("unknown", "unavailable")
