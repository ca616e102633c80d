"""Figures that the client wants kept: costs, returns, counts. What was reached before is no target."""

import re

from marketmover.campaigns.brief import target_words as shared
from marketmover.campaigns.brief.context import Found, is_denied, is_past
from marketmover.campaigns.brief.costs import cost_target, cost_to_beat
from marketmover.campaigns.brief.document import Document
from marketmover.campaigns.brief.target_signs import (
    Candidate,
    Figures,
    NamedMetrics,
    kind_of,
    metrics_near,
    with_signs,
)
from marketmover.campaigns.brief.vocabulary import phrases
from marketmover.campaigns.brief.weighing import weights
from marketmover.plans import BriefTarget

_SAID = phrases("targets")

_COUNTS: tuple[tuple[str, str], ...] = (
    (
        "qualified_leads",
        (
            rf"^ ?(?:new |more |extra |fully )?{shared.QUALIFIED} (?:new |b2b )?(?:{shared.LEAD}|opportunities)\b"
            r"|^ ?(?:sqls|mqls)\b"
        ),
    ),
    (
        "leads",
        (
            rf"^ ?(?:{_SAID['before leads']} )*(?:(?!in|of|per|for|to|or|and|days|weeks"
            rf"|months|new|more|good|our)[a-z-]{{3,}} )?{shared.LEAD}\b"
        ),
    ),
    ("installs", r"^ ?(?:new |more |app |extra )*(?:installs?|installations?|downloads?)\b"),
    ("clicks", r"^ ?(?:new |more |extra |link |website |site |ad |additional )*(?:clicks?|visits|visitors|sessions)\b"),
    (
        "sales",
        (
            rf"^ ?(?:new |more |extra |online |paying |additional |direct |first |room |table |unit "
            rf"|ticket )*(?:{shared.SALE}|units|pairs|bottles|boxes|seats|places|pieces|copies)\b"
        ),
    ),
)


_CURRENT = re.compile(rf"\b{_SAID['figures of today']}\b[^\n;]{{0,40}}$")


_TIME_OF_DAY = re.compile(r"^ ?:\d\d\b|^ ?(?:am|pm)\b")
_ONLY_SO_MANY = re.compile(r"(?:\(|\b(?:got|gave us|brought|was|were|had) )only (?:about |around )?$")
_WOULD_BE = re.compile(
    r"\bwould be (?:great|nice|ideal|perfect|good|lovely|fantastic|enough|plenty|a (?:success|win|dream))"
    r"|\bis (?:the|our) (?:goal|target|aim)"
)
_COMPANY_SIZE = re.compile(rf"\b{_SAID['sizes of firms']}[^\n,;.]{{0,20}}$")


def find_targets(document: Document) -> list[Found[BriefTarget]]:
    """The targets in the order of the text, one for each metric: the likeliest by the learnt weights.

    Of figures that are likely alike, the last word on a metric counts.
    """
    learnt, of_metrics = weights("targets"), weights("target_metrics")
    found: dict[str, tuple[float, Found[BriefTarget]]] = {}
    taken: dict[int, tuple[float, Figures]] = {}
    for one in target_candidates(document):
        odds = learnt.log_odds(one.signs)
        if odds > taken.get(one.figure.start, (_LEAST_ODDS, one))[0]:
            taken[one.figure.start] = odds, one
    for odds, one in taken.values():
        likeliest = max(one.metrics, key=lambda metric: of_metrics.log_odds(metric.signs)).target
        metric = likeliest.value.metric
        if odds > found.get(metric, (odds, likeliest))[0] - _AS_LIKELY:
            found[metric] = odds, likeliest
    return sorted((target for _, target in found.values()), key=lambda one: one.start)


_AS_LIKELY = 2.0
# A target that is missed costs as much as one that is made up, and the rest of the text often settles which is which.
_LEAST_ODDS = -0.5


def target_candidates(document: Document) -> list[Figures]:
    """Every figure with the kinds of target that it may be and the metrics of each, with their signs."""
    readings: list[Figures] = []
    named = NamedMetrics(document)
    for figure in shared.figures(document):
        if document.unit_at(figure.start).field in ("contact", "age", "start", "end") or figure.value <= 0:
            continue
        said = _read(document, figure)
        near = [one for one in metrics_near(document, figure, named) if not said or _other(one, said)]
        metrics = [*([Candidate(said, "", by_rules=True)] if said else []), *near]
        by_kind: dict[str, list[Candidate]] = {}
        for one in metrics:
            by_kind.setdefault(kind_of(one.target.value.metric), []).append(one)
        readings += [Figures(figure, kind, tuple(ones)) for kind, ones in by_kind.items()]
    return with_signs(document, named, readings)


