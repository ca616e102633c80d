"""What all routes of the API share: who asks, what a request works with, problems, pages, tables, idempotency."""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.web.caller import Caller
    from marketmover.web.desk import Desk, needs, open_to_all
    from marketmover.web.jobs import JobView, accepted
    from marketmover.web.paging import Listing, Page, listed
    from marketmover.web.routing import room_router
    from marketmover.web.tables import csv_answer
    from marketmover.web.texts import Identifier, LongText, Name
else:
    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "Caller": "caller",
            "Desk": "desk",
            "Identifier": "texts",
            "JobView": "jobs",
            "Listing": "paging",
            "LongText": "texts",
            "Name": "texts",
            "Page": "paging",
            "accepted": "jobs",
            "csv_answer": "tables",
            "listed": "paging",
            "needs": "desk",
            "open_to_all": "desk",
            "room_router": "routing",
        },
    )

__all__ = [
    "Caller",
    "Desk",
    "Identifier",
    "JobView",
    "Listing",
    "LongText",
    "Name",
    "Page",
    "accepted",
    "csv_answer",
    "listed",
    "needs",
    "open_to_all",
    "room_router",
]
