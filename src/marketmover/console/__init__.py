"""What commands print with: results on stdout, messages and progress on stderr, plain in a pipe.

Results are for people on a terminal and plain text or JSON elsewhere; messages never mix with them.
"""

from marketmover.console.output import (
    Table,
    guarded,
    is_terminal,
    noted,
    print_json,
    print_parts,
    print_table,
    print_text,
    say,
    warn,
)
from marketmover.console.progress import Progress, progress

__all__ = [
    "Progress",
    "Table",
    "guarded",
    "is_terminal",
    "noted",
    "print_json",
    "print_parts",
    "print_table",
    "print_text",
    "progress",
    "say",
    "warn",
]
