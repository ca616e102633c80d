"""A small neural network on the Poisson likelihood (scikit-learn's multi-layer perceptron), the mean of some seeds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from marketmover.learning.examples import Examples
from marketmover.learning.learner import Dial, Settings, information
from marketmover.learning.models.scaling import Scaling

Floats = NDArray[np.float64]
_NETWORKS = 2
_BATCH = 64
_LEAST_STEPS = 300  # fewer leave a network where it started


@dataclass(frozen=True)
class _Layers:
    """Networks over scaled features, each a list of weights and constants by layer; their log ratios are averaged."""

    scaling: Scaling
    networks: tuple[tuple[tuple[Floats, Floats], ...], ...]

    def log_ratio(self, features: Floats) -> Floats:
        """Log of what to multiply the offset by, shape (rows,)."""
        scaled = self.scaling.apply(features)
        return np.mean([_forward(scaled, layers) for layers in self.networks], axis=0)

    def to_json(self) -> dict[str, Any]:
        """As JSON holds it."""
        networks = [[[weights.tolist(), bias.tolist()] for weights, bias in layers] for layers in self.networks]
        return {"scaling": self.scaling.to_json(), "networks": networks}


def _forward(scaled: Floats, layers: Sequence[tuple[Floats, Floats]]) -> Floats:
    values = scaled
    for weights, bias in layers[:-1]:
        values = np.maximum(values @ weights + bias, 0.0)
    weights, bias = layers[-1]
    return (values @ weights + bias)[:, 0]


@dataclass(frozen=True)
class Network:
    """A neural network with one hidden layer."""

    name: ClassVar[str] = "network"
    label: ClassVar[str] = "Neural network"
    dials: ClassVar[tuple[Dial, ...]] = (
        Dial("epochs", 5, 60, 20, whole=True),
        Dial("learning_rate", 5e-4, 1e-2, 3e-3, log=True),
        Dial("units", 4, 24, 12, whole=True),
        Dial("penalty", 1e-2, 30.0, 1.0, log=True),
    )

    def fit(self, examples: Examples, expected: Floats, settings: Settings, seed: int) -> _Layers:
        """Train for a fixed number of passes, more where rows are few; each network draws from a seed of its own."""
        scaling = Scaling.of(examples.features)
        scaled, rate = scaling.apply(examples.features), examples.target / expected
        weight = information(expected)
        share = weight / weight.mean()
        return _Layers(
            scaling,
            tuple(_trained(scaled, rate, share, settings, seed + place) for place in range(_NETWORKS)),
        )

    def from_json(self, found: dict[str, Any]) -> _Layers:
        """Back from `to_json`."""
        networks = tuple(
            tuple((np.array(weights), np.array(bias)) for weights, bias in layers) for layers in found["networks"]
        )
        return _Layers(Scaling.from_json(found["scaling"]), networks)


def _trained(
    scaled: Floats, rate: Floats, share: Floats, settings: Settings, seed: int
) -> tuple[tuple[Floats, Floats], ...]:
    from sklearn.neural_network import MLPRegressor

    network = MLPRegressor(
        hidden_layer_sizes=(int(settings["units"]),),
        loss="poisson",
        alpha=settings["penalty"],
        learning_rate_init=settings["learning_rate"],
        batch_size=min(_BATCH, len(rate)),  # pyright: ignore[reportArgumentType]  # a number is right beside "auto"
        random_state=seed % 2**32,
    )
    batches = -(-len(rate) // min(_BATCH, len(rate)))
    for _ in range(max(int(settings["epochs"]), -(-_LEAST_STEPS // batches))):
        network.partial_fit(scaled, rate, sample_weight=share)
    return tuple(zip(network.coefs_, network.intercepts_, strict=True))
