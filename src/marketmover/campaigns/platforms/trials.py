"""How a setting on trial is set up on its platform: by hand, since neither platform can be told by a plain request."""

from marketmover.campaigns.platforms.changed import texts_of
from marketmover.plans import Creative, Plan, PlanLine, Platform, Trial

# Google Ads API guide, Experiments: a custom experiment is for these channels alone.
_EXPERIMENTS = {
    "SEARCH": "a custom experiment (Campaigns, Experiments)",
    "DISPLAY": "a custom experiment (Campaigns, Experiments)",
    "VIDEO": "a video experiment (Campaigns, Experiments)",
    "DEMAND_GEN": "an A/B experiment of Demand Gen (Campaigns, Experiments)",
}


def trial_notes(plan: Plan, platform: Platform) -> list[str]:
    """One sentence or two for each trial of a plan on a platform: what to set up, with how much, and until when.

    No operation is sent for a trial: Google's experiments are made in several requests with waiting in between, and a
    Meta test needs copies of ad sets and an ad study that keeps people apart.

    Args:
        plan: The plan, whose `exploration` holds the trials.
        platform: Trials of lines on another one are passed over.
    """
    lines = {line.id: line for line in plan.lines if line.platform == platform}
    trials = plan.exploration.trials if plan.exploration else []
    return [_note(trial, lines[trial.line_id], plan) for trial in trials if trial.line_id in lines]


def _note(trial: Trial, line: PlanLine, plan: Plan) -> str:
    what = f"“{trial.after}” instead of “{trial.before}”"
    dates = f"from {plan.start_date} to {trial.known_on}"
    how = _on_google(trial, line, plan) if line.platform == "google_ads" else _on_meta(trial, line, plan)
    texts = texts_of(Creative.model_validate(trial.setting["creative"])) if trial.setting.get("creative") else ""
    return f"{line.id}, on trial {dates}: {what}{f' ({texts})' if texts else ''}. Nothing is sent for it: {how}"


def _on_google(trial: Trial, line: PlanLine, plan: Plan) -> str:
    share = f"{trial.share:.0%} of its traffic"
    if line.ad_type not in _EXPERIMENTS:
        return (
            f"Google has no experiment of it for {line.ad_type}. Set it for whole weeks in turn, drawn by lot, so that "
            f"about {trial.share:.0%} of the days have it, or leave it."
        )
    if trial.parameter == "message" and line.ad_type == "SEARCH":
        return f"make an ad variation (Campaigns, Experiments) of this campaign's ads with the new texts on {share}."
    return (
        f"make {_EXPERIMENTS[line.ad_type]} of this campaign with {share}, about {_money(trial, plan)}, and change "
        "this one setting in the trial arm; the campaign's budget must not be shared with others."
    )


def _on_meta(trial: Trial, line: PlanLine, plan: Plan) -> str:
    part = "ad set" if line.ad_group_id else "campaign"
    extra = (
        " A second ad in the same ad set tells less: Meta soon shows the one that it favours."
        if trial.parameter in ("message", "ad_type")
        else ""
    )
    return (
        f"make an A/B test (Ads Manager, Experiments) of the {part} and a copy of it with this one setting changed: "
        f"{trial.share:.0%} of the budget for the copy, about {_money(trial, plan)}, and that much less for the old "
        f"one, so that nobody sees both.{extra}"
    )


def _money(trial: Trial, plan: Plan) -> str:
    return f"{trial.budget:,.2f} {plan.currency} over the plan's dates"
