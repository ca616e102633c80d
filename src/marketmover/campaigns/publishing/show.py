"""What was published, or would be, for people and as JSON."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from marketmover.campaigns.publishing.abandoning import Abandoned
from marketmover.campaigns.publishing.platform import Refusal
from marketmover.campaigns.publishing.service import Published
from marketmover.campaigns.publishing.words import waits_until
from marketmover.console import print_json, print_text, say
from marketmover.kit import counted


def show_published(done: Published, folder: Path, *, dry_run: bool, as_json: bool) -> None:
    """Tell what each account was sent, how it reads back, and what is left to do."""
    if as_json:
        print_json(published_json(done))
        return
    for account, steps in done.steps.items():
        print_text(f"{account}: {counted(len(steps), 'step')}")
        for step in steps:
            print_text(f"  {step}")
    show_refusals(done.refusals)
    for line, live in done.lines.items():
        print_text(f"{line} is {live}")
    for one in done.differences:
        print_text(f"Mind: {one.words}")
    for note in done.notes:
        print_text(f"Mind: {note}")
    if done.waits_until is not None:
        print_text(waits_until(done.waits_until, folder, dry_run=dry_run))
    say(_outcome(done, folder, dry_run=dry_run))


def _outcome(done: Published, folder: Path, *, dry_run: bool) -> str:
    if dry_run:
        found = counted(len(done.refusals), "refusal") if done.refusals else "The platforms would take it"
        return f"{found}. Nothing was sent (--dry-run)."
    if done.before:
        say(f"Published by {done.before} already: nothing was sent again.")
    same = "Read back and compared: all is as asked." if not done.differences else "Read back: not all is as asked."
    if done.started:
        return same + (
            " What is new is switched on." if done.lines else " Nothing in it is new, so nothing was switched on."
        )
    asleep = f" What is new is paused: look at it, then `marketmover plan publish {folder} --start --by NAME`."
    return same + (asleep if done.lines else "")


def show_refusals(refusals: Sequence[Refusal]) -> None:
    """What the platforms would refuse, with what to do."""
    for one in refusals:
        print_text(f"Refused: {', '.join(one.line_ids) or one.ref}: {one.words} {one.remedy}")


def published_json(done: Published) -> dict[str, Any]:
    """The same for programs."""
    return {
        "steps": done.steps,
        "refusals": [asdict(one) for one in done.refusals],
        "lines": done.lines,
        "differences": [asdict(one) for one in done.differences],
        "started": done.started,
        "notes": done.notes,
        "waits_until": done.waits_until and done.waits_until.isoformat(),
    }


def show_abandoned(done: Abandoned, folder: Path, *, as_json: bool) -> None:
    """Tell what was given up, and what a person is to look at."""
    if as_json:
        print_json(asdict(done))
        return
    for words in done.left:
        print_text(f"Left: {words}")
    back = "Not all could be taken back; what is left is listed above." if done.left else "All of it was taken back."
    say(f"Given up for {', '.join(done.accounts)}. {back} To publish anew: `marketmover plan publish {folder}`.")
