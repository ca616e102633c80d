"""Plans as a composer could make them: ordinary, tiny, huge, hostile, bare."""

from collections.abc import Sequence
from datetime import date

from marketmover.kit import apportion, from_cents
from marketmover.plans import (
    Audience,
    Baseline,
    BaselineLine,
    Bidding,
    Brief,
    BriefBudget,
    Certainty,
    Creative,
    CurvePoint,
    Exploration,
    HistoryNote,
    LineAudience,
    LineEvidence,
    Plan,
    PlanLine,
    Platform,
    Range,
    SettingChange,
    SettingsNote,
    SettlingTest,
    Trial,
)

BRIEF_TEXT = """Hi Sam,

we can spend up to $30k in total from Monday 5 January 2026 for four weeks. Please bring us qualified leads for our
physiotherapy sessions, at most $150 each. We want women and men, 25-54, in Austin. Last quarter's leads were poor.
No video, please.
"""
NASTY = '<script>alert("x")</script><img src=x onerror=alert(1)> & \u202eRTL \x07 {{ 7*7 }} ' + "W" * 160
ARABIC = "حملة العلاج الطبيعي 🏃‍♀️"
_NAMES = [
    ("google_ads", "SEARCH", "Search: physiotherapy near me"),
    ("google_ads", "SEARCH", "Search: brand"),
    ("google_ads", "PERFORMANCE_MAX", "Performance Max: clinic bookings"),
    ("google_ads", "SEARCH", "Search: back pain"),
    ("google_ads", "DISPLAY", "Display: remarketing 30 days"),
    ("google_ads", "SEARCH", "Search: sports injury"),
    ("meta_ads", "LEAD_FORM", "Lead form: runners"),
    ("meta_ads", "CAROUSEL", "Carousel: treatments"),
    ("meta_ads", "IMAGE", "Image: first session offer"),
    ("meta_ads", "STORIES", "Stories: yoga"),
    ("meta_ads", "REELS", "Reels: desk workers"),
    ("meta_ads", "IMAGE", "Image: lookalike of patients"),
]
_TODAY = [5200, 4100, 3600, 2100, 2600, 900, 3900, 2400, 1700, 1500, 1200, 800]
_ADVISED = [7350, 2600, 4400, 3150, 1100, 1500, 5200, 1300, 1700, 900, 0, 800]
_REASONS = [
    [
        "The next $1,000 here brings about 7 more qualified leads; on the average line it brings 4.",
        "Its leads are worth pursuing more often than most: 41% against 33%.",
    ],
    ["Almost everyone who looks for the brand is reached already: it lost only 2% of views to its budget."],
    ["It still grows almost in step with its budget."],
    ["Half of its views are lost to its budget."],
    ["Most of these people would have come anyway, and the tenth view brings little."],
    ["Small so far; it earns a modest test."],
]


def span(mid: float, width: float = 0.15) -> Range:
    """A range around `mid`."""
    return Range(low=mid * (1 - width), mid=mid, high=mid * (1 + width))


def line(
    index: int, platform: Platform, ad_type: str, name: str, budget: float, *, campaign: str | None = None
) -> PlanLine:
    """A line with history, a curve and reasons."""
    leads = 0.9 * budget**0.72
    campaign_id = campaign or str(100 + index)
    strategy = "TARGET_CPA" if platform == "google_ads" else "LOWEST_COST_WITHOUT_CAP"
    top = max(budget, 500.0) * 2
    curve = [
        CurvePoint(budget=x, low=0.9 * x**0.72 * 0.8, mid=0.9 * x**0.72, high=0.9 * x**0.72 * 1.2)
        for x in (top * step / 20 for step in range(21))
    ]
    return PlanLine(
        id=f"{platform}:{campaign_id}:{index}",
        platform=platform,
        campaign_id=campaign_id,
        ad_group_id=str(index),
        name=name,
        ad_type=ad_type,
        bidding=Bidding(strategy=strategy, target=38.0 if platform == "google_ads" else None),
        audience=LineAudience(countries=["US"], places=["Austin"], age_min=25, age_max=54),
        creative=Creative(headline="Walk again without pain"),
        budget=budget,
        daily_budget=round(budget / 28, 2),
        expected={"leads": span(leads), "qualified_leads": span(leads * 0.36)} if budget else {},
        reasons=_REASONS[index % len(_REASONS)],
        evidence=LineEvidence(days=412, spend=96000.0, campaign_ids=[campaign_id]),
        curve=curve,
    )


