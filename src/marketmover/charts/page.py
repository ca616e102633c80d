"""The shell of every self-contained page: one file, no script, no address, light and dark, at home on paper."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from markupsafe import Markup

from marketmover.charts.markup import tag
from marketmover.errors import InputError

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
SIMULATED = "Simulated data: these campaigns, accounts and results are not real"
"""What the ribbon says on every page that shows simulated data."""


def page(
    title: str,
    body: Markup,
    *,
    simulated: bool = False,
    description: str = "",
    styles: str = "",
    language: str = "en",
) -> str:
    """A whole HTML page around `body`, with the type, colours and spacing that all pages of marketmover share.

    Args:
        title: The window's title.
        body: The content, escaped already.
        simulated: Puts the ribbon that says so on top; it is printed too.
        description: One sentence for lists of pages; empty for none.
        styles: CSS of this page alone, after the shared one. It may use the shared variables (`--ink`, `--accent`...).
        language: BCP 47, of the page's words.

    Returns:
        The page's text; the same input gives the same text.

    >>> page("Plan", Markup("<p>Hello</p>")).splitlines()[0]
    '<!doctype html>'
    """
    head = [
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", title),
        # The stylesheets are ours, never a user's, so they go in as they stand.
        tag("style", Markup(theme() + styles)),  # noqa: S704 - see above
    ]
    if description:
        head.insert(3, tag("meta", name="description", content=description))
    ribbon = [tag("p", SIMULATED, class_="ribbon", role="note")] if simulated else []
    document = tag("html", tag("head", *head), tag("body", *ribbon, body), lang=language)
    return f"<!doctype html>\n{document}\n"


def save_page(html: str, path: Path) -> None:
    """Write a page to a file.

    Raises:
        InputError: The file cannot be written.
    """
    try:
        path.write_text(html, encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {error.strerror}.", "Name a file in a folder that is there."
        ) from error


@cache
def theme() -> str:
    """The shared stylesheet."""
    return files("marketmover.charts").joinpath("theme.css").read_text(encoding="utf-8")
