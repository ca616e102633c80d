"""`marketmover serve`: run what is due until told to stop."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from marketmover.app.opening import App


def serve(
    ctx: typer.Context,
    host: Annotated[str, typer.Option(help="The address to listen on; by default this machine alone.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes any that is free.")] = 8000,
    grace: Annotated[int, typer.Option(min=0, help="Seconds that running jobs have to end when it stops.")] = 30,
) -> None:
    """Run the jobs when they are due (`marketmover jobs list`), until SIGTERM or Ctrl-C; several processes may run.

    It answers on GET /healthz, and on nothing else yet: the API and the dashboard come later.
    """
    from marketmover.app.serving.service import run

    opener: App = ctx.obj
    run(opener, host, port, grace)
