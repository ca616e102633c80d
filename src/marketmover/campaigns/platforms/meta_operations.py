"""Operations on Meta's Graph edges, in the order of sending."""

import re
from typing import Any

Json = dict[str, Any]


class MetaOperations:
    """The operations for one ad account; later ones name the results of earlier ones.

    A reference is written as Graph batch requests write it, `{result=REF:$.id}`, so the list can be sent as one batch
    (`name` is the `ref`) or one by one with the ids put in. Source: Graph API guide, Batch requests, Specifying
    dependencies.
    """

    def __init__(self, account_id: str) -> None:
        self.account_id = account_id
        self.operations: list[Json] = []
        self._refs: set[str] = set()

    def post(self, edge: str, params: Json, ref: str, line_id: str) -> str:
        """Append a POST; returns the reference by which later operations may name its result.

        Args:
            edge: The path after the API version, such as `act_1/campaigns` or an object's id.
            params: Its parameters, as JSON values.
            ref: A name for the operation; a number is added where it is taken.
            line_id: The plan line that it serves.
        """
        base = re.sub(r"[^A-Za-z0-9_-]+", "-", ref)
        name, count = base, 1
        while name in self._refs:
            count += 1
            name = f"{base}-{count}"
        self._refs.add(name)
        self.operations.append({"edge": edge, "method": "POST", "params": params, "ref": name, "line_id": line_id})
        return f"{{result={name}:$.id}}"

    def create(self, collection: str, params: Json, ref: str, line_id: str) -> str:
        """Append a create on one of the account's collections, such as `campaigns`."""
        return self.post(f"act_{self.account_id}/{collection}", params, ref, line_id)
