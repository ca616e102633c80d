"""The versions of a model that labels taught: which is in use, and putting another in use."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, cast

from marketmover import __version__
from marketmover.campaigns.trust.forms import LearnedFrom, ModelProof, ModelVersion, ProofFigure
from marketmover.errors import ConflictError
from marketmover.kit import utc_now
from marketmover.language.sentiment.tuning.versions import State, Version, read_state

if TYPE_CHECKING:
    from marketmover.campaigns.kept.app import CampaignsApp
    from marketmover.web import Desk

SENTIMENT = "sentiment"


@dataclass(frozen=True)
class Sentiment:
    """The engine that tells how texts sound, as it is in use here."""

    version: str
    chosen: str
    learned: LearnedFrom
    since: datetime | None = None
    made_at: datetime | None = None
    fingerprint: str | None = None
    proof: ModelProof | None = None
    calibration: str = "Not enough data here: nobody has labelled texts of yours for it."
    versions: list[ModelVersion] = field(default_factory=list[ModelVersion])


def sentiment_of(desk: "Desk") -> Sentiment:
    """The engine in use, and the versions that could be."""
    app = cast("CampaignsApp", desk.app)
    setting = app.settings.sentiment_model
    with desk.stores() as stores:
        state = read_state(stores.files)
    present = state.present(setting)
    own = setting if setting not in {"", "default"} else f"marketmover {__version__}"
    since = state.changed_at if state.over == setting else None
    if present is None:
        nothing = LearnedFrom(where="shipped", words="Nothing of yours: it is used as it was shipped.")
        return Sentiment(own, _how_chosen(state), nothing, since, versions=_versions(state, 0, own))
    return Sentiment(
        version=f"Version {present.number}, taught by your labels over {own}",
        chosen=_how_chosen(state),
        learned=LearnedFrom(where="here", words=f"{present.texts} texts that you labelled.", rows=present.texts),
        since=since,
        made_at=present.trained_at,
        fingerprint=present.fingerprint,
        proof=_proof(present),
        calibration=_calibration(present),
        versions=_versions(state, present.number, own),
    )


def use_version(desk: "Desk", number: int) -> None:
    """Put a version of the sentiment engine in use; 0 is the one that the settings name.

    Raises:
        ConflictError: It is in use already, or somebody changed it meanwhile.
        NotFoundError: There is no such version.
        MarketmoverError: Its engine cannot be opened.
    """
    from marketmover.language.sentiment.tuning.service import House, rollback
    from marketmover.learning import Tracker

    app = cast("CampaignsApp", desk.app)
    with desk.stores() as stores:
        before = read_state(stores.files).present(app.settings.sentiment_model)
        was = before.number if before else 0
        if was == number:
            raise ConflictError(f"Version {number} is in use already.", "Choose another one.")
        tracker = Tracker(stores.tracking_url, stores.files, stores.workspace)
        settings = app.settings
        rollback(House(stores.files, tracker, settings.sentiment_model, settings.model_threads, utc_now()), number)
    with desk.session() as session:
        desk.audit(session, "model.used", f"model {SENTIMENT}", before={"version": was}, after={"version": number})


def _how_chosen(state: State) -> str:
    if not state.versions:
        return "As it was shipped: no labels have taught another one."
    return "A version that labels taught is put in use by itself only where it is surely better; people may go back."


def _proof(one: Version) -> ModelProof:
    return ModelProof(
        where="here",
        headline=f"On {one.held_out} of your own texts that it never saw, it agrees with people at {one.macro_f1:.2f} "
        f"of 1, the engine before it at {one.macro_f1_before:.2f}.",
        sentences=[f"It is {min(max(one.probability_better, 0.01), 0.99):.0%} likely that it is the better one."],
        figures=[ProofFigure(name="Macro F1 on texts held back", measured=f"{one.macro_f1:.3f}", due="")],
        source=f"Your own labels: {one.held_out} texts held back",
        at=one.trained_at,
    )


def _calibration(one: Version) -> str:
    if one.calibration_error is None:
        return "How sure it is of its labels was not kept when this version was made."
    return (
        f"How sure it said it was differs from how often it was right by {one.calibration_error:.0%} on average, on "
        f"{one.held_out} of your texts that it never saw."
    )


def _versions(state: State, in_use: int, own: str) -> list[ModelVersion]:
    """The one that the settings name, then those that labels taught, the newest first."""
    first = ModelVersion(number=0, words=own, in_use=in_use == 0)
    return [first, *(_version(one, in_use) for one in reversed(state.versions))]


def _version(one: Version, in_use: int) -> ModelVersion:
    kind = "Our engine, corrected" if one.kind == "light" else "A transformer, fine-tuned"
    return ModelVersion(
        number=one.number,
        words=f"{kind} by {one.texts} labelled texts",
        in_use=one.number == in_use,
        made_at=one.trained_at,
        texts=one.texts,
        held_out=one.held_out,
        macro_f1=one.macro_f1,
        macro_f1_before=one.macro_f1_before,
        probability_better=one.probability_better,
    )
