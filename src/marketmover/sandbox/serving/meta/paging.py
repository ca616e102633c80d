"""Pages of an edge: a part of its rows, with the cursors that lead on. Source: Graph API guide, Paginated results."""

import base64
import binascii
import urllib.parse
from collections.abc import Sequence

from marketmover.sandbox.serving.meta.calls import Call, Json
from marketmover.sandbox.serving.meta.refusing import GraphError, plain

_USUAL, _MOST = 25, 5_000


def page_of(rows: Sequence[Json], call: Call) -> Json:
    """The page that `limit`, `after` and `before` ask for; `paging.next` where rows are left.

    Raises:
        GraphError: A cursor is not one of ours, or the limit is no number.
    """
    size = min(max(call.whole("limit", _USUAL), 1), _MOST)
    first = _place(call.text("after")) if call.text("after") else 0
    if call.text("before"):
        end = _place(call.text("before"))
        first, size = max(end - size, 0), min(size, end)
    part = rows[first : first + size]
    page: Json = {"data": list(part)}
    if part:
        last = first + len(part)
        paging: Json = {"cursors": {"before": _cursor(first), "after": _cursor(last)}}
        if last < len(rows):
            paging["next"] = _address(call, after=_cursor(last))
        if first > 0:
            paging["previous"] = _address(call, before=_cursor(first))
        page["paging"] = paging
    if "total_count" in call.names("summary") or call.flag("summary"):
        page["summary"] = {"total_count": len(rows)}
    return page


def _cursor(place: int) -> str:
    return base64.urlsafe_b64encode(f"row:{place}".encode()).decode().rstrip("=")


def _place(cursor: str) -> int:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        return int(text.removeprefix("row:"))
    except (binascii.Error, ValueError):
        raise _bad_cursor() from None


def _bad_cursor() -> GraphError:
    return plain("Invalid cursors values in the parameters after or before")


def _address(call: Call, **cursor: str) -> str:
    """The address of another page, which holds the token as well, as Meta's own does."""
    kept = {name: value for name, value in call.given.items() if name not in {"after", "before"}}
    query = urllib.parse.urlencode({**kept, **cursor})
    return f"https://graph.facebook.com/{call.version}/{'/'.join(call.parts)}?{query}"
