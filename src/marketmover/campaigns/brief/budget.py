"""The budget: which of the sums in the text this campaign may spend, after all changes of mind."""

import re
from dataclasses import replace

from marketmover.campaigns.brief.budget_signs import Candidate, Period, overlaps, with_signs
from marketmover.campaigns.brief.context import SECOND_THOUGHT, Found, is_past
from marketmover.campaigns.brief.document import Document
from marketmover.campaigns.brief.money import Sum, stated_currency
from marketmover.campaigns.brief.vocabulary import phrases
from marketmover.campaigns.brief.weighing import weights
from marketmover.plans import BriefBudget

_SAID = phrases("budget")

_FOR = re.compile(rf"\b{_SAID['speaks for the budget']}\b")
_STRONG = re.compile(
    r"\b(?:budget|media spend|ad ?spend|spend (?:is|of|up to)|to spend|can spend|to play with|to work with"
    r"|set aside|earmarked|total)\b"
)
_NOT_FOR = re.compile(rf"\b{_SAID['speaks against the budget']}\b")
_EACH_AFTER = re.compile(rf"^ ?{_SAID['price of one thing']}")
_PERIOD_AFTER = re.compile(
    rf"^[ ,(]*(?:{_SAID['between sum and period']} ?)*"
    rf"(?:(?:(?:a|an|per|each|every|one|by|the|at the|in the|for|at|in|a la|al|au|pro|par|por|je|am) |per|/ ?|p/ ?)"
    rf"(?P<unit>{_SAID['units of time']})"
    rf"|(?P<adverb>{_SAID['adverbs of time']}))"
)
_PERIOD_BEFORE = re.compile(
    rf"\b(?P<adverb>{_SAID['period']})(?: \w+){{0,2}}? (?:budget|spend|investment"
    rf"|cap|limit|max\w*|figure|amount)\b[^\n,;]{{0,30}}$"
    rf"|\b(?:budget|spend)(?: (?:per|each|a|/) ?| ?\(|/)(?P<unit>day|week|month"
    rf"|daily|weekly|monthly)\b[^\n]{{0,20}}$"
    rf"|\b(?P<lead>daily|weekly|monthly)\W{{1,3}}$"
)
_ADDS = re.compile(r"\b(?:another|(?:an )?(?:extra|additional|further)|plus|on top|add(?:ing)?|top(?:ped)? up)\b")
_TOTAL = re.compile(rf"\b{_SAID['in total']}\b")
_MEANT_FOR_ADS = re.compile(rf"^(?: or so| max\w*)? ?{_SAID['meant for ads']}\b")
_HAVE = re.compile(
    rf"\b{_SAID['we have']} (?:about |around |roughly |like |only |just |up to "
    rf"|a |some )*(?:[$\u00a3\u20ac\u20b9]|rs\.? ?|[a-z]{{3}} )?$"
)
_OTHER_FIELDS = frozenset(("contact", "past", "targets", "product", "age", "start", "end", "dates"))
_PER_CENT = re.compile(r" ?(?:%|per ?cent)")
_LARGE = re.compile(r"\bk\b|\d ?k\b|thousand|grand|lakh|crore|million")
_LEAVES = re.compile(rf"\b(?:{_SAID['leads to the final sum']}|not (?:\S+ ){{1,4}}but )\W?$")
_INSTEAD = re.compile(
    r"\d\w*[,.?]? no[,.]? (?:it's )?\W?$"  # `10k? no, 8k`
    r"|\bnot (?:\S+ ){1,4}but (?:only |just )?(?:[a-z]{3} )?\W?$"  # `not 10k but 8k`
    rf"|\b{_SAID['comes to the sum']} (?:with |about |around )?(?:a (?:test|trial|pilot) of )?\W?$"
)
_CURRENT = re.compile(
    r"\b(?:currently|at the moment|right now|presently|these days) (?:\w+ ){0,2}(?:spend|spending|pay|paying|invest)"
    r"|\b(?:spend|spending|pay|paying) [^\n,;]{0,24}\b(?:currently|at the moment|right now)\b"
)
_RIVAL = re.compile(
    r"\b(?:competitors?|rivals?|competition|other (?:firms|companies|shops))\b[^\n,;.]{0,40}$|\b(?:competitors?"
    r"|rivals?)\b[^\n,;.]{0,40}\b(?:spends?|spending|pays?|invests?)\b"
)
_ANNUAL = re.compile(r"^[^\n,;]{0,30}\b(?:is|was|being) (?:our|the|my) (?:annual|yearly|total annual)\b")
_PUT_ASIDE = re.compile(
    r"\b(?:not|rather than|instead of|down from|up from) (?:the )?(?:original |previous |full |\w+ )?$"
)
_NOT_MORE = re.compile(r"\bnot (?:more|over|above|exceed)")
_ADDS_AFTER = re.compile(r" (?:on top|extra|more|additional)\b")
_YEARLY = re.compile(r"^ for (?:the |this )?(?:whole |full |entire )?(?:year|\d{4})\b(?! ?[-/']|'s)")
_UNWANTED_YEAR = {"year", "annum", "quarter", "yearly", "annually"}
_PERIODS: dict[str, Period] = {
    "day": "day", "d": "day", "daily": "day", "pd": "day", "week": "week", "wk": "week", "w": "week",
    "weekly": "week", "pw": "week", "month": "month", "mo": "month", "mth": "month",
    "m": "month", "monthly": "month", "pcm": "month", "pm": "month", "p.m.": "month", "per day": "day",
    "each day": "day", "every day": "day", "per week": "week", "each week": "week",
    "tag": "day", "jour": "day", "giorno": "day", "woche": "week", "semaine": "week", "semana": "week",
    "settimana": "week", "monat": "month", "mois": "month", "mes": "month", "mese": "month",
    "miesi\u0119cznie": "month", "monatlich": "month", "mensuel": "month", "mensuels": "month", "mensuelles": "month",
    "mensual": "month", "mensuales": "month",
    "every week": "week", "per month": "month", "each month": "month", "every month": "month",
}  # fmt: skip


