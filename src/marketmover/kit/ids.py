"""Identifiers: random ones, ones that follow from content, and the id of a budget line."""

import hashlib
import uuid
from typing import NamedTuple


def new_id() -> str:
    """A random identifier, 32 hexadecimal digits."""
    return uuid.uuid4().hex


def stable_hash(*parts: str) -> str:
    """A 32-digit hexadecimal hash that follows from the parts alone, on every machine."""
    joined = "\x1f".join(parts)
    return hashlib.blake2b(joined.encode(), digest_size=16).hexdigest()


class LineId(NamedTuple):
    """A budget line's id taken apart: `platform:campaign_id:group_id`, `-` where there is no single group."""

    platform: str
    campaign_id: str
    group_id: str | None

    @classmethod
    def parse(cls, text: str) -> "LineId":
        """Take `google_ads:55:551` apart.

        Raises:
            ValueError: The text does not have three parts.
        """
        platform, campaign_id, group_id = text.split(":", 2)
        return cls(platform, campaign_id, None if group_id == "-" else group_id)

    def __str__(self) -> str:
        return line_id(self.platform, self.campaign_id, self.group_id)


def line_id(platform: str, campaign_id: str, group_id: str | None) -> str:
    """The id of a budget line as plans show it."""
    return f"{platform}:{campaign_id}:{group_id or '-'}"
