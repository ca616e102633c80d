"""What can go wrong with a history as a whole."""

from collections.abc import Mapping

from marketmover.errors import InputError


class EmptyHistoryError(InputError):
    """A folder holds no export, or no row that can be used. What works without a history may go on.

    Args:
        message: As of every error.
        remedy: The same.
        reasons: Rows that were set aside, by reason.
    """

    def __init__(self, message: str, remedy: str = "", reasons: Mapping[str, int] | None = None) -> None:
        super().__init__(message, remedy)
        self.reasons = dict(reasons or {})
