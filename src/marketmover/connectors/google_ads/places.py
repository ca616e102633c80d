"""Names of places that operations target, asked of Google: what is sent names them by numbers alone."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from marketmover.connectors.google_ads.session import GoogleSession, Json

_CONSTANT = re.compile(r"geoTargetConstants/(\d+)")
_AT_ONCE = 500
_FIELDS = "geo_target_constant.resource_name, geo_target_constant.name, geo_target_constant.canonical_name"


def place_names(session: GoogleSession, operations: Sequence[Json]) -> dict[str, str]:
    """Names by resource (`geoTargetConstants/2840`) of the places in operations; nothing is asked if there are none.

    Raises:
        PlatformError: The account cannot be read.
    """
    wanted = sorted({found[1] for one in operations if (found := _CONSTANT.fullmatch(location_of(one)))}, key=int)
    names: dict[str, str] = {}
    for first in range(0, len(wanted), _AT_ONCE):
        ids = ", ".join(wanted[first : first + _AT_ONCE])
        query = f"SELECT {_FIELDS} FROM geo_target_constant WHERE geo_target_constant.id IN ({ids})"  # noqa: S608 - GAQL
        names |= dict(_named(session.rows(query, "the names of places")))
    return names


def location_of(operation: Json) -> str:
    """The place that an operation targets or leaves out, as a resource; empty where it is about something else."""
    made: Mapping[str, Any] = next(iter(operation.values()), {}).get("create") or {}
    return str((made.get("location") or {}).get("geoTargetConstant", ""))


def _named(rows: Sequence[Json]) -> Iterator[tuple[str, str]]:
    """`Berlin,Berlin,Germany` is Berlin, Germany: what lies between tells little."""
    for row in rows:
        told = row["geoTargetConstant"]
        parts = str(told.get("canonicalName") or told.get("name") or "").split(",")
        yield str(told["resourceName"]), ", ".join(dict.fromkeys((parts[0], parts[-1])))