def _other(one: Candidate, said: Found[BriefTarget]) -> bool:
    return (one.target.value.metric, one.target.value.value) != (said.value.metric, said.value.value)


def _read(document: Document, number: shared.Figure) -> Found[BriefTarget] | None:
    unit = document.unit_at(number.start)
    if unit.field in ("contact", "past", "age", "start", "end") or number.value <= 0:
        return None
    if _TIME_OF_DAY.match(number.after) or re.search(r"\d:$", number.before):
        return None
    if _is_not_wished(document, number):
        return cost_to_beat(document, number)
    return (
        _return(document, number)
        or _rate(document, number)
        or cost_target(document, number)
        or _money_goal(document, number)
        or _count(document, number)
    )


_WISHED_AFTER_ALL = re.compile(rf"\b{_SAID['wished after all']}\b[^\n]{{0,30}}$")


def _is_not_wished(document: Document, number: shared.Figure) -> bool:
    left, _ = document.clause(number.start, number.end)
    before = number.before[-min(70, number.start - left) :] if number.start > left else ""
    current = _CURRENT.search(before)
    if current:
        wish = _WISHED_AFTER_ALL.search(before[max(0, current.start() - 16) :])
        if not wish or re.search(r"\b(?:down from|up from|instead of|rather than|than the)\b[^\n]{0,12}$", before):
            return True
    if _ONLY_SO_MANY.search(number.before):
        return True
    if is_past(document, number.start, number.end) and document.unit_at(number.start).field != "targets":
        return True
    if re.search(
        (
            r"\b(?:cost per \w+|cpl|cpa|costs?) (?:is |was |went |has gone |have gone |are )?(?:up|rose|climbed|jumped"
            r"|went up)\b[^\n,;]{0,12}$"
        ),
        before,
    ):
        return True
    return (
        re.match(
            (
                r"^[^\n,;]{0,40}\b(?:last (?:year|quarter|month|time)|currently|at the moment|right now|previously"
                r"|these days|today|so far)\b"
            ),
            document.text[number.end : document.unit_at(number.start).end],
        )
        is not None
    )


def _return(document: Document, number: shared.Figure) -> Found[BriefTarget] | None:
    before, after = number.before[-50:], number.after[:40]
    named_before = re.search(
        (
            r"\b(?:roas|return on (?:ad|advertising|media) ?spend|return on our (?:ad )?spend"
            r"|return)\b[^\n,;.\d]{0,30}$"
        ),
        before,
    )
    named_after = re.match(
        (
            r"^ ?(?:x|times|%|:1|: 1|to 1|-1|per ?cent|percent)?(?:[- ]or (?:better|more|higher))? ?(?:in |of "
            r"|on )?(?:(?:target|min\w*|blended) )?(?:roas\b|return(?:s)? on (?:ad|advertising|media|our)|return\b)"
        ),
        after,
    )
    times = re.match(r"^ ?(?:x\b|times\b|:1|: 1|to 1|fold)", after)
    per_cent = re.match(r"^ ?(?:%|per ?cent)", after)
    back = re.match(
        (
            r"^ ?(?:dollars?|pounds?|euros?|rupees?|rand|[$\u20ac\u00a3])? ?(?:back|in return|return|of revenue"
            r"|in revenue|in sales|revenue) (?:for|per|on|from) (?:each|every|1|one|a|the)? ?(?:dollar|pound|euro|rupee"
            r"|rand|[$\u20ac\u00a3])"
        ),
        after,
    )
    if back:
        return shared.make_target(
            document, "roas", number.value, number, shared.extent(document, number, None, back), default="at_least"
        )
    each = re.search(r"\b(?:every|each|per) (?:dollar|pound|euro|rupee|rand)\b[^\n,;.\d]{0,48}$", before)
    if each and re.search(r"\b(?:back|return\w*|bring\w*|get)\b", each.group() + after):
        return shared.make_target(
            document, "roas", number.value, number, shared.extent(document, number, each, None), default="at_least"
        )
    if not (named_before or named_after) or (shared.looks_like_money(number) and not times):
        return None
    if named_before and "roas" not in named_before.group() and not (times or per_cent):
        return None
    value = number.value / 100 if per_cent else number.value
    if not 0.1 <= value <= 100:
        value = value / 100
    return shared.make_target(
        document,
        "roas",
        value,
        number,
        shared.extent(document, number, named_before, named_after or times or per_cent),
        default="at_least",
    )


