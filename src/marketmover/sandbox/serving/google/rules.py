"""What every rule of a mutate uses: the operation looked at, and complaints with their places."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from marketmover.kit import coin_of
from marketmover.sandbox.serving.google.refusing import Complaint
from marketmover.sandbox.serving.google.rows import snake
from marketmover.sandbox.serving.google.standing import Standing

Json = dict[str, Any]
Complaints = Iterator[Complaint]
TEMPORARY = re.compile(r"customers/\d+/\w+/-\d+")
_REQUIRED = "The required field was not present."


@dataclass(frozen=True)
class Looked:
    """An operation that creates or updates.

    Attributes:
        standing: The account.
        place: Of the operation in the request.
        operation: `campaign_operation`.
        verb: `create` or `update`.
        fields: The object as sent, in REST form.
        before: As it stands, for updates.
    """

    standing: Standing
    place: int
    operation: str
    verb: str
    fields: Json
    before: Mapping[str, Any]

    @property
    def creating(self) -> bool:
        """Whether the object is new."""
        return self.verb == "create"

    @property
    def after(self) -> Json:
        """The object as it will stand."""
        return {**self.before, **self.fields}

    @property
    def coin_micros(self) -> int:
        """The smallest sum that is charged."""
        return coin_of(self.standing.account.currency) * 10_000

    def complain(self, kind: str, code: str, words: str, *path: str | int, trigger: Any = "") -> Complaint:
        """A complaint about a field of the object; numbers in `path` are places in the field before."""
        return Complaint(kind, code, words, self.at(*path), str(trigger))

    def at(self, *path: str | int) -> tuple[tuple[str, int | None], ...]:
        """Where a field of the object stands in the request."""
        found: list[tuple[str, int | None]] = [
            ("mutate_operations", self.place),
            (self.operation, None),
            (self.verb, None),
        ]
        for part in path:
            if isinstance(part, int):
                found[-1] = (found[-1][0], part)
            else:
                found.append((snake(part), None))
        return tuple(found)

    def required(self, *names: str) -> Complaints:
        """Complaints of fields that a new object must have."""
        for name in names:
            if self.creating and self.fields.get(name) in (None, "", [], {}):
                yield self.complain("field_error", "REQUIRED", _REQUIRED, name)

    def owner(self, what: str, field: str) -> Json | None:
        """The object that a field names, where it stands."""
        return self.standing.find(what, str(self.after.get(field) or ""))

    def owner_missing(self, what: str, field: str) -> Complaints:
        """A complaint of a field that names nothing."""
        name = self.fields.get(field)
        if name and self.standing.find(what, str(name)) is None:
            if name in self.standing.failed:
                words = "The temporary id belongs to an object that could not be made."
                yield self.complain("new_resource_creation_error", "TEMP_ID_RESOURCE_HAD_ERRORS", words, field)
            elif not str(name).startswith(self.standing.prefix):
                yield self.complain("request_error", "RESOURCE_NAME_MALFORMED", "Malformed name.", field, trigger=name)
            else:
                yield self.complain(
                    "mutate_error", "RESOURCE_NOT_FOUND", "Resource was not found.", field, trigger=name
                )


Rule = Callable[[Looked], Complaints]
