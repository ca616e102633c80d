"""Forms in which the API speaks of models: what is in use, its proof, and how far its figures hold."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from marketmover.campaigns.kept.forms import Asked
from marketmover.plans import Range

ModelId = Literal["response", "settings", "tuning", "alerts", "briefs", "likeness", "sentiment", "tests"]
Where = Literal["here", "shipped"]
Standing = Literal["as stated", "too narrow", "too wide", "too sure", "too careful", "not enough data"]


class LearnedFrom(BaseModel):
    """What a model learned from: the workspace's own history or labels, or what it was shipped with."""

    where: Where
    words: str
    first_date: date | None = None
    last_date: date | None = None
    days: int | None = None
    rows: int | None = Field(default=None, description="Daily rows of the history, or labelled texts.")
    lines: int | None = None


class ProofFigure(BaseModel):
    """A measured figure beside what was due, where a limit was set beforehand."""

    name: str
    measured: str
    due: str = ""


class ModelProof(BaseModel):
    """What speaks for a model: `here`, measured on the workspace's own past, or `shipped`, on a benchmark."""

    where: Where
    headline: str
    sentences: list[str] = []
    figures: list[ProofFigure] = []
    source: str
    document: str | None = Field(default=None, description="Where a benchmark's figures stand in the documentation.")
    repeat: str | None = Field(default=None, description="The command that measures a benchmark's figures again.")
    at: datetime | None = None
    backtest_id: str | None = None
    comparison_id: str | None = None


class CalibrationPoint(BaseModel):
    """How often something was stated to happen, and how often it did.

    `low` and `high` are the 95% range of what would be observed in the long run: by chance, and since what belongs to
    one stretch goes together.
    """

    stated: float
    observed: float
    low: float
    high: float
    n: int
    held: float = Field(description="How many of the n held; not whole where an outcome is itself an estimate.")


class Calibration(BaseModel):
    """Whether what a model states comes as often as it says.

    `ranges`: how often ranges held what came. `chances`: how often what was said to be better was better.
    """

    id: str
    kind: Literal["ranges", "chances"]
    about: str
    standing: Standing
    words: str
    points: list[CalibrationPoint]
    stretches: int
    at: datetime | None = None
    backtest_id: str | None = None
    comparison_id: str | None = None


class PastProof(BaseModel):
    """A backtest or a comparison of models in this workspace; `gain` and `held` are those of a backtest."""

    id: str
    kind: Literal["backtest", "comparison"]
    at: datetime
    headline: str
    weeks: int
    metric: str | None = None
    stretches: int = 0
    better: int | None = None
    gain: Range | None = None
    held: int | None = Field(default=None, description="80% ranges of lines that held what came, of `ranges`.")
    ranges: int | None = None


class ModelVersion(BaseModel):
    """A version that can be put in use; number 0 is the one that the installation was set up with."""

    number: int
    words: str
    in_use: bool
    made_at: datetime | None = None
    texts: int | None = None
    held_out: int | None = None
    macro_f1: float | None = None
    macro_f1_before: float | None = None
    probability_better: float | None = None


class ModelSummary(BaseModel):
    """A model that decides something here.

    Attributes:
        since: Since when this one is in use; the workspace's beginning where it was never changed.
        fitted_at: When it last learned, where it learns here.
        fingerprint: Of what it learned from, or of its shipped files: the same where that is the same.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "response", "name": "Response curves",
                    "what": "What each line brings for its money, with seasons and carry-over.",
                    "decides": "How a plan splits its budget, and the ranges of what it is to bring.",
                    "learns_from": {"where": "here", "words": "730 days of 16 lines", "days": 730, "rows": 58222},
                    "since": "2027-01-02T09:00:00Z", "fitted_at": "2027-02-01T08:00:00Z",
                    "version": "marketmover 1.0", "fingerprint": "5c1f0e3a9b7d2468", "source": "Part of marketmover.",
                    "chosen": "The structural model stays: no other model clearly adds to it.",
                    "proof": {
                        "where": "here", "source": "Backtest of eight four-week stretches",
                        "headline": "In 7 of 8 past four-week stretches this advice would have brought more leads.",
                    },
                    "calibration": "83% of 112 ranges that were to hold 80% of the time held what came.",
                    "can_change": False,
                }
            ]
        }
    )  # fmt: skip

    id: ModelId
    name: str
    what: str
    decides: str
    learns_from: LearnedFrom
    since: datetime | None
    fitted_at: datetime | None
    version: str
    fingerprint: str | None
    source: str
    chosen: str
    proof: ModelProof
    calibration: str
    can_change: bool


class ModelAnswer(ModelSummary):
    """A model with all its proof: `proofs` the newest here first, then what was shipped."""

    proofs: list[ModelProof]
    calibrations: list[Calibration]
    through_time: list[PastProof]
    versions: list[ModelVersion]


class ModelList(BaseModel):
    """The models that decide something in the workspace."""

    items: list[ModelSummary]


class UseAsked(Asked):
    """A version is to be put in use."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"version": 0}]})

    version: int = Field(ge=0, description="Its number among `versions`; 0 is what the installation was set up with.")
