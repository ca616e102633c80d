"""Publishing as a job."""

from collections.abc import Mapping
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from marketmover.campaigns.tuning.in_force import Author

if TYPE_CHECKING:
    from marketmover.campaigns.kept.app import CampaignsApp
    from marketmover.jobs import TaskRun


def publish_plan(run: "TaskRun", app: "CampaignsApp") -> Mapping[str, Any]:
    """Send an approved plan to the connected accounts, or switch on what it made (`plans.publish`).

    The ledger sees to it that a job which is run again goes on where it was cut off.
    """
    from marketmover.campaigns.kept.feed import telling
    from marketmover.campaigns.kept.folders import over_http, told_by_id
    from marketmover.campaigns.publishing.opening import open_publisher
    from marketmover.campaigns.publishing.show import published_json

    told = run.arguments
    folder = app.plan_folder(str(told["plan_id"]))
    run.report(0.1, "asking the platforms")
    noted = nullcontext() if told.get("dry_run") else telling(app, folder.name, "published")
    with told_by_id(folder), noted, open_publisher(app) as publisher:
        done = publisher.publish(
            folder,
            Author(run.asked_by, "by_hand", str(told.get("why") or "")),
            only=told.get("only"),
            dry_run=bool(told.get("dry_run")),
            keep=bool(told.get("keep")),
            start=bool(told.get("start")),
            at_once=bool(told.get("now")),
        )
    found = published_json(done)
    notes = [over_http(note, folder) for note in found["notes"]]
    refusals = [one | {name: over_http(one[name], folder) for name in ("words", "remedy")} for one in found["refusals"]]
    asked = {"plan_id": folder.name, "dry_run": bool(told.get("dry_run"))}
    return {**found, "refusals": refusals, "notes": notes, "before": done.before, **asked}


def give_up(run: "TaskRun", app: "CampaignsApp") -> Mapping[str, Any]:
    """Give up a publication that was cut short or waits: take back what can be, name what is left (`plans.give_up`).

    A job that is run again after it was done finds nothing left to give up, and says so as an error.
    """
    from marketmover.campaigns.kept.feed import telling
    from marketmover.campaigns.kept.folders import over_http, told_by_id
    from marketmover.campaigns.publishing.abandoning import abandon
    from marketmover.campaigns.publishing.opening import open_publisher

    told = run.arguments
    folder = app.plan_folder(str(told["plan_id"]))
    run.report(0.1, "asking the platforms")
    with told_by_id(folder), telling(app, folder.name, "given_up"), open_publisher(app) as publisher:
        done = abandon(publisher, folder, Author(run.asked_by, "by_hand", str(told.get("why") or "")))
    left = [over_http(words, folder) for words in done.left]
    return {"plan_id": folder.name, "accounts": list(done.accounts), "left": left, "standing": dict(done.standing)}
