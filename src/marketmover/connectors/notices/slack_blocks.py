"""Slack, by an incoming webhook, which can neither thread nor tell a repeat: blocks that read well on a phone."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from marketmover.connectors.notices.channel import ChannelNotifier, Service
from marketmover.connectors.notices.targets import target_option
from marketmover.monitoring.notices import REPEATED, STEPS, Message, Notice, Options, heading_of, one_line

_MOST_HEADER, _MOST_NOTICES = 150, 10  # a header's characters; 50 blocks in all
_MOST_CHARACTERS = 12_000  # of all blocks: from about 13,200 on Slack refuses them ("msg_blocks_too_long")
_MOST_TEXT = 1_200  # of one run, so that a notice fits by itself
_MOST_LINK = 3_000
_SIGNS = {"info": "information_source", "warning": "warning", "critical": "rotating_light"}
_REMEDIES = {
    400: "The app that owns the webhook may have been changed; make a new incoming webhook.",
    403: "The webhook was revoked or the workspace forbids it; make a new one and put it into notices.toml.",
    404: "The webhook or its channel is gone; make a new incoming webhook and put it into notices.toml.",
    410: "The channel is archived; make a new incoming webhook for another one.",
}
_LASTING = frozenset({400, 403, 404, 405, 410, 413})


def slack(options: Options) -> ChannelNotifier:
    """Of a route's options: `url`, and `ca_file`, `timeout_s`."""
    service = Service("Slack", payload_of, _REMEDIES, _LASTING)
    return ChannelNotifier(service, *target_option(options))


def payload_of(message: Message) -> dict[str, Any]:
    """The message as Slack's blocks, with a text for notifications and readers that show none.

    Of many notices as many are shown as Slack takes, gravest first, and it is said how many are left out.
    """
    kept = list(message.notices[:_MOST_NOTICES])
    while True:
        blocks = _all_blocks(message, kept)
        if len(kept) <= 1 or len(json.dumps(blocks, ensure_ascii=False)) <= _MOST_CHARACTERS:
            return {"text": escaped(heading_of(message)), "blocks": blocks}
        kept.pop()


def _all_blocks(message: Message, kept: Sequence[Notice]) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = []
    if message.repeated:
        blocks.append({"type": "context", "elements": [_plain(REPEATED, _MOST_TEXT)]})
    if message.digest or len(message.notices) > 1:
        blocks.append({"type": "header", "text": _plain(heading_of(message), _MOST_HEADER)})
    for place, notice in enumerate(kept):
        blocks += ([{"type": "divider"}] if place else []) + _blocks(notice)
    left = len(message.notices) - len(kept)
    if left > 0:
        blocks.append({"type": "context", "elements": [_plain(f"And {left} more.", _MOST_TEXT)]})
    return blocks


def escaped(text: str) -> str:
    """Text from outside as Slack shows it where it reads mark-up, so that it can neither mention nor link.

    >>> escaped("<!channel> & more")
    '&lt;!channel&gt; &amp; more'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _blocks(notice: Notice) -> list[dict[str, Any]]:
    """Rich text, in which nothing is mark-up: a name from outside cannot mention, link or format."""
    sign = {"type": "emoji", "name": _SIGNS[notice.severity]}
    sections = [
        [sign, _run(f" {STEPS[notice.step]} · {notice.severity}", bold=True)],
        [_run(notice.title, bold=True)],
        [_run(f"\n{notice.body}")],
        *([_run(f"\n{name}: ", bold=True), _run(value)] for name, value in notice.facts),
    ]
    rich = [{"type": "rich_text_section", "elements": runs} for runs in sections]
    blocks: list[dict[str, Any]] = [{"type": "rich_text", "elements": rich}]
    if notice.link:
        button = {"type": "button", "text": _plain("Open", 75), "url": notice.link[:_MOST_LINK]}
        blocks.append({"type": "actions", "elements": [button]})
    return blocks


def _run(text: str, *, bold: bool = False) -> dict[str, Any]:
    cut = text if len(text) <= _MOST_TEXT else f"{text[: _MOST_TEXT - 1]}…"
    return {"type": "text", "text": cut, **({"style": {"bold": True}} if bold else {})}


def _plain(text: str, most: int) -> Mapping[str, Any]:
    return {"type": "plain_text", "text": one_line(text, most), "emoji": False}
