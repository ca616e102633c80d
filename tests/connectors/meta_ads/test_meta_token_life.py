"""How long Meta's token still lives, asked of the served account by the official SDK."""

from datetime import timedelta

import pytest
from tests.connectors.meta_ads.conftest import ServedMeta

from marketmover.errors import PlatformError


def test_a_system_users_token_does_not_run_out(served: ServedMeta) -> None:
    assert served.exports().account().access_ends is None


def test_a_persons_token_tells_its_day_and_then_opens_nothing(served: ServedMeta) -> None:
    ends = served.account.today + timedelta(2)
    served.account.tokens.meta_ends = ends
    assert served.exports().account().access_ends == ends
    served.account.advance(2)
    with pytest.raises(PlatformError) as caught:
        served.exports().account()
    assert caught.value.kind == "expired"
    assert served.account.tokens.connection.access_token not in str(caught.value)
    served.account.tokens.meta_ends = None
