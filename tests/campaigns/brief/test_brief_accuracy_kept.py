"""The accuracy that the benchmark prints is not lost unseen."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
MEASURE = (
    "import json; from benchmarks.brief_accuracy import measure; found = measure('test'); "
    "print(json.dumps([found.score, found.made_up, found.verbatim]))"
)


def test_briefs_that_no_rule_was_tuned_on_are_read_as_well_as_before() -> None:
    done = subprocess.run([sys.executable, "-c", MEASURE], cwd=ROOT, capture_output=True, text=True, check=True)
    score, made_up, verbatim = json.loads(done.stdout)
    assert score >= 0.88
    assert made_up <= 0.05
    assert verbatim == 1.0