# A text that names sums mostly names its budget among them, so the best one needs no even odds.
_LIKELY_ENOUGH = -0.5


def find_budget(
    document: Document, sums: list[Sum], taken: list[tuple[int, int]]
) -> tuple[Found[BriefBudget] | None, list[str]]:
    """The budget and the warnings on it; `None` where the text states none.

    Every sum is a candidate, those at the places of targets (`taken`) less so. The likeliest by the learnt weights is
    the budget, unless it is unlikely.
    """
    candidates = budget_candidates(document, sums, taken)
    if not candidates:
        return None, []
    learnt = weights("budget")
    chosen = max(candidates, key=lambda one: learnt.log_odds(one.signs))
    if learnt.log_odds(chosen.signs) < _LIKELY_ENOUGH:
        return None, []
    chosen = _with_period_of_corrected(document, chosen, sums)
    currency = _currency(document, chosen, candidates, sums)
    warnings = [] if currency else ["the budget's currency is not said"]
    budget = BriefBudget(amount=round(chosen.money.amount, 2), currency=currency, period=chosen.period)
    return Found(budget, chosen.start, chosen.end), warnings


def budget_candidates(document: Document, sums: list[Sum], taken: list[tuple[int, int]]) -> list[Candidate]:
    """The sums that may be the budget, each with its signs.

    The rules make a choice of their own, which is a sign among others: of what they find likely, later sums replace
    earlier ones (a change of mind), parts of a total give way to the total, sums per platform are added up where no
    total is said.
    """
    weighed = [one for money in sums if (one := _weigh(document, money))]
    free = [one for one in weighed if not overlaps(one.money, taken)]
    likely = [one for one in free if one.score > 0 and (one.money.sure or one.score >= _least(one, document.text))]
    by_rules = _after_changes_of_mind(document, whole) if (whole := _without_parts(document, likely)) else None
    candidates = [one for one in weighed if by_rules is None or one.money.start != by_rules.money.start]
    if by_rules:
        candidates = sorted([*candidates, by_rules], key=lambda one: one.money.start)
    return with_signs(document, candidates, by_rules, taken)


def _currency(document: Document, chosen: Candidate, candidates: list[Candidate], sums: list[Sum]) -> str | None:
    """The currency of the chosen sum: its own, the one that the text states by itself, else that of the other sums."""
    currency = chosen.money.currency
    if currency is None or chosen.money.dollar:
        stated = stated_currency(document)
        currency = stated[0] if stated else currency
    if currency is None:
        likely = [one for one in candidates if one.score > 0 and one.money.currency]
        currency = likely[-1].money.currency if likely else None
    if currency is None:
        named = {one.currency for one in sums if one.currency}
        currency = next(iter(named)) if len(named) == 1 else None
    return currency


def _with_period_of_corrected(document: Document, chosen: Candidate, sums: list[Sum]) -> Candidate:
    """`Maybe 300 a week? Make that 350.`: a correction keeps the period of the sum just before it."""
    if not chosen.corrects or chosen.period != "total" or _TOTAL.search(document.text, chosen.start, chosen.end + 15):
        return chosen
    earlier = [one for one in sums if one.end <= chosen.money.start and chosen.money.start - one.end < 60]
    period = _period(document, earlier[-1])[0] if earlier else None
    return replace(chosen, period=period) if period else chosen


