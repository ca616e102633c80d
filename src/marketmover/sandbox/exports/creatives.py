"""The ads of a line: a new one with every refresh, and what each says."""

from typing import NamedTuple

from marketmover.sandbox.exports.ids import numeric_id
from marketmover.sandbox.market import Market
from marketmover.sandbox.words import BODIES, HEADLINES, TRADES, Trade

_HEADLINE_LIMIT, _DESCRIPTION_LIMIT = 30, 90
_MORE_HEADLINES = ("See How It Works", "Ask for a Free Quote", "Only a Few Left", "New This Season", "Talk to a Person")


class ShownAd(NamedTuple):
    """One ad of one group: its id, what it speaks of, its texts, and the days (both included) that it ran."""

    id: str
    number: int
    message: str
    headlines: tuple[str, ...]
    descriptions: tuple[str, ...]
    first: int
    last: int


def trade_of(market: Market) -> Trade:
    """The advertiser's trade, known by its campaigns' names."""
    names = market.lines[0].campaign_name
    return next(trade for trade in TRADES[market.setting.sells] if trade.product in names)


def ads_of(market: Market, place: int, group: int) -> list[ShownAd]:
    """The ads that a group has had, the newest last."""
    line, product = market.lines[place], trade_of(market).product
    group_id = line.group_ids[group] if line.group_ids else "-"
    return [
        ShownAd(
            numeric_id(line.campaign_id, group_id, str(number)),
            number + 1,
            ad.message,
            _headlines(ad.message, product, number),
            tuple(text.format(product=product)[:_DESCRIPTION_LIMIT] for text in BODIES[ad.message]),
            ad.first,
            ad.last,
        )
        for number, ad in enumerate(line.ads)
    ]


def _headlines(message: str, product: str, number: int) -> tuple[str, ...]:
    own = (text.format(product=product.title()) for text in HEADLINES[message])
    more = _MORE_HEADLINES[number % 3 : number % 3 + 3]
    return tuple(text for text in (*own, *more) if len(text) <= _HEADLINE_LIMIT)
