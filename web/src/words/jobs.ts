import type { Job } from "../api/queries";

interface Said {
  doing: string;
  done: string;
  failed: string;
  /** Where it is asked for, and what it changes is seen. */
  to: string;
  look: string;
}

const SAID: Record<string, Said> = {
  "plans.compose": {
    doing: "Composing a plan",
    done: "The plan is composed",
    failed: "The plan could not be composed",
    to: "/compose",
    look: "Look at the plan",
  },
  "plans.publish": {
    doing: "Sending to the platforms",
    done: "The platforms have answered",
    failed: "Publishing did not go through",
    to: "/compose",
    look: "Look at the plan",
  },
  "plans.give_up": {
    doing: "Taking a publication back",
    done: "The publication is given up",
    failed: "The publication could not be given up",
    to: "/compose",
    look: "Look at the plan",
  },
  "plans.tune": {
    doing: "Tuning a running plan",
    done: "Tuning has a proposal",
    failed: "The plan could not be tuned",
    to: "/monitor",
    look: "Look at the proposal",
  },
  "plans.backtest": {
    doing: "Trying advice on the past",
    done: "Advice was tried on the past",
    failed: "Advice could not be tried on the past",
    to: "/models",
    look: "Look at it",
  },
  "models.compare": {
    doing: "Comparing models",
    done: "The models are compared",
    failed: "The models could not be compared",
    to: "/models",
    look: "Look at the models",
  },
  "monitoring.watch": {
    doing: "Watching what runs",
    done: "What runs was watched",
    failed: "What runs could not be watched",
    to: "/monitor",
    look: "Look at the alerts",
  },
  "pulls.pull": {
    doing: "Fetching new figures",
    done: "New figures are here",
    failed: "New figures could not be fetched",
    to: "/data",
    look: "Look at the data",
  },
  "history.import": {
    doing: "Importing files",
    done: "The files are imported",
    failed: "The files could not be imported",
    to: "/data",
    look: "Look at the import",
  },
  "history.map": {
    doing: "Saying what counts as what",
    done: "Figures count as you said",
    failed: "That could not be changed",
    to: "/data",
    look: "Look at the data",
  },
  "history.refresh": {
    doing: "Bringing figures up to date",
    done: "Figures are up to date",
    failed: "Figures could not be brought up to date",
    to: "/data",
    look: "Look at the data",
  },
  "history.delete_account": {
    doing: "Deleting an account's data",
    done: "The account's data are deleted",
    failed: "The account's data could not be deleted",
    to: "/data",
    look: "Look at the data",
  },
  "history.sample": {
    doing: "Making sample data",
    done: "Sample data are here",
    failed: "Sample data could not be made",
    to: "/data",
    look: "Look at the data",
  },
  "history.remove_sample": {
    doing: "Removing the sample data",
    done: "The sample data are gone",
    failed: "The sample data could not be removed",
    to: "/data",
    look: "Look at the data",
  },
  "jobs.run": {
    doing: "Running something scheduled at once",
    done: "What is scheduled was run",
    failed: "What is scheduled could not be run",
    to: "/settings/schedules",
    look: "Look at the schedules",
  },
  "notices.test": {
    doing: "Sending a test",
    done: "The test was sent",
    failed: "The test could not be sent",
    to: "/settings",
    look: "Look at the settings",
  },
};

const OTHER: Said = { doing: "Working", done: "It is done", failed: "It did not end well", to: "/", look: "Look at it" };

export function saidOf(job: Job): Said {
  return SAID[job.kind] ?? OTHER;
}

/** What a job is about, where that is words and no id. */
export function aboutOf(job: Job): string {
  return /^(plan|job|account) [0-9a-f]{8,}$/.test(job.about) || job.about === "all lines" ? "" : job.about;
}

/** The plan that a job is of: its own words name it, or what came of it does. */
function planOf(job: Job, result?: Record<string, unknown>): string | null {
  if (typeof result?.plan_id === "string") return result.plan_id;
  return /^plan ([A-Za-z0-9][\w.:@-]*)$/.exec(job.about)?.[1] ?? null;
}

/** Where what came of a job stands. */
export function placeOf(job: Job, result?: Record<string, unknown>): string {
  const plan = planOf(job, result);
  if (!plan || !job.kind.startsWith("plans.")) return saidOf(job).to;
  return job.kind === "plans.tune" ? `/monitor/plans/${plan}` : `/plans/${plan}`;
}
