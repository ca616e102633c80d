"""Operations of one `MutateGoogleAdsRequest`, in the order of sending."""

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]


class GoogleOperations:
    """The operations for one account, and the temporary names that they hand to each other.

    A name with a negative id stands for something that an earlier operation of the same request creates; no id is given
    twice, whatever its kind. Source: Google Ads API guide, Mutating resources, Temporary resource names.
    """

    def __init__(self, customer_id: str) -> None:
        self.customer_id = customer_id
        self.operations: list[Json] = []
        self._last_id = 0

    def create(self, operation: str, collection: str | None, resource: Json) -> str:
        """Append a create; returns the new thing's temporary name, empty where nothing can refer to its kind.

        Args:
            operation: The kind, such as `campaignBudgetOperation`.
            collection: The collection of its resource name, such as `campaignBudgets`; `None` for kinds that are named
                by their parents (criteria, ads).
            resource: The fields, in camelCase.
        """
        name = ""
        if collection is not None:
            self._last_id -= 1
            name = f"customers/{self.customer_id}/{collection}/{self._last_id}"
            resource = {"resourceName": name, **resource}
        self.operations.append({operation: {"create": resource}})
        return name

    def update(self, operation: str, resource_name: str, fields: Mapping[str, Any]) -> None:
        """Append an update of exactly these fields; without any, nothing is sent.

        Args:
            operation: The kind, such as `campaignOperation`.
            resource_name: What to update.
            fields: Values by path (`maximizeConversions.targetCpaMicros`); `None` clears the field. The mask is written
                in camelCase, since JSON refuses snake_case in it. Source: protobuf JSON mapping, FieldMask.
        """
        if not fields:
            return
        resource: Json = {"resourceName": resource_name}
        for path, value in fields.items():
            *parents, leaf = path.split(".")
            place = resource
            for parent in parents:
                place = place.setdefault(parent, {})
            if value is not None:
                place[leaf] = value
        self.operations.append({operation: {"update": resource, "updateMask": ",".join(fields)}})

    def remove(self, operation: str, resource_name: str) -> None:
        """Append a remove."""
        self.operations.append({operation: {"remove": resource_name}})
