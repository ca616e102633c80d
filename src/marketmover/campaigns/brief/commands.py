"""The command `brief`: what a client wrote, understood."""

import typer


def brief(
    ctx: typer.Context,
    files: list[str] = typer.Argument(..., metavar="FILE...", help="Text, Markdown or .eml; - is standard input."),
    as_json: bool = typer.Option(False, "--json", help="Print JSON, on a terminal too."),
    as_lines: bool = typer.Option(False, "--jsonl", help="Print one brief a line, in the files' order."),
    explain: bool = typer.Option(False, "--explain", help="Show the text with what was understood marked."),
    no_model: bool = typer.Option(False, "--no-model", help="Read by rules alone, whatever the settings name."),
) -> None:
    """Read a client's brief, and show the words it rests on."""
    from marketmover.campaigns.brief.loading import load_text
    from marketmover.campaigns.brief.view import show
    from marketmover.campaigns.brief.with_model import reader_of
    from marketmover.errors import UsageError

    if sum((as_json, as_lines, explain)) > 1:
        raise UsageError("--json, --jsonl and --explain exclude each other.", "Give one of them.")
    texts, read = [load_text(name) for name in files], reader_of(ctx.obj, no_model=no_model)
    show(texts, files, read, as_json=as_json, as_lines=as_lines, explained=explain)
