"""Ids of what hangs below a line (ads, criteria, forms), as the platforms number them: they follow from the parts."""

from marketmover.kit import stable_hash


def numeric_id(*parts: str, digits: int = 12) -> str:
    """A number of `digits` digits that follows from the parts."""
    return str(10 ** (digits - 1) + int(stable_hash(*parts), 16) % (9 * 10 ** (digits - 1)))
