"""`make bench`: every benchmark in turn, each figure beside its limit or peer; ends with 1 if a limit was missed."""

import importlib
import sys
import time

from benchmarks.figures import Figure, print_figures

BENCHMARKS = {
    "main_job": "The main job: time and memory",
    "what_if_speed": "What-if: other splits of a plan, at once",
    "api_speed": "The API under load: a real server on one core",
    "import_speed": "Import: speed beside DuckDB's bare read_json",
    "brief_accuracy": "Briefs: accuracy by field",
    "sentiment": "Sentiment beside VADER",
    "masking": "Masking of personal data before a text leaves",
    "embeddings": "Likeness of phrases: the default embedder beside TF-IDF and MiniLM",
    "backtest": "Replay of the past, held against the truth of sandbox markets",
    "allocation": "Allocation against exact solvers",
    "returns": "Returns by campaign type, held against the truth of sandbox markets",
    "parameters": "Settings that plans change, held against the truth of sandbox markets",
    "experiments": "A/B tests: false alarms, power, sample ratios, beside gbstats and statsmodels",
    "detector": "Detector: false alarms, what is found and how late, speed, on simulated series",
    "nab": "Detector: the Numenta Anomaly Benchmark (standard / reward low FP / reward low FN)",
    "live_windows": "Live windows of the sandbox: speed, troubles, and what an all-knowing tuner could gain",
    "tuning": "Tuning: plans tuned weekly beside the same plans left alone, in simulated windows",
    "monitoring": "Alerts on simulated live windows whose troubles are known",
    "models": "Models beside the structural one, through time",
    "media_mix": "Media mix: contributions and speed beside PyMC-Marketing",
    "advice": "Advice: sandbox markets judged by their truth",
}


def main(chosen: list[str]) -> int:
    """Run the chosen benchmarks, or all."""
    missed = 0
    for name in chosen or list(BENCHMARKS):
        started = time.monotonic()
        figures: list[Figure] = importlib.import_module(f"benchmarks.{name}").run()
        print_figures(f"{BENCHMARKS[name]} ({time.monotonic() - started:.0f} s)", figures)
        missed += sum(figure.kept is False for figure in figures)
    print(f"\n{missed} limits missed" if missed else "\nevery limit kept")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