def _rate(document: Document, number: shared.Figure) -> Found[BriefTarget] | None:
    before, after = number.before[-40:], number.after[:30]
    per_cent = re.match(r"^ ?(?:%|per ?cent|percent)", after)
    if not per_cent:
        return None
    named_before = re.search(r"\b(?:ctr|click[- ]?through(?:[- ]rate)?)\b[^\n,;.\d]{0,30}$", before)
    named_after = re.match(
        r"^ ?(?:%|per ?cent|percent) ?(?:or (?:more|better|higher) ?)?(?:ctr|click[- ]?through)", after
    )
    if not (named_before or named_after):
        return None
    return shared.make_target(
        document,
        "ctr",
        number.value,
        number,
        shared.extent(document, number, named_before, named_after or per_cent),
        default="at_least",
    )


def _money_goal(document: Document, number: shared.Figure) -> Found[BriefTarget] | None:
    if not (shared.looks_like_money(number) or number.scaled):
        return None
    before, after = number.before[-60:], number.after[:45]
    behind = re.match(
        (
            r"^(?: ?(?:[a-z]{3}|dollars?|euros?|pounds?|rupees?|[\u20ac$\u00a3]))? ?(?:in |of |worth of )?(?:(?:online"
            r"|new|additional|extra|gross|net|total|incremental|monthly) )*(?P<what>revenue|sales|turnover|profit"
            r"|bookings)\b"
        ),
        after,
    )
    ahead = re.search(
        r"\b(?P<what>revenue|turnover|profit|sales)(?: (?:target|goal))?[^\n,;.\d]{0,24}(?:, ?min(?:imum"
        r"|\.)? (?:[a-z]{3} )?\W?)?$",
        before,
    )
    ahead = ahead or _aim_for_what_was_named(document, number)
    match = behind or ahead
    if (
        not match
        or number.value < 100
        or not (
            shared.WISH.search(before)
            or shared.AT_LEAST.search(before[-24:])
            or shared.field_of_number(document, number) in ("targets", "objective")
        )
    ):
        return None
    if re.search(
        r"\b(?:our|we (?:do|make|have|turn over)|annual|yearly|company)\b[^\n]{0,20}$",
        before[: ahead.start()] if ahead else before[-24:],
    ) and not re.search(r"\b(?:target|goal|want|need|aim)\b", before):
        return None
    metric = "profit" if match["what"] == "profit" else "revenue"
    return shared.make_target(
        document, metric, number.value, number, shared.extent(document, number, ahead, behind), default="at_least"
    )


_AIM_IS = re.compile(r"\b(?:target|goal|aim|plan)(?: is| would be|:)? ?(?:at least )?\W?$")
_EARNED = re.compile(r"\b(?P<what>revenue|turnover|sales|profit)\b[^\n]*$")


def _aim_for_what_was_named(document: Document, number: shared.Figure) -> re.Match[str] | None:
    """`beat last year's revenue: target is 400k`: the figure aimed at for what the sentence named before."""
    if not _AIM_IS.search(number.before):
        return None
    return _EARNED.search(document.text[document.unit_at(number.start).start : number.start])


_WISHES = re.compile(rf"\b{_SAID['wishes']}\b[^\n,;]{{0,40}}$")


_COUNTED_FOR_ANOTHER_REASON = re.compile(rf"^ ?{_SAID['counted for another reason']}\b")


