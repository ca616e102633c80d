"""What is written down of an error that ended a job."""

from marketmover.errors import InputError
from marketmover.jobs.hold import words_of


def test_what_an_address_asked_for_is_not_told_since_libraries_put_tokens_there() -> None:
    error = ConnectionError("Max retries exceeded with url: /v26.0/act_1/insights?fields=spend&access_token=s3cret (x)")
    assert "s3cret" not in words_of(error)
    assert "/v26.0/act_1/insights?..." in words_of(error)


def test_our_own_errors_are_told_as_they_are() -> None:
    assert words_of(InputError("Is it here?", "Look.")) == "Is it here? Look."
