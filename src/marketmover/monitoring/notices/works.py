"""What tasks of notices do."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from marketmover.errors import NotFoundError
from marketmover.kit import utc_now
from marketmover.monitoring.notices.service import send_test

if TYPE_CHECKING:
    from marketmover.jobs import TaskRun
    from marketmover.monitoring.notices.installation import Installation


def test_route(run: "TaskRun", app: "Installation") -> Mapping[str, Any]:
    """Send a test message by a route.

    Raises:
        NotFoundError: There is no such route.
        PlatformError: It did not get through.
    """
    configuration = app.notices()
    if configuration is None:
        raise NotFoundError("Nobody is told of anything yet.", "Set who is: PUT /v1/notices/configuration")
    route = configuration.route(str(run.arguments["route"]))
    run.report(0.1, "sending")
    notifier = app.notifier_of(configuration)(route)
    return {"route": route.name, "said": send_test(notifier, route.name, utc_now(), configuration.link)}