def plan(lines: Sequence[PlanLine], today: Sequence[float], **changes: object) -> Plan:
    """A plan of these lines beside today's split."""
    total = round(sum(item.budget for item in lines), 2)
    values: dict[str, object] = {
        "simulated": True,
        "brief": Brief(
            objective="leads",
            outcome="qualified_leads",
            budget=BriefBudget(amount=30000, currency="USD"),
            audience=Audience(places=["Austin"], age_min=25, age_max=54),
            product="physiotherapy sessions",
            concerns=["last quarter's leads were poor"],
            evidence={
                "budget": "up to $30k in total",
                "start_date": "5 January 2026",
                "duration_days": "four weeks",
                "outcome": "qualified leads",
                "audience.age_min": "25-54",
                "audience.age_max": "25-54",
                "audience.places": "Austin",
                "constraints": "No video",
            },
        ),
        "objective": "qualified_leads",
        "currency": "USD",
        "start_date": date(2026, 1, 5),
        "end_date": date(2026, 2, 1),
        "total_budget": total,
        "lines": list(lines),
        "expected": {
            "qualified_leads": Range(low=198, mid=224, high=251),
            "leads": Range(low=540, mid=612, high=690),
            "cost_per_qualified_lead": Range(low=119.5, mid=133.9, high=151.5),
            "cost_per_lead": Range(low=43.5, mid=49.0, high=55.6),
        },
        "baseline": Baseline(
            description="the last 28 days' split, scaled to the same budget",
            expected={
                "qualified_leads": Range(low=158, mid=181, high=204),
                "leads": Range(low=438, mid=500, high=561),
                "cost_per_qualified_lead": Range(low=147.1, mid=165.7, high=189.9),
                "cost_per_lead": Range(low=53.5, mid=60.0, high=68.5),
            },
            lines=[BaselineLine(id=item.id, budget=budget) for item, budget in zip(lines, today, strict=True)],
        ),
        "probability_better_than_baseline": 0.93,
        "assumptions": [
            "The brief names no country; Austin is taken to be the one in the United States.",
            "A lead counts as qualified when the clinic's records say so within 30 days.",
        ],
        "warnings": ["Search: physiotherapy near me would spend 41% more than in any month before: raise it in steps."],
        "risks": [
            "A rival may bid on the same searches in January, as in both years before: clicks cost about 12% more.",
            "Lead forms bring many leads quickly, and the clinic must call them within a day.",
            "Tracking broke twice last year; results then look worse than they are.",
        ],
        "stop_first": [
            "Display: remarketing 30 days, if a lead costs more than $95 after two weeks.",
            "Stories: yoga, if it brings no qualified lead in ten days.",
        ],
        "would_change_it": [
            "If the clinic can take on 20 more patients a week, the best budget is nearer $38,000.",
            "If fewer than 30% of leads from lead forms qualify, $2,100 goes back to search.",
        ],
        "history": HistoryNote(
            first_date=date(2024, 1, 1),
            last_date=date(2025, 12, 31),
            rows=11680,
            lines=12,
            quarantined=13,
            quarantine_reasons={"negative_cost": 1, "duplicate": 4, "conflict": 2, "impossible_clicks": 6},
            flagged=2,
        ),
    }
    return Plan.model_validate(values | changes)


