"""A brief read with a language model beside the rules: what it adds is checked against the text, field by field.

Personal data is masked before the text leaves, and put back into what comes back. Whatever the model or its endpoint
does, the rules' reading stands; what was taken from the model, what was refused and why, is told in `warnings`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from marketmover.campaigns.brief import model_checks as checks
from marketmover.campaigns.brief.model_form import INSTRUCTIONS, ModelReading, Said, as_data
from marketmover.campaigns.brief.model_words import Source, Stretch
from marketmover.campaigns.brief.reader import read_brief
from marketmover.errors import MarketmoverError
from marketmover.kit import counted
from marketmover.language import Answer, Masked, TextModel, mask
from marketmover.plans import Audience, Brief, PlatformChoice

S = TypeVar("S", bound=Said)
MOST_CHARACTERS = 60_000
_MOST_TOLD = 8

# Free wording, which rules read worst: there the model's reading takes the place of theirs. On money, dates, ages,
# places, platforms and figures a wrong reading is spent; there it only fills what the rules left empty.
OVERRULED = frozenset(("product", "industry", "audience.interests", "tone", "constraints", "sentiment", "concerns"))


@dataclass
class _Kept:
    """What of a model's reading is kept, by field of the contract, with its words; and what was refused."""

    values: dict[str, Any] = field(default_factory=dict[str, Any])
    evidence: dict[str, str] = field(default_factory=dict[str, str])
    refused: list[str] = field(default_factory=list[str])
    incomplete: set[str] = field(default_factory=set[str])


def read_with_model(text: str, model: TextModel | None) -> Brief:
    """Read a client's text by rules and, where there is one, by a language model (contract: brief).

    Never fails for the model's sake: without a usable answer it is the rules' brief, and a warning says why.

    Args:
        text: The client's text.
        model: The model; `None` for rules alone.
    """
    brief = read_brief(text)
    if model is None:
        return brief
    if len(text) > MOST_CHARACTERS:
        return _with_warnings(
            brief, [f"the language model was not asked: the text is over {MOST_CHARACTERS:,} characters"]
        )
    masked = mask(text)
    try:
        answer = model.ask(INSTRUCTIONS, as_data(masked.text), ModelReading)
    except MarketmoverError as error:
        return _with_warnings(brief, [f"read by rules alone: {str(error).removesuffix('.')}"])
    return _merged(brief, text, answer, masked, model.name)


def _merged(brief: Brief, text: str, answer: Answer[ModelReading], masked: Masked, name: str) -> Brief:
    source = Source(text)
    kept = _checked(answer.form, source, masked)
    kept.refused += [f"{fault.partition(':')[0]}: it does not fit the form" for fault in answer.faults]
    kept.refused = [one for one in kept.refused if _was_wanted(brief, one.partition(":")[0])]
    taken = [one for one in kept.values if _may_take(brief, one, kept)]
    merged = _in_order(brief, kept, taken)
    told = _told(merged, kept, f"{name}{_cost(answer)}", masked)
    if source.to_a_machine:
        told.append("the text speaks to a machine that reads it; the language model's readings of that are not taken")
    return _with_warnings(_filled(brief, kept, merged), told)


def _with_warnings(brief: Brief, warnings: Sequence[str]) -> Brief:
    return brief.model_copy(update={"warnings": [*brief.warnings, *warnings]})


def _checked(reading: ModelReading, source: Source, masked: Masked) -> _Kept:
    kept = _Kept()
    for name, said, check in _single(reading):
        _check(kept, name, [said] if said else [], check, source, masked, many=False)
    for name, entries, check in _lists(reading):
        _check(kept, name, entries, check, source, masked, many=True)
    return kept


Check = Callable[[Any, Source, Stretch], Any]


def _single(reading: ModelReading) -> list[tuple[str, Said | None, Check]]:
    return [
        ("objective", reading.objective, checks.objective),
        ("outcome", reading.outcome, checks.outcome),
        ("budget", reading.budget, checks.budget),
        ("start_date", reading.start_date, checks.first_day),
        ("end_date", reading.end_date, checks.last_day),
        ("duration_days", reading.duration_days, checks.duration),
        ("audience.age_min", reading.age_min, checks.age),
        ("audience.age_max", reading.age_max, checks.age),
        ("product", reading.product, checks.phrase),
        ("industry", reading.industry, checks.industry),
        ("sentiment", reading.sentiment, checks.sentiment),
    ]


