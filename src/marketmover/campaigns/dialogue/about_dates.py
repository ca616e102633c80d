"""What is worth asking on the dates."""

import re
from collections.abc import Iterable

from marketmover.campaigns.brief import mentioned_days
from marketmover.campaigns.dialogue.candidates import Candidate, Context
from marketmover.campaigns.dialogue.dates import missing_year, two_ways
from marketmover.campaigns.dialogue.wording import Wording, day_words


def ask_of_dates(context: Context) -> Iterable[Candidate]:
    """Questions on days that read two ways, lack their year, contradict each other or are not said."""
    yield from _spans_apart(context)
    yield from _days(context)


def _days(context: Context) -> Iterable[Candidate]:
    brief = context.brief
    ambiguous = two_ways(brief, british=context.manner.british)
    if ambiguous:
        assumed = ambiguous.assumed or f"a start on {context.monday()}"
        yield Candidate(
            ambiguous.field,
            90,
            Wording(
                f"By {ambiguous.written}, do you mean {ambiguous.readings[0]} or {ambiguous.readings[1]}?",
                f"{ambiguous.written}: is that {ambiguous.readings[0]} or {ambiguous.readings[1]}?",
                f"{ambiguous.written}: {ambiguous.readings[0]} or {ambiguous.readings[1]}?",
                "The date can be read with the day or the month first, and the plan would start on another day.",
                assumed,
            ),
            ambiguous.readings,
        )
        return
    yearless = missing_year(brief, context.today, british=context.manner.british)
    if yearless:
        suggestion = f": {yearless.choices[0]}" if yearless.choices else ""
        yield Candidate(
            "start_date",
            72,
            Wording(
                f"Which year do you mean by \u201c{yearless.written}\u201d{suggestion}?",
                f"Which year is \u201c{yearless.written}\u201d{suggestion}?",
                f"\u201c{yearless.written}\u201d{suggestion}?",
                "Without a year the words fix no date, and demand changes with the season.",
                f"a start on {context.monday()} and a run of four weeks",
            ),
            tuple(yearless.choices),
        )
        return
    yield from _open_dates(context)


def _open_dates(context: Context) -> Iterable[Candidate]:
    brief = context.brief
    no_length = brief.end_date is None and brief.duration_days is None and context.silent("goes on")
    monday = context.monday()
    days = [(words, day) for words, day in mentioned_days(context.text) if day > context.today]
    if brief.start_date is None and brief.end_date is None and days:
        said, day = days[0]
        yield Candidate(
            "start_date",
            66,
            Wording(
                f"You mention \u201c{said}\u201d: should the campaign start then?",
                f"You mention \u201c{said}\u201d: is that when it should start?",
                f"Start: \u201c{said}\u201d?",
                "The dates decide the season that is planned for, and what a daily or monthly budget adds up to.",
                f"a start on {monday}{' and a run of four weeks' if no_length else ''}",
            ),
            (day_words(day, british=context.manner.british),),
        )
    elif brief.start_date is None and brief.end_date is None and context.silent("starts at once"):
        yield Candidate(
            "start_date",
            74 if no_length else 66,
            Wording(
                f"When should the campaign start{', and how long should it run' if no_length else ''}?",
                f"When do you want to start{', and for how long' if no_length else ''}?",
                f"Start when{', and for how long' if no_length else ''}?",
                "The dates decide the season that is planned for, and what a daily or monthly budget adds up to.",
                f"a start on {monday}{' and a run of four weeks' if no_length else ''}",
            ),
        )
    elif no_length:
        yield Candidate(
            "duration_days",
            64,
            Wording(
                "How long should the campaign run?",
                "How long should it run?",
                "For how long?",
                "The length decides what can be spent a day, and what a monthly budget adds up to.",
                "four weeks",
            ),
            ("4 weeks", "6 weeks", "3 months"),
        )


def _spans_apart(context: Context) -> Iterable[Candidate]:
    for warning in context.brief.warnings:
        found = _SPANS.search(warning)
        if found:
            yield Candidate(
                "duration_days",
                84,
                Wording(
                    f"Your dates span {found[1]} days, but you also speak of {found[2]} days. Which holds?",
                    f"The dates make {found[1]} days, but you also say {found[2]}. Which one is it?",
                    f"{found[1]} or {found[2]} days?",
                    "What you wrote says both, and the budget a day differs.",
                    f"the dates, {found[1]} days",
                ),
                (f"{found[1]} days", f"{found[2]} days"),
            )
        elif _BACKWARDS.search(warning):
            yield Candidate(
                "start_date",
                90,
                Wording(
                    "The end that you give lies before the start. From which day to which day should the campaign run?",
                    "The end date comes before the start. Which days did you mean?",
                    "The end is before the start: from when to when?",
                    "Dates that contradict each other were left out.",
                    f"a start on {context.monday()} and a run of four weeks",
                ),
            )


_SPANS = re.compile(r"the dates span (\d+) days, but the text also speaks of (\d+) days")
_BACKWARDS = re.compile(r"the end \S+ lies before the start")
