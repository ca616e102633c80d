"""Why a past campaign is called similar, and what it brought, in sentences."""

from marketmover.campaigns.match.likeness import Match
from marketmover.campaigns.match.past import Phrase
from marketmover.campaigns.match.results import Results
from marketmover.charts import Formats
from marketmover.kit import plural
from marketmover.language.embeddings import shared_words
from marketmover.plans import Range

_KINDS = {
    "name": "its name",
    "keyword": "its keyword",
    "interest": "its audience",
    "headline": "its headline",
    "text": "its ad text",
}
_MOST_WORDS = 70
_CLEAR = 0.6
_NAMES = {
    "leads": ("lead", "leads"),
    "qualified_leads": ("qualified lead", "qualified leads"),
    "sales": ("sale", "sales"),
    "conversions": ("conversion", "conversions"),
    "clicks": ("click", "clicks"),
}
_PRICES = (
    ("qualified_leads", "cost_per_qualified_lead"),
    ("leads", "cost_per_lead"),
    ("sales", "cost_per_acquisition"),
    ("conversions", "cost_per_acquisition"),
)


def why_words(match: Match) -> list[str]:
    """Sentences, the most telling first; at least one where the campaign is alike."""
    said = _about(match)
    if match.goal == 1.0:
        said.append("It had the same goal.")
    elif match.goal is not None and match.goal < 0.3:
        said.append("Its goal was another.")
    if match.audience is not None and match.audience >= _CLEAR:
        said.append("It reached much the same people.")
    return said


def _about(match: Match) -> list[str]:
    """One sentence for words that are shared, one for words that are near in meaning."""
    shared: list[str] = []
    near: list[str] = []
    for phrase, asked in match.told_by:
        words = shared_words(phrase.words, asked)
        if words:
            shared.append(f"{_named(phrase)} shares {_quoted_all(words)} with “{asked}”")
        else:
            near.append(f"{_named(phrase)} is near in meaning to “{asked}”")
    return [f"{told[0][0].upper()}{told[0][1:]}." for told in (shared, near) if told]


def _named(phrase: Phrase) -> str:
    words = phrase.words if len(phrase.words) <= _MOST_WORDS else f"{phrase.words[:_MOST_WORDS].rstrip()}…"
    return f"{_KINDS[phrase.kind]} “{words}”"


def _quoted_all(words: list[str]) -> str:
    return " and ".join(f"“{word}”" for word in words[:2])


def result_words(name: str, results: Results, currency: str) -> str:
    """What a campaign cost and brought, in a sentence with its ranges."""
    formats = Formats(currency)
    spent = f"“{name}” spent {formats.money(results.spend)}"
    if results.first is not None and results.last is not None:
        spent += f" from {formats.day(results.first)} to {formats.day(results.last)}"
    told = [_counted(what, results.figures[what], formats) for what in _NAMES if what in results.figures]
    told = told[:-1] if len(told) > 1 and "clicks" in results.figures else told
    brought = f"{spent} and brought {_listed(told)}" if told else f"{spent} and brought nothing that was counted"
    price = next(
        ((one, results.figures[cost]) for one, cost in _PRICES if one in results.figures and cost in results.figures),
        None,
    )
    if price is None:
        return f"{brought}."
    return f"{brought}, {_priced(price[1], formats)} a {_NAMES[price[0]][0]}."


def _counted(what: str, many: Range, formats: Formats) -> str:
    one, more = _NAMES[what]
    whole = round(many.mid)
    return f"{formats.count(whole)} {plural(whole, one, more)}"


def _priced(price: Range, formats: Formats) -> str:
    low, mid, high = (formats.money(value, exact=True) for value in (price.low, price.mid, price.high))
    return f"{mid} ({low} to {high})"


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