def _weigh(document: Document, money: Sum) -> Candidate | None:
    text, unit = document.text, document.unit_at(money.start)
    strong = _STRONG.search(text, unit.start, unit.end) is not None
    after = document.after(money.end, 60)
    period, end = _period(document, money)
    corrects = _corrects(document, money)
    if (
        (unit.field in _OTHER_FIELDS and not strong and not corrects)
        or _EACH_AFTER.match(after)
        or _PER_CENT.match(after)
        or not period
    ):
        return None
    left = document.clause(money.start, money.end)[0]
    before = text[max(left, money.start - 70) : money.start]
    score = _cues(document, money, before, strong=strong, corrects=corrects) + (0.5 if period != "total" else 0.0)
    score -= _doubts(document, money, before)
    start = max(left, money.start - 45) if _FOR.search(before) else money.start
    start = text.find(" ", start, money.start) + 1 if start > left else start
    if corrects and start == money.start:
        start = max(left, unit.start)
    follows = text[money.end : min(unit.end, money.end + 14)]
    adds = _ADDS.search(before[-25:]) is not None or _ADDS_AFTER.match(follows) is not None
    return Candidate(money, score, period, start, max(end, money.end), adds, corrects, _platform(document, money))


def _corrects(document: Document, money: Sum) -> bool:
    """Whether the sum is said in place of an earlier one."""
    unit = document.unit_at(money.start)
    around = max(unit.start, money.start - 60), min(unit.end, money.end + 30)
    return _LEAVES.search(document.before(money.start, 40)) is not None or (
        SECOND_THOUGHT.search(document.text, *around) is not None
    )


def _cues(document: Document, money: Sum, before: str, *, strong: bool, corrects: bool) -> float:
    """What speaks for the sum being the budget."""
    unit = document.unit_at(money.start)
    sentence, after = document.text[unit.start : unit.end], document.after(money.end, 60)
    score = 3.0 if unit.field == "budget" else 0.0
    score += 2.0 if _FOR.search(before) or _FOR.search(after[:35]) else 1.0 if _FOR.search(sentence) else 0.0
    score += 1.0 if strong else 0.0
    if corrects and not _NOT_FOR.search(sentence):
        score += 2.0 if money.sure or _LARGE.search(document.text, money.start, money.end) else 1.0
    score += 2.5 if _INSTEAD.search(document.before(money.start, 30)) else 0.0
    score += 1.5 if _MEANT_FOR_ADS.match(after) or _HAVE.search(before) else 0.0
    said = document.text[money.start : money.end].strip(" .,!")
    score += 2.0 if sentence.strip(" .,!") == said else 0.0
    score += 1.0 if _LARGE.search(said) and _PERIOD_AFTER.match(after) else 0.0
    return score + (0.5 if money.sure and money.amount >= 300 else 0.0)


def _doubts(document: Document, money: Sum, before: str) -> float:
    """What speaks against it: a price, somebody's turnover, money that was spent, a figure that was put aside."""
    right = document.clause(money.start, money.end)[1]
    nearest = re.split(r" and (?:the|our|my|we|a|i)\b", before[-45:])[-1]
    unit = document.unit_at(money.start)
    doubt = 6.0 if _RIVAL.search(document.text, unit.start, money.start) else 0.0
    doubt += 6.0 if _CURRENT.search(document.text, unit.start, unit.end) else 0.0
    doubt += 6.0 if _ANNUAL.search(document.after(money.end, 70)) else 0.0
    doubt += 6.0 if _PUT_ASIDE.search(before) and not _NOT_MORE.search(before[-14:]) else 0.0
    if _NOT_FOR.search(nearest) or _NOT_FOR.search(document.text[money.end : min(right, money.end + 25)]):
        doubt += 3.0
    if is_past(document, money.start, money.end):
        doubt += 6.0 if unit.field != "budget" else 2.0
    return doubt


def _least(one: Candidate, text: str) -> float:
    """The score that a bare number needs for the rules to take it for money."""
    if not _LARGE.search(text, one.money.start, one.money.end):
        return 2.0 if one.money.amount >= 100 else 2.5
    return 1.5


def _period(document: Document, money: Sum) -> tuple[Period | None, int]:
    """The period that the sum is said for; `None` for a sum per quarter or year, which the contract has no word for."""
    if _YEARLY.match(document.after(money.end, 40)):
        return None, money.end
    after = _PERIOD_AFTER.match(document.after(money.end, 40))
    if after:
        word = (after.group("unit") or after.group("adverb")).strip()
        return (None if word in _UNWANTED_YEAR else _PERIODS[word]), money.end + after.end()
    unit = document.unit_at(money.start)
    before = _PERIOD_BEFORE.search(document.before(money.start, 80)) or _PERIOD_BEFORE.search(
        unit.asked if unit.field == "budget" else ""
    )
    if before:
        return _PERIODS[before.group("adverb") or before.group("unit") or before.group("lead")], money.end
    total = _TOTAL.match(document.after(money.end, 30).lstrip(" ,("))
    return "total", money.end + (total.end() + 1 if total else 0)


