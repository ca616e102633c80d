"""Fine-tuning a transformer on labelled texts: AdamW with warm-up, weighted classes, early stopping (Devlin 2019)."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marketmover.console import Progress
from marketmover.errors import InputError
from marketmover.language.networks import Network, batches_by_length, library, open_network
from marketmover.language.sentiment.class_names import class_values
from marketmover.language.sentiment.engine import LABELS
from marketmover.language.sentiment.tuning.correction import class_weights
from marketmover.language.sentiment.tuning.labels_file import Labelled
from marketmover.language.sentiment.tuning.measuring import macro_f1, places_of

_WARM_UP = 0.1
_DECAY = 0.01
_MOST_GRADIENT = 1.0
_FRESH_FASTER = 10.0
_TOKENS_A_BATCH = 8192


@dataclass(frozen=True)
class Schedule:
    """How long and how fast a transformer is trained.

    Attributes:
        epochs: Times through the texts at most.
        patience: Epochs without a better macro F1 on the choosing texts, after which training stops.
        batch: Texts of a step.
        learning_rate: Of the model; a fresh head learns ten times as fast.
        seed: Of the head, of dropout and of the texts' order.
    """

    epochs: int = 6
    patience: int = 2
    batch: int = 32
    learning_rate: float = 5e-5
    seed: int = 0


@dataclass(frozen=True)
class Trained:
    """What training did: each epoch's loss and macro F1 on the choosing texts, and the epoch that was kept (from 1)."""

    losses: list[float]
    macro_f1: list[float]
    best_epoch: int


def fine_tune(
    base: Path,
    learning: Labelled,
    choosing: Labelled,
    out: Path,
    schedule: Schedule,
    *,
    threads: int = 0,
    progress: Progress | None = None,
) -> Trained:
    """Train a transformer to tell negative, neutral and positive apart, and save the best epoch's into a folder.

    A base that is a classifier of these three keeps its head; any other base gets a fresh one.

    Args:
        base: The folder of a model: an encoder or a classifier.
        learning: What it learns from.
        choosing: What says when to stop.
        out: An empty folder.
        schedule: How long and how fast.
        threads: Of the processor; 0 takes all cores.
        progress: Told of each epoch.

    Raises:
        MissingExtraError: torch or transformers is not installed.
        InputError: The base cannot be opened, or training diverged.
    """
    torch = library("torch", "transformers")
    random_state = torch.random.get_rng_state()
    try:
        torch.manual_seed(schedule.seed)
        network = _with_head(base, threads)
        trained, best = _run(torch, network, learning, choosing, schedule, progress or (lambda _share, _step: None))
    finally:
        torch.random.set_rng_state(random_state)
    network.model.load_state_dict(best)
    network.model.save_pretrained(out, safe_serialization=True)
    network.tokenizer.save_pretrained(out)
    return trained


def _with_head(base: Path, threads: int) -> Network:
    """The base with a head of three classes in the order of `LABELS`."""
    names = {"id2label": dict(enumerate(LABELS)), "label2id": {name: place for place, name in enumerate(LABELS)}}
    if _has_our_head(base):
        return open_network(base, "classifier", threads)[0]
    return open_network(base, "classifier", threads, num_labels=len(LABELS), ignore_mismatched_sizes=True, **names)[0]


def _has_our_head(base: Path) -> bool:
    transformers = library("transformers", "transformers")
    try:
        config = transformers.AutoConfig.from_pretrained(base, local_files_only=True, trust_remote_code=False)
        architecture = (config.architectures or [""])[0]
        return "Classification" in architecture and class_values(config.id2label) == (-1.0, 0.0, 1.0)
    except (InputError, OSError, ValueError):  # opening it says what is wrong, in full
        return False


