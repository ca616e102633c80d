"""Judge advice, alerts and tuning by the truth of simulated markets.

`judge` scores advice market by market, `figures_of` and `report_on` sum that up. `score_alerts` scores the alerts of a
live window, `watch` a watcher on many; `tune_weekly` scores a tuner against the same plan left alone. `by_compose`,
`by_monitor` and `by_tune` are the product's own adviser, watcher and tuner.
"""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.sandbox.judge.advisers import Advised, Adviser, Asked, by_compose
    from marketmover.sandbox.judge.alerts import AlertScore, read_alerts, score_alerts
    from marketmover.sandbox.judge.by_command import by_monitor, by_tune
    from marketmover.sandbox.judge.cache import Cache
    from marketmover.sandbox.judge.cases import Case, choose_cases, read_seeds
    from marketmover.sandbox.judge.figures import Figure, figures_of
    from marketmover.sandbox.judge.planning import composed_plan
    from marketmover.sandbox.judge.report import Report, report_on
    from marketmover.sandbox.judge.running import judge
    from marketmover.sandbox.judge.scores import Score
    from marketmover.sandbox.judge.tuning import ToTune, TuneScore, tune_figures, tune_weekly, tuning_cases
    from marketmover.sandbox.judge.watching import Watched, watch, watch_cases, watch_figures
else:
    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "Advised": "advisers",
            "Adviser": "advisers",
            "AlertScore": "alerts",
            "Asked": "advisers",
            "Cache": "cache",
            "Case": "cases",
            "Figure": "figures",
            "Report": "report",
            "Score": "scores",
            "ToTune": "tuning",
            "TuneScore": "tuning",
            "Watched": "watching",
            "by_compose": "advisers",
            "by_monitor": "by_command",
            "by_tune": "by_command",
            "choose_cases": "cases",
            "composed_plan": "planning",
            "figures_of": "figures",
            "judge": "running",
            "read_alerts": "alerts",
            "read_seeds": "cases",
            "report_on": "report",
            "score_alerts": "alerts",
            "tune_figures": "tuning",
            "tune_weekly": "tuning",
            "tuning_cases": "tuning",
            "watch": "watching",
            "watch_cases": "watching",
            "watch_figures": "watching",
        },
    )

__all__ = [
    "Advised",
    "Adviser",
    "AlertScore",
    "Asked",
    "Cache",
    "Case",
    "Figure",
    "Report",
    "Score",
    "ToTune",
    "TuneScore",
    "Watched",
    "by_compose",
    "by_monitor",
    "by_tune",
    "choose_cases",
    "composed_plan",
    "figures_of",
    "judge",
    "read_alerts",
    "read_seeds",
    "report_on",
    "score_alerts",
    "tune_figures",
    "tune_weekly",
    "tuning_cases",
    "watch",
    "watch_cases",
    "watch_figures",
]
