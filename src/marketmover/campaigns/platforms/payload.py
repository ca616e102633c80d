"""What one platform is to be sent, and what stands in for what only the account knows."""

from typing import Any, NamedTuple

INSERT_CUSTOMER_ID = "INSERT_CUSTOMER_ID"
INSERT_ACCOUNT_ID = "INSERT_ACCOUNT_ID"
INSERT_PAGE_ID = "INSERT_PAGE_ID"
INSERT_PIXEL_ID = "INSERT_PIXEL_ID"
INSERT_LINK = "INSERT_LINK"
INSERT_LEAD_FORM_ID = "INSERT_LEAD_FORM_ID"
INSERT_APPLICATION_ID = "INSERT_APPLICATION_ID"
INSERT_STORE_LINK = "INSERT_STORE_LINK"


class Payload(NamedTuple):
    """What one platform is to be sent, as JSON, and what a person should know before sending it."""

    body: dict[str, Any]
    warnings: list[str]
