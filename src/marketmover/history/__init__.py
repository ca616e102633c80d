"""What campaigns did: exports read and cleaned into the lake, described, and handed on as arrays of lines and days."""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.history.changes import MoneyChange, SettingChange
    from marketmover.history.creatives import load_creatives
    from marketmover.history.describing import describe_history
    from marketmover.history.faults import EmptyHistoryError
    from marketmover.history.import_report import ImportReport
    from marketmover.history.importing import import_history
    from marketmover.history.lift_tests import LiftTest, load_lift_tests
    from marketmover.history.loading.changes import load_setting_changes
    from marketmover.history.loading.money import load_money_changes
    from marketmover.history.loading.panels import load_panel
    from marketmover.history.loading.parts import load_parts
    from marketmover.history.mapping import ActionKind, map_action
    from marketmover.history.note import day_named_today, history_note
    from marketmover.history.opening import asked_day, opened_history
    from marketmover.history.panel import Line, Panel, PlatformCurve
    from marketmover.history.parts import Part, parts_by
    from marketmover.history.platform_lines import load_resources
    from marketmover.history.reactions import Reaction, load_reactions
    from marketmover.history.report import HistoryReport
    from marketmover.history.resources import AdText, GoogleAdGroup, GoogleResource, MetaAdSet, MetaResource
else:
    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "ActionKind": "mapping",
            "AdText": "resources",
            "EmptyHistoryError": "faults",
            "GoogleAdGroup": "resources",
            "GoogleResource": "resources",
            "HistoryReport": "report",
            "ImportReport": "import_report",
            "LiftTest": "lift_tests",
            "Line": "panel",
            "MetaAdSet": "resources",
            "MetaResource": "resources",
            "MoneyChange": "changes",
            "Panel": "panel",
            "Part": "parts",
            "PlatformCurve": "panel",
            "Reaction": "reactions",
            "SettingChange": "changes",
            "asked_day": "opening",
            "day_named_today": "note",
            "describe_history": "describing",
            "history_note": "note",
            "import_history": "importing",
            "load_creatives": "creatives",
            "load_lift_tests": "lift_tests",
            "load_money_changes": "loading.money",
            "load_panel": "loading.panels",
            "load_parts": "loading.parts",
            "load_reactions": "reactions",
            "load_resources": "platform_lines",
            "load_setting_changes": "loading.changes",
            "map_action": "mapping",
            "opened_history": "opening",
            "parts_by": "parts",
        },
    )

__all__ = [
    "ActionKind",
    "AdText",
    "EmptyHistoryError",
    "GoogleAdGroup",
    "GoogleResource",
    "HistoryReport",
    "ImportReport",
    "LiftTest",
    "Line",
    "MetaAdSet",
    "MetaResource",
    "MoneyChange",
    "Panel",
    "Part",
    "PlatformCurve",
    "Reaction",
    "SettingChange",
    "asked_day",
    "day_named_today",
    "describe_history",
    "history_note",
    "import_history",
    "load_creatives",
    "load_lift_tests",
    "load_money_changes",
    "load_panel",
    "load_parts",
    "load_reactions",
    "load_resources",
    "load_setting_changes",
    "map_action",
    "opened_history",
    "parts_by",
]
