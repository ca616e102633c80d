"""One chat channel behind a webhook's URL: Slack and Teams differ in the form of a message and in what errors mean."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from marketmover.connectors.notices.addresses import Target
from marketmover.connectors.notices.posting import failure, post
from marketmover.monitoring.notices import Message


@dataclass(frozen=True)
class Service:
    """A chat service.

    Attributes:
        name: As people know it.
        payload_of: A message in its form.
        remedies: What to do, by HTTP status.
        lasting: Statuses after which trying again is of no use.
    """

    name: str
    payload_of: Callable[[Message], dict[str, Any]]
    remedies: Mapping[int, str]
    lasting: frozenset[int]


class ChannelNotifier:
    """Posts to one channel.

    Args:
        service: Which chat service.
        target: The webhook's URL.
        ca_file: As in `post`.
        timeout_s: For one message.
    """

    def __init__(self, service: Service, target: Target, ca_file: str, timeout_s: float) -> None:
        self._service = service
        self._target = target
        self._ca_file = ca_file
        self._timeout_s = timeout_s

    @property
    def shown(self) -> str:
        """Where it leads."""
        return f"{self._service.name} ({self._target.shown})"

    def send(self, message: Message) -> str:
        """Post it, once. Teams answers when it has taken a card; that it was posted is not told."""
        body = json.dumps(self._service.payload_of(message), ensure_ascii=False).encode()
        answer = post(self._target, body, {}, timeout_s=self._timeout_s, ca_file=self._ca_file)
        if not answer.taken:
            raise failure(self._service.name, answer, self._service.remedies, lasting=self._service.lasting)
        return answer.said
