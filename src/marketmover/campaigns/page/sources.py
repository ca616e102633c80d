"""What a plan rests on: the client's own words, and the history."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from marketmover.campaigns.brief import readings
from marketmover.campaigns.page.words import country_name, listed, plainly
from marketmover.charts import Formats, join, tag
from marketmover.kit import counted, plural
from marketmover.plans import PLATFORM_NAMES, Brief, Plan

_FIELDS = {
    "objective": "Goal",
    "outcome": "What counts",
    "budget": "Budget",
    "start_date": "Start",
    "end_date": "End",
    "duration_days": "Length",
    "platforms": "Platforms",
    "audience": "Audience",
    "countries": "Country",
    "places": "Place",
    "age_min": "Age",
    "age_max": "Age",
    "genders": "Gender",
    "interests": "Interests",
    "targets": "Target",
    "product": "Product",
    "industry": "Industry",
    "tone": "Tone",
    "constraints": "Conditions",
    "sentiment": "Mood about past work",
    "concerns": "Worries",
}
_DEFECTS = {
    "unreadable": "could not be read",
    "truncated": "were cut off",
    "missing_date": "had no date",
    "missing_id": "did not say which campaign they belong to",
    "wrong_type": "held text where a number belongs",
    "negative_cost": "had a cost below zero",
    "negative_count": "had a count below zero",
    "impossible_clicks": "had more clicks than views",
    "duplicate": "were repeated",
    "conflict": "contradicted a later row",
    "other_currency": "were in another currency than their account",
    "future": "lay in the future",
}


@dataclass(frozen=True)
class Quote:
    """Words of the brief, and what was read from them; `reading` is empty where it is those words."""

    fields: str
    words: str
    reading: str = ""


@dataclass(frozen=True)
class SetAside:
    """How many rows or lines were not used, and why."""

    reason: str
    many: str


def quotes(brief: Brief, formats: Formats) -> list[Quote]:
    """The brief's words by what was read from them; the same words are quoted once."""
    values = _values(brief, formats)
    names: dict[str, dict[str, None]] = {}
    read: dict[str, dict[str, None]] = {}
    for field, words in brief.evidence.items():
        names.setdefault(words.strip(), {})[field_name(field)] = None
        value = values.get(field.partition("[")[0], "")
        if value and value.casefold() != " ".join(words.split()).casefold():
            read.setdefault(words.strip(), {})[value] = None
    return [Quote(", ".join(named), words, "; ".join(read.get(words, ()))) for words, named in names.items() if words]


def _values(brief: Brief, formats: Formats) -> dict[str, str]:
    """What was read by its field, in words for people."""
    audience, unwanted = brief.audience, [PLATFORM_NAMES[name] for name in brief.platforms.exclude]
    plain = {field.replace(": ", ".").replace(" ", "_"): value for field, value, _ in readings(brief)}
    return plain | {
        "start_date": formats.day(brief.start_date) if brief.start_date else "",
        "end_date": formats.day(brief.end_date) if brief.end_date else "",
        "duration_days": counted(brief.duration_days, "day") if brief.duration_days else "",
        "platforms.include": listed([PLATFORM_NAMES[name] for name in brief.platforms.include]),
        "platforms.exclude": f"not {listed(unwanted)}" if unwanted else "",
        "audience.countries": listed([country_name(code, formats) for code in audience.countries]),
        "audience.age_min": f"from {audience.age_min}" if audience.age_min else "",
        "audience.age_max": f"up to {audience.age_max}" if audience.age_max else "",
        "sentiment": brief.sentiment.label if brief.sentiment else "",
    }


def field_name(field: str) -> str:
    """A brief's field as a client calls it: `audience.age_min` is `Age`."""
    parts = [part for part in field.replace("[", ".").split(".") if not part.rstrip("]").isdigit()]
    last = parts[-1] if parts else field
    return _FIELDS.get(last) or _FIELDS.get(parts[0] if parts else field) or plainly(last)


def lit(text: str, evidence: Mapping[str, str]) -> Markup:
    """The brief's text with the words that were understood marked; hovering tells as what.

    >>> lit("Spend $30k", {"budget": "$30k"})
    Markup('Spend <mark title="Budget">$30k</mark>')
    """
    parts: list[str] = []
    place = 0
    for start, end, names in _spans(text, evidence):
        parts += [text[place:start], tag("mark", text[start:end], title=", ".join(names))]
        place = end
    return join(*parts, text[place:])


def history_words(plan: Plan, formats: Formats) -> str:
    """What the figures were learned from, in one sentence."""
    note = plan.history
    if not note.rows or note.first_date is None or note.last_date is None:
        return "There is no history yet: the figures rest on what is usual, which is why their ranges are wide."
    lines = f"{formats.count(note.lines)} {plural(note.lines, 'line')}"
    between = f"{formats.day(note.first_date)} to {formats.day(note.last_date)}"
    return f"The results of {lines} from {between}, {formats.count(note.rows)} daily rows as the platforms report them."


def flagged_words(plan: Plan, formats: Formats) -> str:
    """What stands out in the history and was kept; empty where nothing does."""
    flagged = plan.history.flagged
    if not flagged:
        return ""
    what = "value stands" if flagged == 1 else "values stand"
    return f"{formats.count(flagged)} {what} out from the rest; marked, but kept."


def set_aside(plan: Plan, formats: Formats) -> list[SetAside]:
    """Rows that were left out of the history, by reason, the commonest first."""
    reasons = sorted(plan.history.quarantine_reasons.items(), key=lambda item: (-item[1], item[0]))
    return [
        SetAside(_DEFECTS.get(reason, plainly(reason).lower()), formats.count(rows)) for reason, rows in reasons if rows
    ]


def left_out(plan: Plan, formats: Formats) -> list[SetAside]:
    """Lines of the history that take no part in the plan, by reason, the commonest first."""
    reasons = Counter(item.reason for item in plan.left_out)
    return [SetAside(reason, f"{formats.count(many)} {plural(many, 'line')}") for reason, many in reasons.most_common()]


def _spans(text: str, evidence: Mapping[str, str]) -> list[tuple[int, int, list[str]]]:
    """Where the words stand in the text, in order; words that overlap are one span with both names."""
    found = sorted(
        (start, start + len(words), field_name(field))
        for field, words in evidence.items()
        if words and (start := text.find(words)) >= 0
    )
    spans: list[tuple[int, int, list[str]]] = []
    for start, end, name in found:
        if spans and start < spans[-1][1]:
            first, last, names = spans[-1]
            spans[-1] = (first, max(last, end), names if name in names else [*names, name])
        else:
            spans.append((start, end, [name]))
    return spans
