"""What an outcome costs on each platform, and what was done about the difference, in words."""

import math

from marketmover.budget import Evenness
from marketmover.campaigns.compose.words import listed, money, one_of
from marketmover.plans import PLATFORM_NAMES, PlatformCosts

_EVEN = 0.05


def platform_costs(found: Evenness | None, currency: str) -> PlatformCosts | None:
    """What the plan says of evenness between platforms; `None` where there is nothing to compare."""
    if found is None:
        return None
    return PlatformCosts.model_validate(
        {
            "metric": found.metric,
            "cost": {name: float(f"{cost:.6g}") for name, cost in found.cost.items()},
            "variation": round(found.variation, 4),
            "before": round(found.before, 4),
            "price": round(max(found.price, 0.0), 5) if math.isfinite(found.price) else None,
            "evened": found.evened,
            "words": _words(found, currency),
        }
    )


def _words(found: Evenness, currency: str) -> str:
    one = one_of(found.metric)
    costs = listed([f"{money(cost, currency)} on {PLATFORM_NAMES[name]}" for name, cost in sorted(found.cost.items())])
    now = f"A {one} is expected to cost {costs}"
    if found.evened:
        price = f"{found.price:.1%} of the result" if found.price >= 0.0005 else "next to nothing"
        return f"{now}. Evening that out (the two were {found.before:.0%} apart) costs {price}."
    if found.variation <= _EVEN:
        return f"{now}, which is about the same."
    if not found.established:
        return f"{now}. The data do not tell which of the two is really the dearer one, so nothing was moved for it."
    if not math.isfinite(found.price):
        return f"{now}, {found.variation:.0%} apart. No move of money that the lines can take mends it."
    if found.price == 0:
        return f"{now}, {found.variation:.0%} apart."
    if found.price <= found.allowed:
        return f"{now}, {found.variation:.0%} apart. Evening that out would make the gain over today's split unsure."
    return (
        f"{now}, {found.variation:.0%} apart. Evening that out would cost {found.price:.1%} of the result, more "
        "than is worth giving up for it, so the money stays where it brings the most."
    )
