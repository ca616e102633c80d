"""Settings from the environment and from `.env`."""

from pathlib import Path

import pytest

from marketmover.errors import SettingsError
from marketmover.settings import Settings, load_settings, source_of, unknown_variables


@pytest.fixture(autouse=True)
def bare_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"MARKETMOVER_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(Settings.model_config, "env_file", ".env")


def test_without_any_setting_everything_is_embedded_in_the_users_own_folder() -> None:
    settings = load_settings()
    assert settings.home.name == "marketmover"
    assert settings.home.is_absolute()
    assert not any(
        url.get_secret_value()
        for url in (settings.lake_url, settings.records_url, settings.stream_url, settings.files_url)
    )
    assert settings.workspace == "default"


def test_the_environment_wins_over_the_env_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("MARKETMOVER_WORKSPACE=from-file\nMARKETMOVER_FILES_URL='memory://ünï'\n", encoding="utf-8")
    assert load_settings().workspace == "from-file"
    monkeypatch.setenv("MARKETMOVER_WORKSPACE", "from-env")
    assert (load_settings().workspace, load_settings().files_url.get_secret_value()) == ("from-env", "memory://ünï")


def test_an_empty_variable_is_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARKETMOVER_HOME", "")
    monkeypatch.setenv("MARKETMOVER_DEBUG", "")
    assert load_settings().home.name == "marketmover"
    assert load_settings().debug is False


def test_a_home_is_made_absolute_and_its_tilde_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARKETMOVER_HOME", "here")
    assert load_settings().home == tmp_path / "here"
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("MARKETMOVER_HOME", "~/there")
    assert load_settings().home == tmp_path / "there"


@pytest.mark.parametrize("name", ["My Client", "../other", "a/b", "", " ", "ü", "-x", "x" * 65])
def test_a_workspace_that_could_not_be_a_folder_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="lower case"):
        Settings(workspace=name)


def test_a_wrong_value_is_named_by_its_variable_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARKETMOVER_WORKSPACE", "My Client")
    monkeypatch.setenv("MARKETMOVER_DEBUG", "perhaps")
    with pytest.raises(SettingsError, match=r"MARKETMOVER_WORKSPACE cannot be used: use 1 to 64.*MARKETMOVER_DEBUG"):
        load_settings()


def test_an_env_file_that_is_not_text_is_named() -> None:
    Path(".env").write_bytes(b"MARKETMOVER_HOME=\xff\xfe")
    with pytest.raises(SettingsError, match=r"\.env is not UTF-8"):
        load_settings()


def test_a_url_is_never_shown_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARKETMOVER_RECORDS_URL", "postgresql://ana:s3cret@db/marketing")
    settings = load_settings()
    assert "s3cret" not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"


def test_settings_do_not_change_once_read() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings().workspace = "other"


def test_a_misspelt_name_is_told_with_the_nearest_there_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MARKETMOVER_RECORD_URL", "x")
    Path(".env").write_text("# MARKETMOVER_OLD=1\nexport MARKETMOVER_HOMER = /x\nOTHER=1\n")
    load_settings()
    told = capsys.readouterr().err
    assert "MARKETMOVER_RECORD_URL is not a setting" in told
    assert "did you mean MARKETMOVER_RECORDS_URL?" in told
    assert "did you mean MARKETMOVER_HOME?" in told
    assert "OLD" not in told
    assert "OTHER" not in told


def test_a_name_like_nothing_gets_the_list_and_known_names_get_nothing() -> None:
    [told] = unknown_variables(["MARKETMOVER_QQQ", "marketmover_home", "PATH", "_MARKETMOVER_COMPLETE"])
    assert "MARKETMOVER_QQQ" in told
    assert "MARKETMOVER_WORKSPACE" in told


def test_where_a_value_comes_from_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("MARKETMOVER_RATE_LIMIT=5\nexport MARKETMOVER_DEBUG=true\n", encoding="utf-8")
    monkeypatch.setenv("MARKETMOVER_DEBUG", "false")
    monkeypatch.setenv("MARKETMOVER_SCHEDULES", "")
    told = {name: source_of(name) for name in ("debug", "rate_limit", "schedules", "otlp_url")}
    assert told == {"debug": "environment", "rate_limit": "file", "schedules": "default", "otlp_url": "default"}
