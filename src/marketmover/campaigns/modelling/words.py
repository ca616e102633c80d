"""What a comparison found, in words."""

from marketmover.campaigns.modelling.report import CheckedModel, Comparison, OutcomeTable
from marketmover.kit import counted


def answer(found: Comparison) -> tuple[str, ...]:
    """The answer: a headline, then a sentence each."""
    if not found.outcomes:
        return ("Not enough data to compare models.", *found.notes[:1])
    earned = [table for table in found.outcomes if table.verdict == "earns its place"]
    if earned:
        named = " and ".join(outcome(table.outcome) for table in earned)
        headline = f"Other models, stacked on the structural one, earn their place for {named}."
    else:
        headline = "The structural model stays: no other model clearly adds to it."
    return (headline, *(sentence(table) for table in found.outcomes))


def outcome(name: str) -> str:
    """An outcome as people say it."""
    return name.replace("_", " ")


def sentence(table: OutcomeTable) -> str:
    """What one outcome's table says."""
    own, together = table.structural, table.together
    assert together.saves is not None  # noqa: S101 - what is stacked has it
    assert together.adds is not None  # noqa: S101 - likewise
    alone = (
        f"{outcome(table.outcome).capitalize()}: a line's {outcome(table.outcome)} in the "
        f"{counted(table.folds, 'judged stretch', 'judged stretches')} were foretold to within {_share(own.error)} by "
        f"the structural model alone and {_share(together.stacked_error)} with all models stacked on it"
    )
    saves = together.saves
    saved = f"{_change(saves.mid)} of the error saved ({_change(saves.low)} to {_change(saves.high)})"
    if table.verdict == "earns its place":
        return f"{alone}: {saved}, and likelier forecasts beyond doubt. The winner, all together, earns its place."
    why = "which chance can explain, or too little to matter" if saves.mid > 0 else "so nothing is gained"
    return f"{alone}: {saved}, {why}. The structural model stays."


def check_sentence(found: CheckedModel) -> str:
    """What a check of a registered model found."""
    name = outcome(found.outcome).capitalize()
    if found.check is None or found.check.standing == "too early":
        soon = f" A {found.weeks}-week stretch will be known in full on {found.ready_on}." if found.ready_on else ""
        return f"{name}: too early to say; too little is known of the time after {found.since}.{soon}"
    check = found.check
    held = f"{check.cover:.0%} of its ranges held, {check.usual_cover:.0%} in cross-validation"
    fresh = counted(check.folds, "fresh stretch", "fresh stretches")
    missed = f"Over {fresh} it missed by {_share(check.error)}, in cross-validation by {_share(check.usual)}; {held}."
    if check.standing == "has fallen":
        return (
            f"{name}: version {found.version} no longer holds. {missed} Chance hardly explains that "
            f"({check.probability:.0%} sure). Compare models anew: marketmover models compare"
        )
    return f"{name}: version {found.version} holds. {missed}"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"


def _change(value: float) -> str:
    return f"{'+' if value > 0 else '' if value == 0 else '−'}{abs(value):.1%}"
