"""`/v1/session/oidc`: signing in at an OpenID provider."""

import json
from typing import Annotated
from urllib.parse import quote

from fastapi import Query, Request, status
from fastapi.responses import RedirectResponse
from pydantic import StringConstraints

from marketmover.access.browsers import House, base_url_of, keep_session, origin_of
from marketmover.access.oidc.service import Came, begin, finish
from marketmover.access.rules import Rules
from marketmover.errors import MarketmoverError
from marketmover.kit import utc_now
from marketmover.web import open_to_all, room_router
from marketmover.web.texts import Clean

router = room_router("/session/oidc", "Session")
_WITHIN_S = 600
_TOLD_S = 60
_SIGN_IN = "/sign-in"
TOLD = "marketmover-told"
"""The cookie by which the sign-in page learns why a provider's person was not let in."""
Brought = Annotated[Clean, StringConstraints(max_length=4_096)]


@router.get(
    "",
    status_code=status.HTTP_303_SEE_OTHER,
    response_class=RedirectResponse,
    summary="Sign in at the provider",
    operation_id="start_oidc",
)
def start_oidc(
    request: Request,
    hall: Annotated[House, open_to_all()],
    return_to: Annotated[Brought | None, Query(description="A path of this installation to go on to.")] = None,
) -> RedirectResponse:
    """Sends the browser to the provider, which sends it back to the callback."""
    address, browser = begin(hall.records, hall.rules, base_url_of(request, hall.rules), return_to, utc_now())
    response = RedirectResponse(address, status.HTTP_303_SEE_OTHER, {"Cache-Control": "no-store"})
    # lax: the browser comes back from another site, and must bring it along
    response.set_cookie(
        hall.rules.oidc_cookie,
        browser,
        max_age=_WITHIN_S,
        path="/",
        secure=hall.rules.secure,
        httponly=True,
        samesite="lax",
    )
    return response


@router.get(
    "/callback",
    status_code=status.HTTP_303_SEE_OTHER,
    response_class=RedirectResponse,
    summary="Come back from the provider",
    operation_id="finish_oidc",
)
def finish_oidc(
    request: Request,
    hall: Annotated[House, open_to_all()],
    state: Brought = "",
    code: Brought = "",
    error: Brought = "",
    iss: Brought = "",
) -> RedirectResponse:
    """Signs in whom the provider sends, in the browser that began it, and goes on to where that wanted to be."""
    rules = hall.rules
    base_url = base_url_of(request, rules)
    came = Came(state, code, error, iss, request.cookies.get(rules.oidc_cookie, ""))
    former = request.cookies.get(rules.session_cookie)
    try:
        token, path = finish(hall.records, rules, base_url, came, origin_of(request), utc_now(), former=former)
    except MarketmoverError as refused:
        if "text/html" not in request.headers.get("accept", ""):
            raise
        return _sent_back(refused, rules)
    response = RedirectResponse(path, status.HTTP_303_SEE_OTHER)
    keep_session(response, rules, token)
    response.delete_cookie(rules.oidc_cookie, path="/", secure=rules.secure, httponly=True, samesite="lax")
    return response


def _sent_back(error: MarketmoverError, rules: Rules) -> RedirectResponse:
    """A browser that is not let in goes back to the sign-in page, which tells why."""
    response = RedirectResponse(_SIGN_IN, status.HTTP_303_SEE_OTHER, {"Cache-Control": "no-store"})
    told = quote(json.dumps({"detail": error.message, "remedy": error.remedy}), safe="")
    # for one page, which shows it as words alone and forgets it; an address could be made up by anybody
    response.set_cookie(
        TOLD, told, max_age=_TOLD_S, path=_SIGN_IN, secure=rules.secure, httponly=False, samesite="strict"
    )
    return response
