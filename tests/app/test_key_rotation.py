"""A new key for an installation of several workspaces: one rotation at a time, and a log that names what it touched."""

from pathlib import Path

import pytest

from marketmover.access import audit
from marketmover.app import open_app
from marketmover.app.accounts.service import change_key
from marketmover.app.opening import App
from marketmover.jobs import HeldError, holding
from marketmover.settings import Settings


def _app(home: Path, workspace: str, *names: str) -> App:
    app = open_app(Settings(home=home, workspace=workspace))
    with app.home() as stores, stores.records.session() as session:
        for name in names:
            app.secrets.keep(session, name, {"token": "t"})
    return app


def _log(app: App) -> list[tuple[str, str]]:
    with app.home() as stores, stores.records.session(read_only=True) as session:
        return sorted((entry.what, entry.about) for entry in audit.entries(session, app.workspace))


def test_each_workspaces_log_names_its_own_accounts_and_no_other(tmp_path: Path) -> None:
    first = _app(tmp_path, "default", "accounts/shop-search", "notices/mail")
    second = _app(tmp_path, "acme", "accounts/shop-social")
    assert change_key(second, who="ana") == 3
    assert _log(first) == [("key.rotated", "account shop-search"), ("key.rotated", "notices secret mail")]
    assert _log(second) == [("key.rotated", "account shop-social")]


def test_a_workspace_without_secrets_still_logs_that_it_was_asked_here(tmp_path: Path) -> None:
    _app(tmp_path, "default", "accounts/shop-search")
    empty = _app(tmp_path, "acme")
    assert change_key(empty, who="ana") == 1
    assert _log(empty) == [("key.rotated", "no secret of this workspace")]


def test_two_workspaces_cannot_change_the_key_at_once(tmp_path: Path) -> None:
    first, second = _app(tmp_path, "default", "accounts/a"), _app(tmp_path, "acme", "accounts/b")
    with first.home() as stores, holding(stores.records.of_installation(), "rotate-key"):
        for app in (first, second):
            with pytest.raises(HeldError, match="rotate-key"):
                change_key(app, who="ana")
    assert change_key(second, who="ana") == 2
