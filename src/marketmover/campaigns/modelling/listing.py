"""The registered versions of each outcome's model."""

from marketmover.campaigns.modelling.comparing import OUTCOMES
from marketmover.learning import Tracker

_LABELS = ("kind", "last_date", "error", "fingerprint")


def registered(tracker: Tracker) -> list[dict[str, str]]:
    """Each version's outcome, number, kind, last day, error in cross-validation and data fingerprint, newest first."""
    return [
        {"outcome": outcome, "version": str(number), **{name: labels.get(name, "") for name in _LABELS}}
        for outcome in OUTCOMES
        for number, labels in tracker.versions(outcome)
    ]