def _lists(reading: ModelReading) -> list[tuple[str, Sequence[Said], Check]]:
    return [
        ("platforms.include", reading.platforms_include, checks.asked_platform),
        ("platforms.exclude", reading.platforms_exclude, checks.refused_platform),
        ("audience.countries", reading.countries, checks.country),
        ("audience.places", reading.places, checks.phrase),
        ("audience.genders", reading.genders, checks.gender),
        ("audience.interests", reading.interests, checks.phrase),
        ("targets", reading.targets, checks.target),
        ("tone", reading.tone, checks.phrase),
        ("constraints", reading.constraints, checks.constraint),
        ("concerns", reading.concerns, checks.phrase),
    ]


def _check(
    kept: _Kept, name: str, entries: Sequence[Said], check: Check, source: Source, masked: Masked, *, many: bool
) -> None:
    """Keep the entries whose words stand in the text and whose value follows from them."""
    for masked_entry in entries:
        said = masked_entry.model_validate(masked.restored(masked_entry.model_dump()))
        try:
            at = checks.standing(said.words, source)
            value = check(said, source, at)
        except checks.RefusedError as refusal:
            kept.refused.append(f"{name}: {refusal}")
            kept.incomplete.add(name)
            continue
        if many:
            known = kept.values.setdefault(name, [])
            known += [value] if value not in known else []
        else:
            kept.values[name] = value
        kept.evidence.setdefault(name, at.words)


def _may_take(brief: Brief, name: str, kept: _Kept) -> bool:
    """Whether the model's reading is used: where the rules have none, or of free wording where nothing was refused."""
    return not _value(brief, name) or (name in OVERRULED and name not in kept.incomplete)


def _was_wanted(brief: Brief, name: str) -> bool:
    """Whether a refused reading would have counted: where the rules' own wins anyway, it is not worth a warning."""
    return name in OVERRULED or not _known(name) or not _value(brief, name)


def _in_order(brief: Brief, kept: _Kept, taken: list[str]) -> list[str]:
    """Leave out a date or an age that lies on the wrong side of the one that stands already."""
    for low, high in (("start_date", "end_date"), ("audience.age_min", "audience.age_max")):
        first = kept.values[low] if low in taken else _value(brief, low)
        last = kept.values[high] if high in taken else _value(brief, high)
        if first is not None and last is not None and last < first:
            dropped = [name for name in (low, high) if name in taken]
            kept.refused += [f"{name}: it lies on the wrong side of the other end" for name in dropped]
            taken = [name for name in taken if name not in dropped]
    both = set(_value(brief, "platforms.include")) | set(_value(brief, "platforms.exclude"))
    for name in ("platforms.include", "platforms.exclude"):
        if name in taken:
            kept.values[name] = [one for one in kept.values[name] if one not in both]
            both |= set(kept.values[name])
    return [name for name in taken if kept.values[name] not in ([], None)]


def _filled(brief: Brief, kept: _Kept, taken: list[str]) -> Brief:
    """The rules' brief with what is taken from the model, and its words, in their places."""
    content = brief.model_dump()
    for name in taken:
        room, _, key = name.rpartition(".")
        place: dict[str, Any] = content[room] if room else content
        place[key] = kept.values[name]
        content["evidence"][name] = kept.evidence[name]
    if content["start_date"] and content["end_date"] and {"start_date", "end_date"} & set(taken):
        content["duration_days"] = (content["end_date"] - content["start_date"]).days + 1
        content["evidence"].setdefault("duration_days", content["evidence"]["end_date"])
    return Brief.model_validate(content)


def _cost(answer: Answer[ModelReading]) -> str:
    return f", for {answer.micros / 1_000_000:.4f}" if answer.micros else ""


def _told(taken: list[str], kept: _Kept, name: str, masked: Masked) -> list[str]:
    hidden = f" (masked before it was sent: {masked.summary})" if masked.hidden else ""
    told = [f"read with the language model {name}{hidden}: {', '.join(taken) or 'it added nothing'}"]
    told += [f"not taken from the language model: {one}" for one in kept.refused[:_MOST_TOLD]]
    more = len(kept.refused) - _MOST_TOLD
    return [*told, f"and {counted(more, 'more reading')} of the language model not taken"] if more > 0 else told


def _known(name: str) -> bool:
    """Whether a field of the contract is meant, rather than a place in the model's form."""
    room, _, key = name.rpartition(".")
    forms = {"": Brief, "audience": Audience, "platforms": PlatformChoice}
    return room in forms and key in forms[room].model_fields


def _value(brief: Brief, name: str) -> Any:
    found: Any = brief
    for part in name.split("."):
        found = getattr(found, part)
    return found
