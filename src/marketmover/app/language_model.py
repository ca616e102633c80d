"""The language model as the settings have it: a client with the day's limit kept in records, or none."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from marketmover.errors import SettingsError
from marketmover.kit import utc_now
from marketmover.language.chat import ChatClient, Endpoint, Prices, Reservation

if TYPE_CHECKING:
    from marketmover.settings import Settings
    from marketmover.store import StoreOpener

_MICROS = 1_000_000


def chat_client(opener: "StoreOpener") -> ChatClient | None:
    """A client for the endpoint that the settings name; `None` where they name none.

    Raises:
        SettingsError: The settings of the endpoint cannot be used together.
    """
    settings = opener.settings
    if not settings.llm_url.strip():
        return None
    prices = Prices(settings.llm_price_in, settings.llm_price_out)
    return ChatClient(_endpoint(settings), prices=prices, spending=_ledger(opener))


def _endpoint(settings: "Settings") -> Endpoint:
    return Endpoint(
        url=settings.llm_url.strip(),
        model=settings.llm_model.strip(),
        key=settings.llm_key.get_secret_value().strip(),
        timeout_s=settings.llm_timeout,
        limit_s=settings.llm_brief_timeout,
        allow_http=settings.llm_allow_http,
    )


def _ledger(opener: "StoreOpener") -> "DailyLedger | None":
    settings = opener.settings
    if not settings.llm_daily_limit:
        return None
    if not (settings.llm_price_in and settings.llm_price_out):
        raise SettingsError(
            "MARKETMOVER_LLM_DAILY_LIMIT cannot hold without prices.",
            "Set MARKETMOVER_LLM_PRICE_IN and MARKETMOVER_LLM_PRICE_OUT, for a million tokens each.",
        )
    return DailyLedger(opener, round(settings.llm_daily_limit * _MICROS))


@dataclass(frozen=True)
class DailyLedger:
    """The ledger in records: each entry is a transaction of its own, so that other processes see it at once."""

    opener: "StoreOpener"
    limit: int

    def reserve(self, most: int) -> Reservation | None:
        """Set money aside within today's limit; `None` where there is no room."""
        from marketmover.language.records import add_within

        today = utc_now().date()
        with self.opener.home() as stores, stores.records.session() as session:
            held = add_within(session, self.opener.workspace, today, most, self.limit)
        return Reservation(today, most) if held else None

    def settle(self, reservation: Reservation, spent: int) -> None:
        """Put the real cost in place of what was set aside."""
        from marketmover.language.records import add_within

        with self.opener.home() as stores, stores.records.session() as session:
            add_within(session, self.opener.workspace, reservation.day, spent - reservation.micros)
