"""What campaigns did: exports read and cleaned into the lake, described, and handed on as arrays of lines and days."""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.history.breakdowns import Breakdown, breakdown_by
    from marketmover.history.creatives import load_creatives
    from marketmover.history.describing import describe_history
    from marketmover.history.faults import EmptyHistoryError
    from marketmover.history.import_report import ImportReport
    from marketmover.history.importing import import_history
    from marketmover.history.lift_tests import LiftTest, load_lift_tests
    from marketmover.history.loading.breakdowns import load_breakdowns
    from marketmover.history.loading.panels import load_panel
    from marketmover.history.mapping import ActionKind, map_action
    from marketmover.history.note import history_note
    from marketmover.history.opening import asked_day, opened_history
    from marketmover.history.panel import Line, Panel, PlatformCurve
    from marketmover.history.platform_lines import load_resources
    from marketmover.history.report import HistoryReport
    from marketmover.history.resources import AdText, GoogleResource, MetaResource
else:
    __getattr__ = on_demand(
        __name__,
        {
            "ActionKind": "mapping",
            "AdText": "resources",
            "Breakdown": "breakdowns",
            "EmptyHistoryError": "faults",
            "GoogleResource": "resources",
            "HistoryReport": "report",
            "ImportReport": "import_report",
            "LiftTest": "lift_tests",
            "Line": "panel",
            "MetaResource": "resources",
            "Panel": "panel",
            "PlatformCurve": "panel",
            "asked_day": "opening",
            "breakdown_by": "breakdowns",
            "describe_history": "describing",
            "history_note": "note",
            "import_history": "importing",
            "load_breakdowns": "loading.breakdowns",
            "load_creatives": "creatives",
            "load_lift_tests": "lift_tests",
            "load_panel": "loading.panels",
            "load_resources": "platform_lines",
            "map_action": "mapping",
            "opened_history": "opening",
        },
    )

__all__ = [
    "ActionKind",
    "AdText",
    "Breakdown",
    "EmptyHistoryError",
    "GoogleResource",
    "HistoryReport",
    "ImportReport",
    "LiftTest",
    "Line",
    "MetaResource",
    "Panel",
    "PlatformCurve",
    "asked_day",
    "breakdown_by",
    "describe_history",
    "history_note",
    "import_history",
    "load_breakdowns",
    "load_creatives",
    "load_lift_tests",
    "load_panel",
    "load_resources",
    "map_action",
    "opened_history",
]
