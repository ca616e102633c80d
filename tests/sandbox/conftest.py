"""Markets that several tests look at: small, so that they are quick to make."""

from pathlib import Path

import pytest

from marketmover.sandbox import Market, create_market, write_history


@pytest.fixture(scope="session")
def market() -> Market:
    return create_market(lines=8, days=430, seed=11, sells="leads")


@pytest.fixture(scope="session")
def shop() -> Market:
    return create_market(lines=6, days=200, seed=12, sells="both")


@pytest.fixture(scope="session")
def history(market: Market, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sandbox") / "history"
    write_history(market, folder)
    return folder


@pytest.fixture(scope="session")
def dirty_history(market: Market, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sandbox") / "dirty"
    write_history(market, folder, dirty=True)
    return folder
