"""What pulls announce."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

EXPORTS_PULLED = "exports.pulled"
"""Topic of the stream: all files of a pull have come."""


@dataclass(frozen=True)
class ExportsPulled:
    """All files of a pull have come.

    Attributes:
        platform: `google_ads` or `meta_ads`.
        account_id: The platform's id.
        number: Which of the account's pulls it is, counting up.
    """

    platform: str
    account_id: str
    number: int

    def payload(self) -> dict[str, Any]:
        """As the stream carries it."""
        return {"platform": self.platform, "account_id": self.account_id, "number": self.number}

    @classmethod
    def of(cls, payload: Mapping[str, Any]) -> "ExportsPulled":
        """The fact from what the stream carries."""
        return cls(str(payload["platform"]), str(payload["account_id"]), int(payload["number"]))
