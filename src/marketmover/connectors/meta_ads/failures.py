"""What went wrong on the way to Meta, in plain words: the SDK's and the connection's exceptions as `PlatformError`.

Source: Graph API guide, Handling errors; Marketing API, Error codes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from marketmover.connectors.meta_ads.usage import read_usage
from marketmover.errors import PlatformError

Kind = Literal["refused", "expired", "throttled", "unavailable", "unknown"]

_THROTTLED = frozenset({4, 17, 32, 341, 613, *range(80000, 80015)})
_TOKENS = frozenset({102, 190, 463, 467})
_PASSING = frozenset({1, 2})
_RIGHTS = frozenset({3, 10, 294, *range(200, 300)})
_USUAL_WAIT_S = 60.0
_TOO_MUCH = "reduce the amount of data"

_TOKEN_WORDS: dict[int | None, str] = {
    458: "the app's access was withdrawn",
    460: "the password was changed",
    463: "its time is over",
    467: "it was withdrawn",
}
_FIELDS: dict[str, str] = {
    "adset_id": "ad set",
    "bid_amount": "bid",
    "bid_strategy": "bid strategy",
    "billing_event": "billing event",
    "campaign_id": "campaign",
    "creative": "creative",
    "daily_budget": "daily budget",
    "end_time": "end",
    "is_adset_budget_sharing_enabled": "sharing of ad set budgets",
    "lead_gen_form_id": "lead form",
    "lifetime_budget": "lifetime budget",
    "link": "landing page",
    "object_story_spec": "post of the creative",
    "objective": "objective",
    "optimization_goal": "optimisation goal",
    "page_id": "Facebook page",
    "params": "",
    "promoted_object": "promoted object (pixel, page or app)",
    "special_ad_categories": "special ad categories",
    "start_time": "start",
    "targeting": "audience",
}
_REMEDIES: dict[str, str] = {
    "daily_budget": "Give the line more, or leave it out.",
    "end_time": "Compose a plan with later dates.",
    "lead_gen_form_id": "Put the lead form's id into meta_ads.json.",
    "page_id": "Put the Facebook page's id into meta_ads.json.",
    "promoted_object": "Put the id of the pixel, page or app into meta_ads.json.",
    "special_ad_categories": "Say in meta_ads.json which special ad categories apply; an empty list if none does.",
}


class TooMuchError(PlatformError):
    """A report is too large to be answered at once."""


@dataclass(frozen=True)
class Doing:
    """What was being done.

    Attributes:
        what: In words: `reading campaigns`.
        account_id: Of the ad account, digits.
        writes: Whether it makes or changes something: an answer that is lost then leaves open what was done.
        secrets: What no message may hold.
    """

    what: str
    account_id: str
    writes: bool = False
    secrets: frozenset[str] = frozenset()

    def scrubbed(self, text: str) -> str:
        """A text without secrets."""
        for secret in sorted(self.secrets, key=len, reverse=True):
            text = text.replace(secret, "***") if secret else text
        return text

    @property
    def who(self) -> str:
        """The account, in words."""
        return f"Meta ad account {self.account_id}"

    @property
    def lost(self) -> Kind:
        """What an answer that never came means."""
        return "unknown" if self.writes else "unavailable"


def refusal_of(
    status: int | None, body: Any, blame: Sequence[Any] | None, headers: Mapping[str, str] | None, doing: Doing
) -> PlatformError:
    """The error that an answer of Meta with an `error` in it means.

    Args:
        status: HTTP status.
        body: The answer, read.
        blame: Fields that it blames, each a path of names.
        headers: The answer's.
        doing: What was being done.
    """
    told = _error(body)
    code, subcode = _whole(told.get("code")), _whole(told.get("error_subcode"))
    codes = (f"{code}/{subcode}" if subcode else str(code),)
    if code is None:
        return spoilt(status, doing)
    if code in _THROTTLED:
        wait = read_usage(headers).regained_s or _USUAL_WAIT_S
        words = f"{doing.who} has had too many calls for now, while {doing.what}."
        remedy = f"Nothing was done. Wait {wait / 60.0:.0f} minutes; marketmover does so by itself where it only reads."
        return PlatformError(words, remedy, kind="throttled", wait_s=wait, codes=codes)
    if code in _TOKENS:
        return _expired(subcode, codes, doing)
    if code in _PASSING or told.get("is_transient") or (status or 0) >= 500:
        return _passing(told, codes, doing)
    return _refused(told, code, codes, _names(blame), doing)


def _error(body: Any) -> Mapping[str, Any]:
    error = cast("Mapping[str, Any]", body).get("error") if isinstance(body, Mapping) else None
    return cast("Mapping[str, Any]", error) if isinstance(error, Mapping) else {}


def _expired(subcode: int | None, codes: Sequence[str], doing: Doing) -> PlatformError:
    why = _TOKEN_WORDS.get(subcode, "it is not good any more")
    return PlatformError(
        f"Meta no longer takes the access token of {doing.who}: {why}.",
        "Make a new one in Meta's Business settings (a system user's token does not run out), and connect again: "
        "marketmover accounts add meta_ads --credentials FILE.json.",
        kind="expired",
        codes=codes,
    )


def _passing(told: Mapping[str, Any], codes: Sequence[str], doing: Doing) -> PlatformError:
    """Whatever its status, it does not say that a write was not done (error 1: unknown)."""
    message = str(told.get("message") or "")
    if _TOO_MUCH in message and not doing.writes:
        return TooMuchError(
            f"Meta asks for smaller reports of {doing.who}, while {doing.what}.",
            "Ask for fewer days at once.",
            kind="refused",
            codes=codes,
        )
    return PlatformError(
        f"Meta failed while {doing.what} in {doing.who}: {doing.scrubbed(_sentence(message))}",
        _lost_remedy(doing),
        kind=doing.lost,
        codes=codes,
    )


def _refused(
    told: Mapping[str, Any], code: int, codes: Sequence[str], blamed: Sequence[str], doing: Doing
) -> PlatformError:
    sentence = doing.scrubbed(_sentence(str(told.get("error_user_msg") or told.get("message") or "it gave no reason")))
    fields = [words for name in blamed if (words := _FIELDS.get(name, name.replace("_", " ")))]
    where = f" ({', '.join(dict.fromkeys(fields))})" if fields else ""
    remedy = next((_REMEDIES[name] for name in blamed if name in _REMEDIES), "")
    if code in _RIGHTS and not remedy:
        remedy = "See in Meta's Business settings what the token may do in this account, or do it in Ads Manager."
    return PlatformError(
        f"Meta refused{where} while {doing.what} in {doing.who}: {sentence}",
        remedy or "Correct it, or leave it out.",
        kind="refused",
        codes=codes,
    )


def spoilt(status: int | None, doing: Doing) -> PlatformError:
    """An answer that is not Meta's: a page of a proxy, or cut off."""
    shown = f" (HTTP {status})" if status is not None and status >= 400 else ""
    return PlatformError(
        f"What came back from Meta while {doing.what} in {doing.who} is cut off, or is no answer of Meta's{shown}.",
        _lost_remedy(doing),
        kind=doing.lost,
    )


def unreached(error: Exception, doing: Doing) -> PlatformError:
    """Nobody could be reached: nothing was done."""
    return PlatformError(
        f"Meta could not be reached while {doing.what} in {doing.who} ({type(error).__name__}).",
        "Check the network; nothing was done. It may be tried again at any time.",
        kind="unavailable",
    )


def lost(error: Exception, doing: Doing) -> PlatformError:
    """The connection broke, or the answer took too long."""
    return PlatformError(
        f"The answer of Meta was lost while {doing.what} in {doing.who} ({type(error).__name__}).",
        _lost_remedy(doing),
        kind=doing.lost,
    )


def _lost_remedy(doing: Doing) -> str:
    if doing.writes:
        return "Nobody knows whether it was done: look it up before it is sent again."
    return "Try again later."


def _names(blame: Sequence[Any] | None) -> list[str]:
    """Names of blamed fields, outermost of each path."""
    paths: Iterable[Any] = blame or ()
    firsts = (cast("list[Any]", path)[:1] if isinstance(path, list) else [path] for path in paths)
    return [str(name) for first in firsts for name in first]


def _sentence(text: str) -> str:
    plain = " ".join(text.split())
    return plain if plain.endswith((".", "!", "?")) else f"{plain}."


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
