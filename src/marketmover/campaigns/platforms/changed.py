"""What both platforms say of settings that the plan changes on running lines."""

from collections.abc import Callable

from marketmover.plans import Creative, PlanLine

Warn = Callable[[str], None]


def changes_of(line: PlanLine) -> frozenset[str]:
    """The parameters of a line that the plan changes: `audience`, `bidding`, `message`, `ad_type`."""
    return frozenset(change.parameter for change in line.changes)


def audience_words(line: PlanLine) -> str:
    """Ages and genders that a line is to reach, in words.

    Ages end at “65 and over” on both platforms.
    """
    people = line.audience
    low, high = people.age_min or 18, people.age_max
    ages = f"ages {low} and over" if high is None or high >= 65 else f"ages {low} to {high}"
    named = {"FEMALE": "women", "MALE": "men"}
    genders = [named[name] for name in people.genders if name in named]
    return f"{ages}, {genders[0]} alone" if len(genders) == 1 else f"{ages}, women and men"


def not_by_people(line: PlanLine, platform: str) -> str:
    """The warning that a special category forbids what the plan chose."""
    return (
        f"{line.id}: the plan asks for {audience_words(line)}, but {platform} forbids choosing people by age or gender "
        "in ads for housing, jobs or financial products in many countries, and the brief speaks of one. Its audience "
        "stays as it is: change it by hand only if none of these applies."
    )


def texts_of(creative: Creative) -> str:
    """All words of a creative, each in quotation marks."""
    headlines = creative.headlines or [text for text in (creative.headline,) if text]
    bodies = creative.descriptions or [text for text in (creative.body,) if text]
    parts = (("headlines", headlines), ("texts", bodies))
    return "; ".join(f"{name} {', '.join(f'“{text}”' for text in found)}" for name, found in parts if found)
