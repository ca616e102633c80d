"""The models that there are, and what the shipped benchmarks measured of each (`shipped.toml`)."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from importlib.resources import files
from typing import Any, Literal

from marketmover.campaigns.trust.forms import ModelId, ModelProof, ProofFigure

Learns = Literal["history", "labels", "nothing"]


@dataclass(frozen=True)
class ShippedModel:
    """A model as it is shipped.

    Attributes:
        id, name: What it is called.
        what: What it is.
        decides: What follows from it.
        learns: From what it learns here.
        document: Where its figures stand.
        repeat: The command that measures them again.
        proof: What its benchmark measured.
        rows: What stands beside each figure there, in their order.
    """

    id: ModelId
    name: str
    what: str
    decides: str
    learns: Learns
    document: str
    repeat: str
    proof: ModelProof
    rows: tuple[str, ...]


@lru_cache(maxsize=1)
def shipped_models() -> tuple[ShippedModel, ...]:
    """All models, in the order in which they are shown."""
    text = files("marketmover.campaigns.trust").joinpath("shipped.toml").read_text(encoding="utf-8")
    return tuple(_model(told) for told in tomllib.loads(text)["model"])


def _model(told: dict[str, Any]) -> ShippedModel:
    figures = [
        ProofFigure(name=one["name"], measured=one["measured"], due=one.get("due", "")) for one in told["figures"]
    ]
    return ShippedModel(
        **{name: told[name] for name in ("id", "name", "what", "decides", "learns", "document", "repeat")},
        proof=ModelProof(
            where="shipped",
            headline=told["headline"],
            figures=figures,
            source=told["benchmark"],
            document=told["document"],
            repeat=told["repeat"],
        ),
        rows=tuple(one["row"] for one in told["figures"]),
    )


@lru_cache(maxsize=8)
def fingerprint(package: str, *names: str) -> str:
    """A hash of files of a package, the same on every machine."""
    found = blake2b(digest_size=8)
    for name in names:
        found.update(files(package).joinpath(name).read_bytes())
    return found.hexdigest()
