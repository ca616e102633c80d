"""Who asks, and what they may do."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Caller:
    """Who asks: a person who signed in, or a program by its key.

    Attributes:
        kind: A person or a key.
        id: The person's or key's.
        name: A person's e-mail or a key's name, as logs have it.
        workspace: The one that is worked in.
        permissions: What may be done there, like `plans:read`.
    """

    kind: Literal["person", "key"]
    id: str
    name: str
    workspace: str
    permissions: frozenset[str]

    def may(self, permission: str) -> bool:
        """Whether it may do something."""
        return permission in self.permissions

    @property
    def who(self) -> str:
        """How logs name it."""
        return self.name if self.kind == "person" else f"key {self.name}"
