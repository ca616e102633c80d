"""PyMC-Marketing's media mix model on one file, run inside an environment of its own by `benchmarks.media_mix`.

Its documented workflow (the example of its README): geometric carry-over over 8 weeks, logistic saturation, two yearly
harmonics, controls and a linear trend as one of them, default priors and scaling, `fit(X, y)`. With `--sampler nutpie`
the same model is drawn by nutpie, the fastest sampler on a CPU that its documentation names.
"""

# pyright: reportMissingImports=false
# The peer's packages live in its own environment, not in ours.

import argparse
import json
import os
import time
from pathlib import Path
from typing import Any


def main() -> None:
    """Fit, and write contributions by channel and period, with the times it took, as JSON."""
    asked = _arguments()
    import pandas as pd

    frame = pd.read_csv(asked.file, parse_dates=[asked.date])
    frame["t"] = range(len(frame))
    channels, controls = asked.spend.split(","), [name for name in asked.controls.split(",") if name]
    begun = time.perf_counter(), _cpu()
    posterior, sampling_s = (_by_nutpie if asked.sampler == "nutpie" else _by_default)(asked, frame, channels, controls)
    ended = time.perf_counter(), _cpu()
    brought = posterior["channel_contribution"].mean(("chain", "draw")) * frame[asked.outcome].to_numpy().max()
    answer = {
        "contributions": {name: brought.sel(channel=name).values.tolist() for name in channels},
        "whole_s": ended[0] - begun[0],
        "whole_cpu_s": ended[1] - begun[1],
        "sampling_s": sampling_s,
        "draws": int(posterior.sizes["chain"] * posterior.sizes["draw"]),
    }
    asked.out.write_text(json.dumps(answer), encoding="utf-8")


def _cpu() -> float:
    """Processor time of this process and of those that it has waited for, which draw the chains."""
    return sum(os.times()[:4])


def _by_default(asked: argparse.Namespace, frame: Any, channels: list[str], controls: list[str]) -> tuple[Any, float]:
    model = _model(asked, channels, controls)
    trace = model.fit(
        frame.drop(columns=[asked.outcome]), frame[asked.outcome], random_seed=asked.seed, progressbar=False
    )
    return trace.posterior, float(trace.posterior.attrs["sampling_time"])


def _by_nutpie(asked: argparse.Namespace, frame: Any, channels: list[str], controls: list[str]) -> tuple[Any, float]:
    import nutpie

    model = _model(asked, channels, controls)
    model.build_model(frame.drop(columns=[asked.outcome]), frame[asked.outcome])
    compiled = nutpie.compile_pymc_model(model.model)
    begun = time.perf_counter()
    trace = nutpie.sample(compiled, chains=2, tune=1000, draws=1000, seed=asked.seed, progress_bar=False)
    return trace.posterior, time.perf_counter() - begun


def _model(asked: argparse.Namespace, channels: list[str], controls: list[str]) -> Any:
    from pymc_marketing.mmm import GeometricAdstock, LogisticSaturation
    from pymc_marketing.mmm.multidimensional import MMM

    return MMM(
        date_column=asked.date,
        target_column=asked.outcome,
        channel_columns=channels,
        control_columns=[*controls, "t"],
        adstock=GeometricAdstock(l_max=8),
        saturation=LogisticSaturation(),
        yearly_seasonality=2,
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    for name in ("date", "outcome", "spend"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--controls", default="")
    parser.add_argument("--sampler", choices=("default", "nutpie"), default="default")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
