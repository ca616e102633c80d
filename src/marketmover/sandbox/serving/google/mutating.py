"""Mutate."""

from typing import Any

from marketmover.sandbox.serving.google.refusing import GoogleRefusalError
from marketmover.sandbox.serving.google.served import GoogleAccount


def mutated(account: GoogleAccount, version: str, request: Any, request_id: str) -> Any:
    """Do the operations of a request."""
    raise GoogleRefusalError([], "UNIMPLEMENTED", f"{version}: {account}, {request}, {request_id}")
