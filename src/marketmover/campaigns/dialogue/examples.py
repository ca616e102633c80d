"""What an answer to each field of a brief may look like."""

import json
from collections.abc import Mapping
from typing import Any

from marketmover.plans import Brief

EXAMPLES: Mapping[str, Any] = {
    "objective": "leads",
    "outcome": "qualified_leads",
    "product": "yoga classes",
    "industry": "fitness",
    "budget": "20k euros in total",
    "budget.currency": "EUR",
    "budget.period": "month",
    "start_date": "2027-03-01",
    "end_date": "2027-03-28",
    "duration_days": 28,
    "targets": "at most $45 per lead",
    "platforms.include": ["google_ads"],
    "platforms.exclude": ["meta_ads"],
    "audience.countries": ["DE", "AT"],
    "audience.places": ["Berlin"],
    "audience.age_min": 25,
    "audience.age_max": 54,
    "audience.genders": ["FEMALE"],
    "audience.interests": ["yoga"],
    "tone": ["friendly"],
    "constraints": "never show prices",
    "concerns": ["too many poor leads"],
    "sentiment": {"label": "negative", "score": -0.5},
}
"""By field, an answer that is understood: words as a client gives them, or a value as the brief holds it."""


def example_of(field: str, brief: Brief) -> str:
    """How a field of a brief may be answered, as a sentence."""
    if field.startswith("budget.") and brief.budget is None:
        return f"The brief has no budget yet: give that first. {example_of('budget', brief)}"
    return f"For example: {json.dumps(EXAMPLES[field])}." if field in EXAMPLES else "Answer in plain words."
