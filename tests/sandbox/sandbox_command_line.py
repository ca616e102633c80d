"""`marketmover sandbox ...` as people call it, for tests."""

from typer.testing import CliRunner

from marketmover.sandbox.commands import app


def run_sandbox(*words: str) -> str:
    """What a command prints; its errors are raised."""
    outcome = CliRunner().invoke(app, [*words])
    if outcome.exception and not isinstance(outcome.exception, SystemExit):
        raise outcome.exception
    assert outcome.exit_code == 0, outcome.output
    return outcome.stdout
