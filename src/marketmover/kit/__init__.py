"""Tiny pure helpers that every room may use: money, time, ids, intervals of dates."""

from marketmover.kit.ids import LineId, line_id, new_id, stable_hash
from marketmover.kit.money import apportion, from_cents, from_micros, round_to_cent, to_cents, to_micros
from marketmover.kit.time import date_range, days_between, parse_date, utc_now

__all__ = [
    "LineId",
    "apportion",
    "date_range",
    "days_between",
    "from_cents",
    "from_micros",
    "line_id",
    "new_id",
    "parse_date",
    "round_to_cent",
    "stable_hash",
    "to_cents",
    "to_micros",
    "utc_now",
]