def _platform(document: Document, money: Sum) -> str:
    left, right = money.start, document.clause(money.start, money.end)[1]
    match = re.match(
        (
            r"[^\n,;]{0,12}\b(?:on|for|to|into|in|towards?)(?: the)? (google|search|youtube|meta|facebook|fb|instagram"
            r"|insta)\b"
        ),
        document.text[money.end : right],
    )
    before = re.search(
        (
            r"\b(google|search|youtube|meta|facebook|fb|instagram|insta)(?: ads)?(?: (?:gets?|takes?"
            r"|to get))? ?[:=(-]? ?$"
        ),
        document.text[max(left - 24, 0) : left],
    )
    name = match.group(1) if match else before.group(1) if before else ""
    return {"": "", "google": "google", "search": "google", "youtube": "google"}.get(name, "meta")


def _without_parts(document: Document, candidates: list[Candidate]) -> list[Candidate]:
    """Leave out the parts of a total, and add up sums per platform that no total covers."""
    parts = [one for one in candidates if one.platform]
    whole = [one for one in candidates if not one.platform]
    if not parts:
        return candidates
    if any(
        one.money.amount >= max(part.money.amount for part in parts) and one.period == parts[0].period for one in whole
    ):
        return whole
    latest: dict[str, Candidate] = {}
    for part in parts:
        latest[part.platform] = part
    if len(latest) < 2:
        return candidates
    ordered = sorted(latest.values(), key=lambda one: one.start)
    added = sum(one.money.amount for one in ordered)
    same_unit = document.unit_at(ordered[0].start) == document.unit_at(ordered[-1].start)
    money = replace(
        ordered[-1].money,
        amount=added,
        currency=next((one.money.currency for one in ordered if one.money.currency), None),
    )
    start = ordered[0].start if same_unit else ordered[-1].start
    return [*whole, replace(ordered[-1], money=money, start=start)]


def _after_changes_of_mind(document: Document, candidates: list[Candidate]) -> Candidate:
    best = max(candidates, key=lambda one: one.score)
    chosen = next(one for one in candidates if one.score >= best.score - 1.0)
    for one in candidates[candidates.index(chosen) + 1 :]:
        if (
            one.adds
            and one.money.amount < chosen.money.amount
            and not re.search(r"\btotal\b", document.text[one.start : one.end + 20])
        ):
            money = replace(
                one.money,
                amount=one.money.amount + chosen.money.amount,
                currency=one.money.currency or chosen.money.currency,
            )
            chosen = replace(chosen, money=money, start=one.start, end=one.end)
        elif _replaces(document, one, chosen):
            period = (
                one.period
                if one.period != "total" or one.money.sure or _TOTAL.search(document.text, one.start, one.end + 15)
                else chosen.period
            )
            keeps_period = (
                one.corrects
                and one.period == "total"
                and chosen.period != "total"
                and not _TOTAL.search(document.text, one.start, min(one.end + 25, document.unit_at(one.start).end))
            )
            currency = one.money.currency or chosen.money.currency
            chosen = replace(
                one, period=chosen.period if keeps_period else period, money=replace(one.money, currency=currency)
            )
    return chosen


def _replaces(document: Document, later: Candidate, earlier: Candidate) -> bool:
    """Whether a later sum is a change of mind rather than the same money said in another way."""
    same_sentence = document.unit_at(later.money.start) == document.unit_at(earlier.money.start)
    between = document.text[earlier.money.end : later.money.start]
    if (
        same_sentence
        and re.fullmatch(r"[^\n]{0,20}\b(?:to|->|=>)\b[^\n]{0,8}", between)
        and re.search(
            r"\b(?:from|increase\w*|rais\w+|cut|reduc\w+|bump\w*|lower\w*|up|down|move\w*|chang\w+|go)\b",
            document.before(earlier.money.start, 50),
        )
    ):
        return True
    if re.search(r"\bnot (?:the )?(?:full )?$", document.before(later.money.start, 14)) or re.search(
        r"\b(?:rather than|instead of|not|down from|up from|from) (?:the )?(?:original |previous |full )?$",
        document.before(later.money.start, 40),
    ):
        return False
    if (
        _TOTAL.search(
            document.text,
            max(later.start, document.unit_at(later.start).start),
            min(later.end + 25, document.unit_at(later.start).end),
        )
        and earlier.period != "total"
    ):
        return True
    if later.period != "total" and earlier.period == "total" and not later.corrects:
        return False
    if later.corrects and not (
        same_sentence
        and re.search(r"\b(?:i\.e|so|or|that is|which is|meaning|about)\b", between)
        and not re.search(r"\b(?:actually|make|sorry|no|wait|rather|scratch)\b", between)
    ):
        return True
    return later.score >= 3.0 and not same_sentence
