"""Briefs on a terminal, in a pipe, as JSON, or as the marked text."""

import sys
from collections.abc import Callable

from marketmover.campaigns.brief.explain import marked_text, readings, unsaid
from marketmover.campaigns.brief.reader import read_brief
from marketmover.console import Table, is_terminal, print_json, print_table, print_text
from marketmover.plans import Brief


def show(
    texts: list[str],
    names: list[str],
    read: Callable[[str], Brief] = read_brief,
    *,
    as_json: bool,
    as_lines: bool,
    explained: bool,
) -> None:
    """Read each text and show its brief: a line of JSON each, JSON, the marked text, or a view for people."""
    briefs = [read(text) for text in texts]
    if as_lines:
        for brief in briefs:
            print_json(brief, indent=None)
    elif explained:
        _explain(texts, names, briefs)
    elif as_json or not is_terminal():
        print_json(briefs[0] if len(briefs) == 1 else [brief.model_dump(mode="json") for brief in briefs])
    else:
        for name, brief in zip(names, briefs, strict=True):
            _view(name, brief)


def _explain(texts: list[str], names: list[str], briefs: list[Brief]) -> None:
    for text, name, brief in zip(texts, names, briefs, strict=True):
        if len(texts) > 1:
            print_text(f"== {name}")
        print_text(marked_text(text, brief, colour=is_terminal()).rstrip("\n"))
        for warning in brief.warnings:
            print_text(f"! {warning}")


def _view(name: str, brief: Brief) -> None:
    title = "standard input" if name == "-" else name
    print_table(Table(title, ("field", "understood", "from the words"), [list(row) for row in readings(brief)]))
    print_text(f"Not said: {', '.join(unsaid(brief)) or 'nothing'}.")
    for warning in brief.warnings:
        print_text(f"Warning: {warning}.")
    print_text()
    sys.stdout.flush()
