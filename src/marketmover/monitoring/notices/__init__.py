"""Who is told of what, when, and whether it reached them.

`notify` puts notices into the outbox, in the transaction of what they tell of; `deliver` sends what is due, by the
routes of `notices.toml` (`read_configuration`). `tell_alerts` makes notices of alerts. A transport is a function
of `Options` that gives a `Notifier`.
"""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.monitoring.notices.alerts_file import AlertsFile, alerts_of, read_alerts
    from marketmover.monitoring.notices.configuration import Configuration, read_configuration
    from marketmover.monitoring.notices.delivering import Delivered, deliver
    from marketmover.monitoring.notices.kept import configuration_kept
    from marketmover.monitoring.notices.notice import Message, Notice, Notifier, Options, Transport, one_line
    from marketmover.monitoring.notices.outbox import notify, open_notice
    from marketmover.monitoring.notices.service import tell_alerts
    from marketmover.monitoring.notices.telling import notices_of_alerts
    from marketmover.monitoring.notices.wording import REPEATED, STEPS, heading_of, text_of
else:
    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "AlertsFile": "alerts_file",
            "Configuration": "configuration",
            "Delivered": "delivering",
            "Message": "notice",
            "Notice": "notice",
            "Notifier": "notice",
            "Options": "notice",
            "REPEATED": "wording",
            "STEPS": "wording",
            "Transport": "notice",
            "alerts_of": "alerts_file",
            "configuration_kept": "kept",
            "deliver": "delivering",
            "heading_of": "wording",
            "notices_of_alerts": "telling",
            "notify": "outbox",
            "one_line": "notice",
            "open_notice": "outbox",
            "read_alerts": "alerts_file",
            "read_configuration": "configuration",
            "tell_alerts": "service",
            "text_of": "wording",
        },
    )

__all__ = [
    "REPEATED",
    "STEPS",
    "AlertsFile",
    "Configuration",
    "Delivered",
    "Message",
    "Notice",
    "Notifier",
    "Options",
    "Transport",
    "alerts_of",
    "configuration_kept",
    "deliver",
    "heading_of",
    "notices_of_alerts",
    "notify",
    "one_line",
    "open_notice",
    "read_alerts",
    "read_configuration",
    "tell_alerts",
    "text_of",
]
