"""What can go wrong with a history as a whole."""

from marketmover.errors import InputError


class EmptyHistoryError(InputError):
    """A folder holds no export, or no row that can be used. What works without a history may go on."""
