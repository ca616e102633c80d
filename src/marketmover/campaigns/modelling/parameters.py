"""What a line is set to be: platform, ad type, bidding, audience, and what its ads say; numbers, one column each."""

from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from marketmover.history import AdText, Line

Floats = NDArray[np.float64]
_YOUNGEST, _OLDEST = 13, 65
_FORMS = ("VIDEO", "CAROUSEL", "LEAD_FORM", "IMAGE", "STORIES", "REELS")


def parameters(lines: Sequence[Line], ads: Sequence[AdText]) -> dict[str, Floats]:
    """Columns by name, each of shape (lines,).

    Categories are a column each (1 where the line is of it). A target is in logs against the mean of its platform's
    targets, so that it means the same in any currency.
    """
    by_line: dict[str, list[AdText]] = defaultdict(list)
    for ad in ads:
        if ad.line_id is not None:
            by_line[ad.line_id].append(ad)
    columns: dict[str, Floats] = {}
    for name, category in _CATEGORIES.items():
        columns |= _one_column_each(name, [category(line) for line in lines])
    columns |= {name: np.array([read(line) for line in lines], np.float64) for name, read in _NUMBERS.items()}
    columns |= _targets(lines)
    columns |= {
        name: np.array([read(by_line[line.id]) for line in lines], np.float64) for name, read in _MESSAGES.items()
    }
    return columns


def _one_column_each(name: str, values: Sequence[str]) -> dict[str, Floats]:
    """A column for each value but the commonest, which all others are held against."""
    known = sorted(set(values), key=lambda value: (-values.count(value), value))[1:]
    return {f"{name}={value}": np.array([other == value for other in values], np.float64) for value in known}


def _targets(lines: Sequence[Line]) -> dict[str, Floats]:
    named = np.array([line.bidding_target or 0.0 for line in lines])
    kinds = np.array([f"{line.platform} {line.bidding_strategy}" for line in lines], dtype=object)
    logs = np.where(named > 0, np.log(np.where(named > 0, named, 1.0)), 0.0)
    for kind in set(kinds):
        mine = (kinds == kind) & (named > 0)
        logs[mine] -= logs[mine].mean() if mine.any() else 0.0
    return {"has_bidding_target": (named > 0).astype(np.float64), "bidding_target": logs}


_CATEGORIES: dict[str, Callable[[Line], str]] = {
    "platform": lambda line: line.platform,
    "ad_type": lambda line: f"{line.platform} {line.ad_type}",
    "bidding": lambda line: line.bidding_strategy,
    "objective": lambda line: line.objective,
}

_NUMBERS: dict[str, Callable[[Line], float]] = {
    "age_from": lambda line: (line.age_min or _YOUNGEST) / 10.0,
    "age_to": lambda line: (line.age_max or _OLDEST) / 10.0,
    "women_only": lambda line: float(line.genders == ("FEMALE",)),
    "men_only": lambda line: float(line.genders == ("MALE",)),
    "countries": lambda line: float(np.log1p(len(line.countries))),
    "places": lambda line: float(np.log1p(len(line.places))),
    "interests": lambda line: float(np.log1p(len(line.interests))),
    "keywords": lambda line: float(np.log1p(len(line.keywords))),
    "shared_budget": lambda line: float(line.shared_budget is not None),
}


def _share(ads: Sequence[AdText], holds: Callable[[AdText], bool]) -> float:
    return sum(holds(ad) for ad in ads) / len(ads) if ads else 0.0


def _words(ad: AdText) -> str:
    return " ".join((*ad.headlines, *ad.descriptions))


def _mean_length(ads: Sequence[AdText], texts: Callable[[AdText], Sequence[str]]) -> float:
    lengths = [len(text) for ad in ads for text in texts(ad)]
    return float(np.log1p(np.mean(lengths))) if lengths else 0.0


def _form_share(form: str) -> Callable[[Sequence[AdText]], float]:
    return lambda ads: _share(ads, lambda ad: ad.form == form)


_MESSAGES: dict[str, Callable[[Sequence[AdText]], float]] = {
    "ads": lambda ads: float(np.log1p(len(ads))),
    "headlines": lambda ads: float(np.log1p(len({text for ad in ads for text in ad.headlines}))),
    "headline_length": lambda ads: _mean_length(ads, lambda ad: ad.headlines),
    "description_length": lambda ads: _mean_length(ads, lambda ad: ad.descriptions),
    "with_number": lambda ads: _share(ads, lambda ad: any(sign.isdigit() for sign in _words(ad))),
    "with_price": lambda ads: _share(ads, lambda ad: any(sign in _words(ad) for sign in "%$€£¥")),
    "with_question": lambda ads: _share(ads, lambda ad: "?" in _words(ad)),
    "with_exclamation": lambda ads: _share(ads, lambda ad: "!" in _words(ad)),
    "calls_to_action": lambda ads: float(len({ad.call_to_action for ad in ads if ad.call_to_action})),
    **{f"form_{form.lower()}": _form_share(form) for form in _FORMS},
}
