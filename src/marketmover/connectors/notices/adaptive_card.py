"""Microsoft Teams, by the URL of a workflow that posts what it is sent to a channel: Adaptive Cards."""

import json
from typing import Any

from marketmover.connectors.notices.channel import ChannelNotifier, Service
from marketmover.connectors.notices.targets import target_option
from marketmover.monitoring.notices import REPEATED, STEPS, Message, Notice, Options, heading_of

_MOST_BYTES = 26_000  # Teams takes messages of about 28 KB
_MOST_TEXT = 1_200  # of one run, so that a notice fits by itself
_COLOURS = {"info": "accent", "warning": "warning", "critical": "attention"}
_REMEDIES = {
    400: "The workflow may have been changed; it must take an Adaptive Card ('Post card in a chat or channel').",
    401: "The workflow's URL was renewed; copy it again into notices.toml.",
    403: "The workflow is turned off, or its owner left; turn it on or make a new one.",
    404: "The workflow is gone; make a new one and put its URL into notices.toml.",
    410: "The old kind of connector was retired; make a workflow and put its URL into notices.toml.",
}
_LASTING = frozenset({400, 401, 403, 404, 405, 410, 413})


def teams(options: Options) -> ChannelNotifier:
    """Of a route's options: `url`, and `ca_file`, `timeout_s`."""
    service = Service("Teams", payload_of, _REMEDIES, _LASTING)
    return ChannelNotifier(service, *target_option(options))


def payload_of(message: Message) -> dict[str, Any]:
    """The message as one Adaptive Card, with as many notices as Teams takes."""
    kept = list(message.notices)
    while True:
        payload = _payload(message, kept)
        if len(kept) <= 1 or len(json.dumps(payload, ensure_ascii=False).encode()) <= _MOST_BYTES:
            return payload
        kept = kept[: max(len(kept) // 2, 1)]


def _payload(message: Message, kept: list[Notice]) -> dict[str, Any]:
    body: list[dict[str, Any]] = []
    if message.repeated:
        body.append(_text(REPEATED, isSubtle=True))
    if message.digest or len(message.notices) > 1:
        body.append(_text(heading_of(message), weight="bolder", size="large"))
    body += [_container(notice) for notice in kept]
    left = len(message.notices) - len(kept)
    body += [_text(f"And {left} more.", isSubtle=True)] if left else []
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "msteams": {"width": "Full"},
        "fallbackText": heading_of(message),
        "body": body,
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def _container(notice: Notice) -> dict[str, Any]:
    items = [
        _text(f"{STEPS[notice.step]} · {notice.severity}", weight="bolder", color=_COLOURS[notice.severity]),
        _text(notice.title, weight="bolder", size="medium"),
        _text(notice.body),
        *(_fact(name, value) for name, value in notice.facts),
    ]
    if notice.link:
        items.append(
            {"type": "ActionSet", "actions": [{"type": "Action.OpenUrl", "title": "Open", "url": notice.link}]}
        )
    return {"type": "Container", "separator": True, "spacing": "large", "items": items}


def _text(text: str, **style: Any) -> dict[str, Any]:
    """A paragraph of runs, in which nothing is mark-up: a text block would read names from outside as Markdown."""
    runs = {key: style.pop(key) for key in ("weight", "size", "color", "isSubtle") if key in style}
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": _cut(text), **runs}], **style}


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_TEXT else f"{text[: _MOST_TEXT - 1]}…"


def _fact(name: str, value: str) -> dict[str, Any]:
    label = {"type": "TextRun", "text": f"{name}: ", "weight": "bolder"}
    return {"type": "RichTextBlock", "spacing": "small", "inlines": [label, {"type": "TextRun", "text": _cut(value)}]}
