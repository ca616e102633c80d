"""A brief as a page: the client's words lit up by what was understood, and beside them what is still open."""

from collections.abc import Sequence
from importlib.resources import files

from markupsafe import Markup

from marketmover.campaigns.brief import marks, readings, unsaid
from marketmover.campaigns.dialogue.drafting import letter
from marketmover.campaigns.dialogue.questions import Question
from marketmover.campaigns.dialogue.sources import Source
from marketmover.charts import Column, join, name_of, page, table, tag
from marketmover.kit import counted
from marketmover.plans import PLATFORM_NAMES, Brief

_GROUPS = {
    "money": ("Money", ("budget", "targets")),
    "when": ("Dates", ("start_date", "end_date", "duration_days")),
    "goal": ("Goal", ("objective", "outcome")),
    "who": ("Audience", ("audience",)),
    "place": ("Platforms", ("platforms",)),
    "what": ("Product", ("product", "industry")),
    "terms": ("Tone and conditions", ("tone", "constraints")),
    "mood": ("Mood and worries", ("sentiment", "concerns")),
}
_NAMES = {
    "duration_days": "length",
    "start_date": "start",
    "end_date": "end",
    "sentiment": "mood",
    "targets": "target",
    "platforms.include": "platforms",
    "platforms.exclude": "not wanted",
    "constraints": "condition",
    "concerns": "worry",
    "audience.age_min": "age",
    "audience.age_max": "age",
    "audience.countries": "country",
    "audience.places": "place",
    "audience.genders": "gender",
    "audience.interests": "interest",
}

_UNASKED = frozenset(("platforms: exclude",))


def render_page(brief: Brief, sources: Sequence[Source], questions: Sequence[Question]) -> str:
    """The page's text: one file, no script, no network, light and dark; the same brief gives the same text.

    Args:
        brief: As understood, answers included.
        sources: The client's text first, then the answers in the order they came.
        questions: What is still worth asking, as `ask` gave them.
    """
    title = f"The brief: {brief.product}" if brief.product else "The brief"
    known = len(readings(brief))
    lead = f"{counted(known, 'field')} understood, {counted(len(questions), 'question')} worth asking."
    body = tag(
        "main",
        tag(
            "header",
            tag("p", tag("span", "The brief, as it was understood"), class_="kicker"),
            tag("h1", _heading(brief)),
            tag("p", lead, class_="lead"),
        ),
        _legend(sources),
        tag("div", tag("div", *(_lit(one) for one in sources), class_="words"), _aside(brief, questions), class_="two"),
        _understood(brief),
        *_reply(brief, sources, questions),
        class_="brief-page",
    )
    styles = files("marketmover.campaigns.dialogue").joinpath("page.css").read_text(encoding="utf-8")
    return page(title, body, description=lead, styles=styles)


def _heading(brief: Brief) -> Markup:
    product = brief.product or "What the client wants"
    return name_of(product[:1].upper() + product[1:90])


def _group(field: str) -> str:
    root = field.partition(".")[0]
    return next((key for key, (_, fields) in _GROUPS.items() if root in fields), "terms")


def _name(field: str) -> str:
    return _NAMES.get(field) or field.rpartition(".")[2].replace("_", " ")


def _legend(sources: Sequence[Source]) -> Markup:
    used = {_group(field) for source in sources for field in source.evidence}
    keys = [tag("li", tag("mark", name, class_=f"g-{key}")) for key, (name, _) in _GROUPS.items() if key in used]
    return tag("ul", *keys, class_="legend", aria_label="Colours")


def _lit(source: Source) -> Markup:
    parts: list[str] = []
    at = 0
    for start, end, fields in marks(source.text, source.evidence):
        names = ", ".join(dict.fromkeys(_name(field) for field in fields))
        words = source.text[start:end]
        parts += [
            source.text[at:start],
            tag("mark", words, class_=f"g-{_group(fields[0])}", title=names),
            tag("small", names, class_=f"tag g-{_group(fields[0])}"),
        ]
        at = end
    text = join(*parts, source.text[at:].rstrip())
    return tag("section", tag("h2", source.title), tag("blockquote", text, dir="auto"))


def _aside(brief: Brief, questions: Sequence[Question]) -> Markup:
    warnings = [tag("li", warning[:1].upper() + warning[1:] + ".") for warning in brief.warnings]
    parts: list[Markup] = []
    if warnings:
        parts.append(tag("section", tag("h2", "Look twice"), tag("ul", *warnings), class_="warnings"))
    if questions:
        parts.append(tag("section", tag("h2", "Worth asking"), tag("ol", *(_question(one) for one in questions))))
    silent = [name.rpartition(": ")[2] for name in unsaid(brief) if name not in _UNASKED]
    if silent:
        words = ", ".join({"include": "platforms"}.get(name, name) for name in silent)
        parts.append(tag("section", tag("h2", "Not said"), tag("p", f"{words}.", class_="quiet")))
    return tag("aside", *parts)


def _question(one: Question) -> Markup:
    choices = [tag("p", *(tag("span", choice) for choice in one.choices), class_="choices")] if one.choices else []
    return tag(
        "li",
        tag("p", one.question, class_="ask"),
        *choices,
        tag("p", tag("b", "Why: "), one.why),
        tag("p", tag("b", "Without an answer: "), f"{one.assumed}."),
    )


def _row(field: str, value: str, words: str) -> list[str]:
    """A row in the words of the page: `platforms: include` is `Platforms`, `google_ads` is `Google Ads`."""
    holder, _, last = field.rpartition(": ")
    name = {"include": "platforms", "exclude": "platforms not wanted"}.get(last, last if holder else field)
    for key, shown in PLATFORM_NAMES.items():
        value = value.replace(key, shown)
    return [name[:1].upper() + name[1:], value, join("\u201c", name_of(words), "\u201d") if words else ""]


def _understood(brief: Brief) -> Markup:
    rows = [_row(*one) for one in readings(brief)]
    if not rows:
        return tag(
            "section", tag("h2", "What was understood"), tag("p", "Nothing that a plan could rest on.", class_="quiet")
        )
    return tag(
        "section",
        tag("h2", "What was understood"),
        table(["Field", "Understood", Column("From the words", minor=True)], rows),
        class_="understood",
    )


def _reply(brief: Brief, sources: Sequence[Source], questions: Sequence[Question]) -> list[Markup]:
    if not questions:
        return []
    text = letter(questions, sources[0].text if sources else "", brief)
    return [tag("section", tag("h2", "A reply to send"), tag("pre", text), class_="reply")]