def ordinary() -> Plan:
    """Twelve lines on two platforms."""
    lines = [
        line(index, platform, kind, name, float(budget))  # pyright: ignore[reportArgumentType] - a tuple of literals
        for index, ((platform, kind, name), budget) in enumerate(zip(_NAMES, _ADVISED, strict=True))
    ]
    return plan(lines, [float(value) for value in _TODAY])


def change(parameter: str, before: str, after: str, mid: float, probability: float) -> SettingChange:
    """A changed setting with a range around its gain."""
    return SettingChange.model_validate(
        {
            "parameter": parameter,
            "before": before,
            "after": after,
            "gain": {"low": mid - 0.08, "mid": mid, "high": mid + 0.12},
            "probability": probability,
            "words": f"From {before} to {after}: a sentence of its own.",
        }
    )


def with_settings() -> Plan:
    """Six changed settings on five lines, one on trial, and both kinds of tests."""
    base = ordinary()
    changes = {
        0: [change("message", "Fair prices", "Ready this week", 0.2, 0.95)],
        1: [change("audience", "people of all ages", "people aged 35 to 54 (48% of today's audience)", 0.1, 0.9)],
        2: [change("bidding", "aims at $38 per conversion", "as many conversions as it can", 0.06, 0.88)],
        6: [change("message", "today's ads", "Ready this week", 0.15, 0.999)],
        7: [
            change("message", "Fair prices", "Trusted since 1998", 0.3, 0.91),
            change("audience", "women and men", "women only (60% of today's audience)", 0.05, 0.86),
        ],
    }
    lines = [
        item.model_copy(
            update={
                "changes": changes.get(at, []),
                "reasons": item.reasons + [one.words for one in changes.get(at, [])],
            }
        )
        for at, item in enumerate(base.lines)
    ]
    tried = base.lines[3]
    trial = Trial(
        line_id=tried.id,
        parameter="message",
        before="Ready this week",
        after="Fair prices",
        share=0.3,
        budget=945.0,
        expected=Range(low=-0.2, mid=0.03, high=0.3),
        known_on=date(2026, 2, 1),
        known_to=0.12,
        settles=0.6,
        value=14.2,
        words="Show the ad “Fair prices” rather than “Ready this week”, on 30% of the line's money ($945).",
    )
    note = SettingsNote(
        metric="qualified_leads",
        gain=Range(low=0.01, mid=0.05, high=0.1),
        probability=0.93,
        words="The plan changes 6 settings on 5 lines.",
        unsupported=["Bidding: all lines on a platform bid the same way."],
    )
    tests = [settling(base.lines[0].id, planned=True), settling(base.lines[4].id, planned=False)]
    return base.model_copy(
        update={
            "lines": lines,
            "settings": note,
            "exploration": Exploration(budget=945.0, share=0.0315, words="$945 tries another setting.", trials=[trial]),
            "certainty": Certainty(verdict="clear", words="The data are clear.", tests=tests),
        }
    )


def settling(line_id: str, *, planned: bool) -> SettlingTest:
    """A test that would settle what more money does on a line."""
    return SettlingTest(
        line_id=line_id,
        planned=planned,
        daily_budget=100.0,
        change=0.4,
        weeks=4,
        metric="qualified_leads",
        now=(80.0, 240.0),
        then=(100.0, 180.0),
        extra_spend=0.0 if planned else 1120.0,
        words=f"{'The plan itself is the test' if planned else 'Raise the line'} for 4 weeks.",
    )


