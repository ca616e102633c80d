"""Who may call: access token, developer token, manager account, customer."""

import re
from collections.abc import Mapping

from marketmover.sandbox.serving.account import ServedAccount
from marketmover.sandbox.serving.google.refusing import Complaint, GoogleRefusalError, refused

_ID = re.compile(r"\d{10}")
_UNAUTHENTICATED = "Request had invalid authentication credentials."


def check_caller(account: ServedAccount, sent: Mapping[str, str]) -> None:
    """Refuse a call without a good access token or the developer token."""
    kind, _, token = sent.get("authorization", "").partition(" ")
    if kind != "Bearer" or not token:
        raise _unknown("OAUTH_TOKEN_HEADER_INVALID", "The OAuth access token in the header is malformed or missing.")
    if not account.tokens.good(token):
        raise expired() if token.startswith("ya29.") else _unknown("OAUTH_TOKEN_INVALID", "The OAuth token is invalid.")
    given = sent.get("developer-token")
    if not given:
        raise refused("request_error", "DEVELOPER_TOKEN_PARAMETER_MISSING", "Developer token is missing.")
    if given != account.tokens.developer_token:
        raise _unknown("DEVELOPER_TOKEN_INVALID", "The developer token is not valid.")


def check_customer(account: ServedAccount, sent: Mapping[str, str], customer: str) -> None:
    """Refuse a call that is for another account, or does not come through the account's manager."""
    if not _ID.fullmatch(customer):
        raise refused("request_error", "INVALID_CUSTOMER_ID", f"Invalid customer ID '{customer}'.")
    login = sent.get("login-customer-id", "")
    if login and not _ID.fullmatch(login):
        raise refused("header_error", "INVALID_LOGIN_CUSTOMER_ID", f"The login customer ID '{login}' is not valid.")
    through = account.login_customer_id or account.google_customer
    if customer not in {account.google_customer, through} or (login or customer) != through:
        raise refused(
            "authorization_error", "USER_PERMISSION_DENIED",
            "User doesn't have permission to access customer. Note: If you're accessing a client customer, the "
            "manager's customer id must be set in the 'login-customer-id' header.",
            status="PERMISSION_DENIED",
        )  # fmt: skip


def expired() -> GoogleRefusalError:
    """What an access token past its time gets."""
    return _unknown("OAUTH_TOKEN_EXPIRED", "The OAuth access token has expired.")


def _unknown(code: str, words: str) -> GoogleRefusalError:
    return GoogleRefusalError([Complaint("authentication_error", code, words)], "UNAUTHENTICATED", _UNAUTHENTICATED)
