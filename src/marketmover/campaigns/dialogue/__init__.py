"""Talking with the client: the few questions that would change the plan most, and the answers taken into the brief."""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.campaigns.dialogue.accounts import Accounts, accounts_of
    from marketmover.campaigns.dialogue.answers import answered
    from marketmover.campaigns.dialogue.conversing import Conversation, converse
    from marketmover.campaigns.dialogue.drafting import letter
    from marketmover.campaigns.dialogue.page import render_page
    from marketmover.campaigns.dialogue.questions import Question, ask
    from marketmover.campaigns.dialogue.sources import Source
else:
    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "Accounts": "accounts",
            "Conversation": "conversing",
            "Question": "questions",
            "Source": "sources",
            "accounts_of": "accounts",
            "answered": "answers",
            "ask": "questions",
            "converse": "conversing",
            "letter": "drafting",
            "render_page": "page",
        },
    )

__all__ = [
    "Accounts",
    "Conversation",
    "Question",
    "Source",
    "accounts_of",
    "answered",
    "ask",
    "converse",
    "letter",
    "render_page",
]
