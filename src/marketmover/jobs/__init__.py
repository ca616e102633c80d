"""Work on a schedule: what is due, who runs it, what became of it."""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.jobs.hold import HeldError, JobRun, LeaseLostError, StoppedError, holding
    from marketmover.jobs.retry import Waits, transient, with_retries
    from marketmover.jobs.running import Done, Job, run_job, run_until
    from marketmover.jobs.runs import Due, forget_runs
    from marketmover.jobs.schedule import At, Every, read_schedule
else:
    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "At": "schedule",
            "Done": "running",
            "Due": "runs",
            "Every": "schedule",
            "HeldError": "hold",
            "Job": "running",
            "JobRun": "hold",
            "LeaseLostError": "hold",
            "StoppedError": "hold",
            "Waits": "retry",
            "forget_runs": "runs",
            "holding": "hold",
            "read_schedule": "schedule",
            "run_job": "running",
            "run_until": "running",
            "transient": "retry",
            "with_retries": "retry",
        },
    )

__all__ = [
    "At",
    "Done",
    "Due",
    "Every",
    "HeldError",
    "Job",
    "JobRun",
    "LeaseLostError",
    "StoppedError",
    "Waits",
    "forget_runs",
    "holding",
    "read_schedule",
    "run_job",
    "run_until",
    "transient",
    "with_retries",
]
