"""Deleting what is known of an account, over all rooms that know something."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from marketmover.console import Progress
from marketmover.errors import NotFoundError
from marketmover.kit import utc_now

if TYPE_CHECKING:
    from marketmover.app.web.served import ServedApp
    from marketmover.jobs import TaskRun


def delete_account(run: "TaskRun", app: "ServedApp") -> Mapping[str, Any]:
    """Delete all that is known of the account that was asked for."""
    return forget_account(run, app, str(run.arguments["platform"]), str(run.arguments["account_id"]), run.report)


def forget_account(
    run: "TaskRun", app: "ServedApp", platform: str, account_id: str, report: Progress
) -> Mapping[str, Any]:
    """Delete all that is known of an account, its alerts with it. Done again after it was cut off, nothing is left."""
    from marketmover.history.forgetting import delete_account_data, plain_id
    from marketmover.history.overview import list_members, refresh
    from marketmover.history.pulls.rounds import job_name
    from marketmover.monitoring.kept import forget_alerts

    own = plain_id(account_id)
    jobs = [job_name(one) for one in app.accounts(platform) if plain_id(one.account_id) == own]
    with app.home() as stores:
        with stores.records.session(read_only=True) as session:
            members = list_members(session, app.workspace, level="campaign", platform=platform, limit=1_000_000)
            campaigns = {row.campaign_id for row in members if plain_id(row.account_id) == own}
        report(0.1, "deleting")
        try:
            told = delete_account_data(
                stores, platform, account_id, who=run.asked_by, now=utc_now, jobs=jobs, confirm=run.confirm
            ).to_json()
        except NotFoundError:
            if run.attempt == 1:
                raise
            told = {"platform": platform, "account_id": account_id}  # it was gone before the process died
        report(0.7, "bringing figures up to date")
        with stores.records.session() as session:
            alerts = forget_alerts(session, app.workspace, platform, campaigns)
        refresh(stores, utc_now())
    return {**told, "alerts": alerts}
