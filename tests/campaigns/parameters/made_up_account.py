"""Accounts with known effects of age, gender and message, as cells: what is learned can be held against the truth."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from marketmover.campaigns.parameters.models.columns import Cell
from marketmover.campaigns.parameters.settings import AGES, GENDERS, Values, message_of, values_of, with_interactions
from marketmover.campaigns.parameters.texts import grouped_texts
from marketmover.history import AdText, Line

TEXTS = {
    "price": ("Fair prices here", "See what it costs"),
    "quality": ("Premium quality", "Made to last"),
    "speed": ("Fast and simple", "Same day service"),
    "trust": ("Trusted by thousands", "Certified and honest"),
    "free": ("Free trial for you", "No charge at all"),
}


@dataclass(frozen=True)
class Spreads:
    """How strongly each thing moves the rate in truth (log)."""

    age: float = 0.2
    gender: float = 0.1
    message: float = 0.12
    together: float = 0.08
    own: float = 0.08


@dataclass(frozen=True)
class Account:
    """Lines, their ads, what each has, the cells that teach, and the truth: a rate by line, message and audience."""

    lines: Sequence[Line]
    ads: Sequence[AdText]
    groups: dict[str, str]
    now: dict[str, Values]
    cells: Sequence[Cell]
    message: dict[str, str]
    log_rate: Callable[[str, str, str, str], float]

    def true_outcome(self, line: str, values: Values, message: str, room: float, elasticity: float) -> float:
        """What a line earns at the same spend: people weighted as the platform would go on delivering."""
        cells = product(values["age"].items(), values["gender"].items())
        mean = sum(a * b * np.exp(self.log_rate(line, message, age, gender)) for (age, a), (gender, b) in cells)
        return float(room ** (1.0 - elasticity) * mean)

    def message_of_ad(self, ad_id: str) -> str:
        """Which of the messages an ad carries."""
        ad = next(one for one in self.ads if one.id == ad_id)
        return next(name for name, texts in TEXTS.items() if texts[0] == ad.headlines[0])


def account(seed: int, spreads: Spreads | None = None, *, leads: float = 150.0, lines: int = 15) -> Account:
    """An account whose lines each have two messages, and figures by age, gender and ad."""
    told = spreads or Spreads()
    rng = np.random.default_rng(seed)
    ages = {name: rng.normal(0, told.age) for name in AGES}
    genders = {name: rng.normal(0, told.gender) for name in GENDERS}
    messages = {name: rng.normal(0, told.message) for name in TEXTS}
    together: dict[tuple[str, str], float] = {
        pair: float(rng.normal(0, told.together)) for pair in product(TEXTS, AGES)
    }
    own = {(f"{place}", name): rng.normal(0, told.own) for place in range(lines) for name in AGES}

    def log_rate(line: str, message: str, age: str, gender: str) -> float:
        alone = ages[age] + genders[gender] + messages[message]
        return float(alone + together[message, age] + own[line.split(":")[1], age])

    made = [_line(place) for place in range(lines)]
    mixes = {line.id: [str(name) for name in rng.choice(list(TEXTS), 2, replace=False)] for line in made}
    ads = [_ad(line, place, name) for line in made for place, name in enumerate(mixes[line.id])]
    groups = grouped_texts(ads)
    found = Account(made, ads, groups, {}, [], {line.id: mixes[line.id][0] for line in made}, log_rate)
    cells: list[Cell] = []
    for line in made:
        found.now[line.id] = _values(line, ads, groups, rng)
        cells += _cells(found, line, mixes[line.id], leads * rng.uniform(0.3, 2.0), rng)
    return Account(made, ads, groups, found.now, cells, found.message, log_rate)


def _line(place: int) -> Line:
    google = place % 2 == 0
    platform = "google_ads" if google else "meta_ads"
    return Line(
        id=f"{platform}:{place}:-",
        platform=platform,
        account_id="1",
        campaign_id=str(place),
        group_id=None,
        name=f"Line {place}",
        ad_type="SEARCH" if google else "IMAGE",
    )


def _ad(line: Line, place: int, message: str) -> AdText:
    head, body = TEXTS[message]
    return AdText(
        id=f"{line.campaign_id}-{place}",
        platform=line.platform,
        line_id=line.id,
        headlines=(head,),
        descriptions=(body,),
        running=place == 0,
        impressions=1000.0 if place == 0 else 10.0,
    )


def _values(line: Line, ads: Sequence[AdText], groups: dict[str, str], rng: np.random.Generator) -> Values:
    values = values_of(line, [ad for ad in ads if ad.line_id == line.id], groups)
    women = float(rng.uniform(0.35, 0.65))
    values["age"] = {name: float(share) for name, share in zip(AGES, rng.dirichlet(np.full(6, 6.0)), strict=True)}
    values["gender"] = {"FEMALE": women, "MALE": 1.0 - women}
    return with_interactions(values)


def _cells(found: Account, line: Line, mix: Sequence[str], due: float, rng: np.random.Generator) -> list[Cell]:
    """The line as a whole, its people, its ads; counts by the truth, with chance of their own."""
    values, level = found.now[line.id], float(rng.normal(0, 0.3))
    beside = {name: values[name] for name in ("theme", "ad_type")}
    cells: list[Cell] = []
    whole = 0.0
    for (age, a), (gender, b) in product(values["age"].items(), values["gender"].items()):
        foretold = due * a * b
        rate = np.exp(level + found.log_rate(line.id, mix[0], age, gender) + rng.normal(0, 0.05))
        counted = float(rng.poisson(foretold * rate))
        whole += counted
        people = with_interactions({**beside, "age": {age: 1.0}, "gender": {gender: 1.0}})
        alone = {name: held for name, held in people.items() if name not in beside}
        own = {"line age": {f"{line.id} {age}": 1.0}, "line gender": {f"{line.id} {gender}": 1.0}}
        cells.append(Cell("people", f"{line.id} by people", {**alone, **own}, counted, foretold))
    cells.append(
        Cell("line", None, {**values, "platform": {line.platform: 1.0}, "line": {line.id: 1.0}}, 4 * whole, 4 * due)
    )
    for place, message in enumerate(mix):
        ad = next(one for one in found.ads if one.id == f"{line.campaign_id}-{place}")
        foretold = due * (0.7 if place == 0 else 0.3)
        mean = np.exp(level) * found.true_outcome(line.id, values, message, 1.0, 1.0)
        said = with_interactions({**message_of([ad], found.groups), "ad_type": values["ad_type"], "age": values["age"]})
        own = {name: held for name, held in said.items() if "theme" in name or name == "text"}
        cells.append(
            Cell(
                "ad",
                f"{line.id} by ad",
                own,
                float(rng.poisson(foretold * mean * np.exp(rng.normal(0, 0.05)))),
                foretold,
            )
        )
    return cells
