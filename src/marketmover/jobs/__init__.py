"""Work on a schedule, and long work that is asked for: what is due, who does it, what became of it."""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.jobs.hold import HeldError, JobRun, LeaseLostError, StoppedError, holding
    from marketmover.jobs.lanes import Served, Turns, run_until
    from marketmover.jobs.retry import Waits, transient, with_retries
    from marketmover.jobs.running import Done, Job, run_job
    from marketmover.jobs.runs import forget_runs
    from marketmover.jobs.schedule import At, Every, read_schedule
    from marketmover.jobs.task_changes import changes
    from marketmover.jobs.task_running import run_tasks
    from marketmover.jobs.task_work import CancelledError, TaskRun, Work
    from marketmover.jobs.tasks import Task, ask_to_cancel, find_task, forget_tasks, list_tasks, open_task, submit
else:
    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "At": "schedule",
            "CancelledError": "task_work",
            "Done": "running",
            "Every": "schedule",
            "HeldError": "hold",
            "Job": "running",
            "JobRun": "hold",
            "LeaseLostError": "hold",
            "Served": "lanes",
            "StoppedError": "hold",
            "Task": "tasks",
            "TaskRun": "task_work",
            "Turns": "lanes",
            "Waits": "retry",
            "Work": "task_work",
            "ask_to_cancel": "tasks",
            "changes": "task_changes",
            "find_task": "tasks",
            "forget_runs": "runs",
            "forget_tasks": "tasks",
            "holding": "hold",
            "list_tasks": "tasks",
            "open_task": "tasks",
            "read_schedule": "schedule",
            "run_job": "running",
            "run_tasks": "task_running",
            "run_until": "lanes",
            "submit": "tasks",
            "transient": "retry",
            "with_retries": "retry",
        },
    )

__all__ = [
    "At",
    "CancelledError",
    "Done",
    "Every",
    "HeldError",
    "Job",
    "JobRun",
    "LeaseLostError",
    "Served",
    "StoppedError",
    "Task",
    "TaskRun",
    "Turns",
    "Waits",
    "Work",
    "ask_to_cancel",
    "changes",
    "find_task",
    "forget_runs",
    "forget_tasks",
    "holding",
    "list_tasks",
    "open_task",
    "read_schedule",
    "run_job",
    "run_tasks",
    "run_until",
    "submit",
    "transient",
    "with_retries",
]