def _run(
    torch: Any, network: Network, learning: Labelled, choosing: Labelled, schedule: Schedule, progress: Progress
) -> tuple[Trained, dict[str, Any]]:
    ids, truth = network.token_ids(learning.texts), places_of(learning.labels)
    steps = schedule.epochs * math.ceil(len(ids) / schedule.batch)
    optimiser, rate = _optimiser(torch, network.model, schedule, steps)
    weights = torch.tensor(class_weights(truth), dtype=torch.float32)
    shuffler = random.Random(schedule.seed)  # noqa: S311 - an order, no secret
    losses: list[float] = []
    scores: list[float] = []
    best: dict[str, Any] = {}
    for epoch in range(schedule.epochs):
        progress(0.95 * epoch / schedule.epochs, f"epoch {epoch + 1} of at most {schedule.epochs}")
        batches = _shuffled([len(one) for one in ids], schedule.batch, shuffler)
        losses.append(_epoch(torch, network, [(batch, ids, truth) for batch in batches], weights, optimiser, rate))
        scores.append(macro_f1(places_of(choosing.labels), _said(network, choosing.texts)))
        if scores[-1] >= max(scores):
            best = {name: value.detach().clone() for name, value in network.model.state_dict().items()}
        if not math.isfinite(losses[-1]):
            raise InputError("Training diverged.", "Try a smaller --learning-rate.")
        if epoch - _last_best(scores) >= schedule.patience:
            break
    return Trained(losses, scores, _last_best(scores) + 1), best


def _last_best(scores: Sequence[float]) -> int:
    return max(range(len(scores)), key=lambda epoch: (scores[epoch], epoch))


def _optimiser(torch: Any, model: Any, schedule: Schedule, steps: int) -> tuple[Any, Any]:
    """AdamW, a fresh head faster than the rest, and its rate: up for a tenth of the steps, then down to nothing."""
    head = [value for name, value in model.named_parameters() if name.startswith("classifier")]
    ours = {id(value) for value in head}
    body = [value for value in model.parameters() if id(value) not in ours]
    groups = [
        {"params": body, "lr": schedule.learning_rate},
        {"params": head, "lr": schedule.learning_rate * _FRESH_FASTER},
    ]
    optimiser = torch.optim.AdamW([group for group in groups if group["params"]], weight_decay=_DECAY)
    warm = max(1, round(_WARM_UP * steps))

    def factor(step: int) -> float:
        return min((step + 1) / warm, max(0.0, (steps - step) / max(1, steps - warm)))

    return optimiser, torch.optim.lr_scheduler.LambdaLR(optimiser, factor)


def _shuffled(lengths: Sequence[int], batch: int, shuffler: random.Random) -> list[list[int]]:
    """Batches of random texts; those of long texts are cut, so that memory is bounded."""
    order = list(range(len(lengths)))
    shuffler.shuffle(order)
    whole = [order[start : start + batch] for start in range(0, len(order), batch)]
    return [
        [some[place] for place in part]
        for some in whole
        for part in batches_by_length([lengths[index] for index in some], _TOKENS_A_BATCH)
    ]


def _epoch(
    torch: Any,
    network: Network,
    batches: Sequence[tuple[list[int], list[list[int]], NDArray[np.int64]]],
    weights: Any,
    optimiser: Any,
    rate: Any,
) -> float:
    """One time through the texts; gives the mean loss."""
    network.model.train()
    total, texts = 0.0, 0
    for batch, ids, truth in batches:
        optimiser.zero_grad()
        logits = network.model(**network.padded([ids[index] for index in batch])).logits
        loss = torch.nn.functional.cross_entropy(logits, torch.as_tensor(truth[batch]), weight=weights)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.model.parameters(), _MOST_GRADIENT)
        optimiser.step()
        rate.step()
        total, texts = total + float(loss.detach()) * len(batch), texts + len(batch)
    network.model.eval()
    return total / max(texts, 1)


def _said(network: Network, texts: Sequence[str]) -> NDArray[np.int64]:
    said = np.zeros(len(texts), dtype=np.int64)
    for places, output, _ in network.forward(texts):
        said[places] = output.logits.argmax(dim=-1).numpy()
    return said