def _count(document: Document, number: shared.Figure) -> Found[BriefTarget] | None:
    before, after = number.before[-60:], number.after[:50]
    if (
        shared.looks_like_money(number)
        or re.search(r"[$\u00a3\u20ac\u20b9#]$", before)
        or re.match(r"^ ?(?:%|-\d)", after)
    ):
        return None
    if re.search(r"\b(?:one|two|three|\d+) (?:in|out of) (?:every )?$|\bof (?:all|every) $", before):
        return None
    after = re.sub(r"^ ?(?:\+|plus|or so|or more|ish)", "", after)
    for metric, pattern in _COUNTS:
        match = re.match(pattern, after)
        if not match:
            continue
        if _COUNTED_FOR_ANOTHER_REASON.match(
            after[match.end() :],
        ) or re.match(r"^ (?:tickets? left|members of staff)", after):
            return None
        field = shared.field_of_number(document, number)
        if not (
            shared.WISH.search(before)
            or field in ("targets", "objective")
            or re.match(
                r" ?\(?(?:min(?:imum)?|at least|or more)\b| at (?:under |max |around )\W?\d", after[match.end() :]
            )
            or (metric in ("leads", "qualified_leads") and re.match(r" at \W?\d", after[match.end() :]))
            or _WOULD_BE.search(after[match.end() :] + document.after(number.end + match.end(), 60))
        ) or (
            _COMPANY_SIZE.search(before)
            and not _WISHES.search(
                before,
            )
        ):
            return None
        if is_denied(document, number.start, number.end) and not shared.AT_MOST.search(before):
            return None
        return shared.make_target(
            document,
            metric,
            number.value,
            number,
            shared.extent(document, number, None, None, len(number.after[:50]) - len(after) + match.end()),
            default="at_least",
        )
    return _labelled_count(document, number, before, after) or _counted_before(document, number)


def _counted_before(document: Document, number: shared.Figure) -> Found[BriefTarget] | None:
    """`applications, at least 150 of them`: the figure behind what is counted, with nothing else that it counts."""
    if not _ALONE.match(number.after):
        return None
    named = _NAMED_BEFORE.search(number.before)
    named = named or _NUMBERED_BEFORE.search(number.before)
    certain = named and (number.changed or named["limit"] or _WOULD_BE.search(number.after))
    if not named or not certain or not shared.WISH.search(number.before):
        return None
    metric = "qualified_leads" if named["good"] else "leads" if named["lead"] else "sales"
    place = shared.extent(document, number, named, None)
    return shared.make_target(document, metric, number.value, number, place, default="at_least")


# `we get 20 leads a week now, need 40`
_NUMBERED_BEFORE = re.compile(
    r"\d (?:\w+ ){0,2}"
    rf"(?:(?P<good>{shared.QUALIFIED} {shared.LEAD})|(?P<lead>{shared.LEAD})|(?P<sale>{shared.SALE}))\b"
    r"[^\n;.$\u20ac\u00a3\d]{0,40}\b(?P<limit>(?:need|want|like|aim(?:ing)? for|target(?: is)?|goal(?: is)?)"
    r"(?: (?:about|around|at least))? )$"
)
_ALONE = re.compile(
    r"^(?: of (?:them|those)\b| (?:a|per|each|every) (?:day|week|month)\b"
    r"| (?:before|by|within|in total|would|is|or more)\b"
    r"| ?[.,;!)]|\n|$)"
)
_NAMED_BEFORE = re.compile(
    rf"\b(?:(?P<good>{shared.QUALIFIED} {shared.LEAD}|sqls?|mqls?)|(?P<lead>{shared.LEAD})|(?P<sale>{shared.SALE}))\b"
    r"(?: (?:booked|placed|made))?,? ?[^\n\d;.$\u20ac\u00a3]{0,24}?"
    r"(?P<limit>\b(?:at least|ideally|preferably|hopefully|minimum|min\.?|something like|around|about|say)"
    r"(?: about| around)? )?$"
)


def _labelled_count(document: Document, number: shared.Figure, before: str, after: str) -> Found[BriefTarget] | None:
    """`Leads wanted: 40`, `newsletter subscribers (min. 3,000)`: the figure behind the name of what is counted."""
    label = re.search(
        (
            r"\b(?P<what>qualified leads|leads|sales|installs|clicks|orders|enquiries|subscribers|sign-?ups"
            r"|registrations)"
            r"(?: (?:target|goal|wanted|needed))? ?(?:[:=|] ?(?:at least |min(?:imum)? |> ?)?"
            r"|\((?:at least|min(?:imum)?\.?|target:?|goal:?) )$"
        ),
        before,
    )
    if label and not re.match(r"^ ?(?:%|\w+ per)", after):
        metric = {"qualified leads": "qualified_leads", "orders": "sales"}.get(label["what"], label["what"])
        metric = "leads" if re.match(r"enquir|subscri|sign|regis", metric) else metric
        return shared.make_target(
            document, metric, number.value, number, (number.start - len(label.group()), number.end), default="at_least"
        )
    return None