def first_campaign() -> Plan:
    """One new line, no history at all, and nobody can say how likely it is to do better."""
    new = line(1, "meta_ads", "IMAGE", "", 2000.0).model_copy(
        update={
            "id": "meta_ads:new:1",
            "is_new": True,
            "on_trial": True,
            "campaign_id": None,
            "ad_group_id": None,
            "evidence": LineEvidence(),
            "reasons": ["There is nothing to go by yet: this line is there to learn from."],
            "creative": None,
        }
    )
    return plan(
        [new],
        [2000.0],
        simulated=False,
        currency="GBP",
        brief=Brief(budget=BriefBudget(amount=2000, currency="GBP")),
        objective="leads",
        expected={"leads": Range(low=6, mid=31, high=92), "cost_per_lead": Range(low=21.7, mid=64.5, high=333.0)},
        baseline=Baseline(
            description="an even split over the same lines, since none of them runs today",
            expected={},
            lines=[BaselineLine(id=new.id, budget=2000.0)],
        ),
        probability_better_than_baseline=None,
        risks=[],
        stop_first=[],
        would_change_it=["The first ten days of results: plan again then."],
        warnings=["There is no history to learn from; ranges are as wide as beginners' results usually spread."],
        history=HistoryNote(
            first_date=None, last_date=None, rows=0, lines=0, quarantined=0, quarantine_reasons={}, flagged=0
        ),
    )


def huge(count: int = 200) -> Plan:
    """Two hundred lines in some forty campaigns."""
    cents = apportion(50_000_000, [1 / (1 + index) for index in range(count)])
    before = apportion(50_000_000, [1 / (1 + (index * 7) % count) for index in range(count)])
    lines: list[PlanLine] = []
    for index, budget in enumerate(cents):
        platform: Platform = "google_ads" if index % 3 == 0 else "meta_ads"
        city = ("Austin", "Dallas", "Houston", "El Paso", "Waco")[index % 5]
        campaign = None if platform == "google_ads" else f"9{index % 40:02d}"
        name = (
            f"{city} search {index}" if platform == "google_ads" else f"Spring sale {index % 40:02d} - Ad set {index}"
        )
        lines.append(
            line(
                index, platform, "SEARCH" if campaign is None else "IMAGE", name, from_cents(budget), campaign=campaign
            )
        )
    return plan(lines, [from_cents(value) for value in before])


def hostile() -> Plan:
    """Every text from outside is an attack, and names are long, in emoji and from right to left."""
    base = ordinary()
    lines = [
        item.model_copy(update={"name": (NASTY, ARABIC, "\U0001f3c3" * 40, "x" * 300)[index % 4], "reasons": [NASTY]})
        for index, item in enumerate(base.lines)
    ]
    brief = base.brief.model_copy(
        update={
            "product": NASTY,
            "evidence": {"budget": NASTY, "audience.places": ARABIC, "weird[0].field": "x"},
            "audience": Audience(places=[NASTY], countries=["ZZ"], interests=[NASTY] * 9),
            "warnings": [NASTY],
        }
    )
    return base.model_copy(
        update={
            "lines": lines,
            "brief": brief,
            "warnings": [NASTY] * 7,
            "assumptions": [NASTY],
            "risks": [NASTY] * 5,
            "stop_first": [NASTY],
            "would_change_it": [NASTY],
            "history": base.history.model_copy(update={"quarantine_reasons": {NASTY: 3}}),
        }
    )


def bare() -> Plan:
    """No figure can be given, some budgets are nought, nothing is said of risks."""
    lines = [
        line(index, "google_ads", "NEW_THING", f"Line {index}", budget).model_copy(
            update={"expected": {}, "curve": [], "reasons": []}
        )
        for index, budget in enumerate((0.0, 100.0, 0.0))
    ]
    return plan(
        lines,
        [0.0, 0.0, 0.0],
        expected={},
        baseline=Baseline(description="an even split", expected={}, lines=[]),
        probability_better_than_baseline=None,
        brief=Brief(),
        assumptions=[],
        warnings=[],
        risks=[],
        stop_first=[],
        would_change_it=[],
    )


ALL = {
    "ordinary": ordinary,
    "with_settings": with_settings,
    "first_campaign": first_campaign,
    "huge": huge,
    "hostile": hostile,
    "bare": bare,
}
