"""Tiny pure helpers that every room may use: money, time, ids, days, counts in words, waiting."""

from marketmover.kit.ids import LineId, line_id, new_id, stable_hash
from marketmover.kit.lazy import on_demand
from marketmover.kit.money import (
    apportion,
    coin_of,
    from_cents,
    round_to_cent,
    to_cents,
    to_micros,
)
from marketmover.kit.time import days_between, parse_date, utc_now
from marketmover.kit.waiting import wait_for
from marketmover.kit.words import counted, did_you_mean, plural

__all__ = [
    "LineId",
    "apportion",
    "coin_of",
    "counted",
    "days_between",
    "did_you_mean",
    "from_cents",
    "line_id",
    "new_id",
    "on_demand",
    "parse_date",
    "plural",
    "round_to_cent",
    "stable_hash",
    "to_cents",
    "to_micros",
    "utc_now",
    "wait_for",
]
