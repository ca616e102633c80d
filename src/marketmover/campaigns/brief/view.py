"""Briefs on a terminal, in a pipe, or as JSON."""

import sys

from marketmover.campaigns.brief.explain import readings, unsaid
from marketmover.console import Table, is_terminal, print_json, print_table, print_text
from marketmover.plans import Brief


def show(briefs: list[Brief], names: list[str], *, as_json: bool, as_lines: bool) -> None:
    """Show briefs: a line of JSON each, JSON, or a view for people."""
    if as_lines:
        for brief in briefs:
            print_json(brief, indent=None)
    elif as_json or not is_terminal():
        print_json(briefs[0] if len(briefs) == 1 else [brief.model_dump(mode="json") for brief in briefs])
    else:
        for name, brief in zip(names, briefs, strict=True):
            _view(name, brief)


def _view(name: str, brief: Brief) -> None:
    title = "standard input" if name == "-" else name
    print_table(Table(title, ("field", "understood", "from the words"), [list(row) for row in readings(brief)]))
    print_text(f"Not said: {', '.join(unsaid(brief)) or 'nothing'}.")
    for warning in brief.warnings:
        print_text(f"Warning: {warning}.")
    print_text()
    sys.stdout.flush()
