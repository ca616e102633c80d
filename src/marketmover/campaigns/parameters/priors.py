"""What is taken for granted of parameters before an account speaks: spreads of effects on the log of a rate.

Round figures of our own: that a factor shifts what money brings by some 10 to 20% is usual, by half is rare. Each
account's own spreads are learned from here (`models/effects.py`). Effects on the quality of leads are taken to be
half as large. What acts together is taken to matter less than what acts alone.
"""

SPREADS = {
    "platform": 0.5,
    "line": 0.3,
    "ad_type": 0.2,
    "bidding": 0.12,
    "theme": 0.12,
    "text": 0.1,
    "age": 0.2,
    "gender": 0.15,
    "line age": 0.1,
    "line gender": 0.08,
    "line settings": 0.12,
    "line half-year": 0.1,
    "theme x age": 0.08,
    "ad_type x age": 0.08,
}
"""By factor; `line ...` is what a line has of its own: how it does among people, what else its months held."""

_QUALITY = 0.5
_OWN = ("platform", "line", "line settings", "line half-year")


def spreads_of(rate: str) -> dict[str, float]:
    """Spreads of effects on a rate: `rate`, or `quality`."""
    times = _QUALITY if rate == "quality" else 1.0
    return {factor: spread * (1.0 if factor in _OWN else times) for factor, spread in SPREADS.items()}


CHANCE = {"line": 0.12, "people": 0.1, "ad": 0.12}
"""Spread of what else moves a cell, by what kind of cell it is."""
