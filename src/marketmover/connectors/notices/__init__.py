"""Ways to tell people: mail, Slack, Teams, webhooks, the log. Each is found by its entry point `marketmover.notifiers`.

A transport is a function of a route's options that gives a notifier, or raises SettingsError naming what to mend.
"""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.connectors.notices.adaptive_card import teams
    from marketmover.connectors.notices.log_line import log
    from marketmover.connectors.notices.slack_blocks import slack
    from marketmover.connectors.notices.smtp import mail
    from marketmover.connectors.notices.standard_webhook import webhook
else:
    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "log": "log_line",
            "mail": "smtp",
            "slack": "slack_blocks",
            "teams": "adaptive_card",
            "webhook": "standard_webhook",
        },
    )

__all__ = ["log", "mail", "slack", "teams", "webhook"]
