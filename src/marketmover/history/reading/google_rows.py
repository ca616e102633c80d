"""Google Ads rows as staged columns: what kind each is, its key, its figures, and why it cannot be used."""

from marketmover.history.reading.columns import GOOGLE_OBJECTS, GOOGLE_VIEWS, ReadSpec, snake
from marketmover.history.reading.figures import Figure, date_of, fact_reason, wrong_column

_IMPLIED = ("date", "week", "month", "quarter", "year", "dayOfWeek", "day_of_week", "monthOfYear", "month_of_year")
_ACTIONS = ("conversion_action", "conversion_action_name", "conversion_action_category")
_ADDITIVE = ("device", "ad_network_type", "hour", "slot")
_TOP_BREAKDOWNS = ("ageRange", "gender", *GOOGLE_VIEWS)
_CRITERIA = ("adGroupCriterion", "campaignCriterion")
_GEOGRAPHY = ("geographicView", "userLocationView")
_COUNTS = ("impressions", "clicks", "conversions")
_KEPT_APART = {("campaign", "id"), ("adGroup", "id"), ("adGroup", "type")}
_FACTS = "kind IN ('daily', 'action', 'breakdown', 'ad')"


def google_select(spec: ReadSpec, source: str, today: str) -> str:
    """SQL that turns rows read by `spec` from the relation `source` into staged rows; `today` is SQL for a day."""
    segments = spec.text("segments")
    plain = f"""(length({segments}) = 21 AND starts_with({segments}, '{{"date":"'))"""
    usable = f"coalesce(starts_with({segments}, '{{'), FALSE)"
    date_text = f"CASE WHEN {plain} THEN substr({segments}, 10, 10) WHEN {usable} THEN {segments} ->> '$.date' END"
    figures = _figures(spec)
    left = ", ".join(figure.said for figure in figures)
    reason = fact_reason(counts=_COUNTS, group_missing="wants_group AND group_id = ''", today=today)
    return f"""
    WITH read AS (
        SELECT *, {date_text} AS date_text,
            {spec.any_there((*_TOP_BREAKDOWNS, *_CRITERIA, "adGroupAd"))} AS is_split,
            {", ".join(figure.said_as() for figure in figures)},
            CASE WHEN {plain} OR NOT {usable} THEN NULL ELSE {_dims(segments)} END AS dims_list
        FROM {source}
    ), told AS (
        SELECT hash(filename) AS file, {_kind(spec)} AS kind,
            {spec.text("customer", "id")} AS account_id, {spec.is_there("customer")} AS wants_account,
            {spec.text("campaign", "id")} AS campaign_id,
            coalesce({spec.text("adGroup", "id")}, '') AS group_id, {spec.is_there("adGroup")} AS wants_group,
            upper({spec.text("customer", "currencyCode")}) AS currency, {date_of("date_text")} AS date,
            {", ".join((*(figure.typed_as() for figure in figures), *(figure.said for figure in figures)))}, date_text,
            {_segment(spec)} AS split, dims_list, {_extra(spec)} AS extra, {_settings(spec)},
            {spec.misspelt()} AS misspelt
        FROM read
    )
    SELECT * EXCLUDE (split, dims_list, wants_account, wants_group, wrong, date_text, {left}, fault),
        {_segment_of_kind()} AS segment, {_names()} AS dims,
        {_dim("conversion_action_name", "conversion_action", "conversion_action_category")} AS action,
        {_dim("conversion_action_category")} AS action_category,
        CASE WHEN {_FACTS} THEN fault.reason END AS reason, fault.detail AS detail
    FROM (SELECT *, {reason} AS fault FROM (SELECT *, {wrong_column(figures, "date_text")} FROM told))
    """  # noqa: S608 - built from constants of this package


def _figures(spec: ReadSpec) -> list[Figure]:
    def metric(name: str) -> str:
        return spec.text("metrics", name)

    return [
        Figure("impressions", metric("impressions"), "whole", "metrics.impressions"),
        Figure("clicks", metric("clicks"), "whole", "metrics.clicks"),
        Figure("cost_micros", metric("costMicros"), "whole", "metrics.costMicros"),
        Figure("conversions", metric("conversions"), "fraction", "metrics.conversions"),
        Figure("conversions_value", metric("conversionsValue"), "signed", "metrics.conversionsValue"),
        Figure("search_impression_share", metric("searchImpressionShare"), "share", ""),
        Figure("budget_lost_share", metric("searchBudgetLostImpressionShare"), "share", ""),
        Figure("rank_lost_share", metric("searchRankLostImpressionShare"), "share", ""),
    ]


def _dims(segments: str) -> str:
    """SQL for the sorted `[{name, value}]` of a row's segments, days and weeks apart."""
    skipped = ", ".join(f"'{name}'" for name in _IMPLIED)
    return f"""list_sort(list_transform(
        list_filter(json_keys({segments}), lambda k: k NOT IN ({skipped})),
        lambda k: struct_pack(name := lower(regexp_replace(k, '([A-Z])', '_\\1', 'g')),
            "value" := json_extract_string({segments}, '$."' || k || '"'))))"""


def _kind(spec: ReadSpec) -> str:
    adds = ", ".join(f"'{name}'" for name in (*_ADDITIVE, *_ACTIONS))
    acts = ", ".join(f"'{name}'" for name in _ACTIONS)
    return f"""CASE
        WHEN {spec.is_there("changeEvent")} THEN 'change'
        WHEN {spec.is_there("campaignSimulation")} THEN 'curve'
        WHEN is_split AND {spec.is_there("adGroupAd")} THEN CASE WHEN date_text IS NULL THEN 'creative' ELSE 'ad' END
        WHEN is_split AND {spec.any_there(_CRITERIA)}
            THEN CASE WHEN date_text IS NULL THEN 'criterion' ELSE 'breakdown' END
        WHEN {spec.is_there("metrics")} OR date_text IS NOT NULL THEN CASE
            WHEN is_split THEN 'breakdown'
            WHEN dims_list IS NULL OR len(dims_list) = 0 THEN 'daily'
            WHEN len(list_filter(dims_list, lambda d: d.name NOT IN ({adds}))) > 0 THEN 'breakdown'
            WHEN len(list_filter(dims_list, lambda d: d.name IN ({acts}))) > 0 THEN 'action'
            ELSE 'daily' END
        WHEN {spec.is_there("conversionAction")} THEN 'conversion_action'
        WHEN {spec.is_there("geoTargetConstant")} THEN 'place'
        WHEN {spec.any_there(("campaign", "campaignBudget", "adGroup"))} THEN 'settings'
        WHEN {spec.is_there("customer")} THEN 'account'
        ELSE 'unknown' END"""


def _segment(spec: ReadSpec) -> str:
    """SQL for what a fact is split by beside its segments: an ad, a criterion, a view; null for most rows."""
    ad = spec.text("adGroupAd")
    splits = [f"'{snake(name)}=' || {_plain(name, spec.text(name))}" for name in (*_TOP_BREAKDOWNS, *_CRITERIA)]
    return f"""CASE WHEN NOT is_split THEN NULL
        WHEN {spec.is_there("adGroupAd")} THEN 'ad=' || CASE WHEN starts_with({ad}, '{{') THEN {ad} ->> '$.ad.id' END
        ELSE concat_ws(',', {", ".join(splits)}) END"""


def _plain(name: str, value: str) -> str:
    """SQL for an object as it stands in a fact's key: what tells parts apart, and nothing else.

    Exports of different tools choose different fields of a criterion or view, in any order, and a status may change: a
    later one must still replace the figures of an earlier one.
    """
    if name in _CRITERIA:
        parts = [("ageRange", f"coalesce({value} ->> '$.ageRange.type', {value} ->> '$.age_range.type')"),
                 ("gender", f"{value} ->> '$.gender.type'")]  # fmt: skip
        plain = [(found, f"json_object('{part}', json_object('type', {found}))") for part, found in parts]
    elif name in _GEOGRAPHY:
        country = f"coalesce({value} ->> '$.countryCriterionId', {value} ->> '$.country_criterion_id')"
        owner = f"coalesce({value} ->> '$.resourceName', {value} ->> '$.resource_name')"
        plain = [(country, f"json_object('resourceName', {owner}, 'countryCriterionId', {country})")]
    else:
        return value
    cases = " ".join(f"WHEN {found} IS NOT NULL THEN CAST({text} AS VARCHAR)" for found, text in plain)
    return f"CASE WHEN NOT starts_with({value}, '{{') THEN {value} {cases} ELSE {value} END"


def _segment_of_kind() -> str:
    dims = "array_to_string(list_transform(dims_list, lambda d: d.name || '=' || coalesce(d.value, '')), ',')"
    return f"CASE WHEN split IS NULL AND dims_list IS NULL THEN '' ELSE concat_ws(',', split, nullif({dims}, '')) END"


def _names() -> str:
    """SQL for the names of the segments that add up to the unsegmented row."""
    acts = ", ".join(f"'{name}'" for name in _ACTIONS)
    return f"""CASE WHEN dims_list IS NULL THEN '' ELSE array_to_string(list_transform(
        list_filter(dims_list, lambda d: d.name NOT IN ({acts})), lambda d: d.name), ',') END"""


def _dim(*names: str) -> str:
    """SQL for the first of the named segments that an action row has."""
    found = [f"list_extract(list_filter(dims_list, lambda d: d.name = '{name}'), 1).value" for name in names]
    return f"CASE WHEN kind = 'action' THEN coalesce({', '.join(found)}, NULL) END"


def _extra(spec: ReadSpec) -> str:
    """SQL for the object that a row is about beside its campaign, as JSON text."""
    names = ("changeEvent", "campaignSimulation", "adGroupAd", "adGroupCriterion", "campaignCriterion")
    texts = [spec.text(name) for name in (*names, "conversionAction", "geoTargetConstant")]
    return f"coalesce({', '.join(texts)})"


def _settings(spec: ReadSpec) -> str:
    """SQL for the settings of campaign, budget and group: structs with the same names in either spelling."""
    aliases = {"campaign": "campaign", "campaignBudget": "budget", "adGroup": "ad_group"}
    packed: list[str] = []
    for name, alias in aliases.items():
        members = [member for member in GOOGLE_OBJECTS[name] if (name, member) not in _KEPT_APART]
        pairs = [f"{snake(member)} := {spec.text(name, member)}" for member in members]
        packed.append(f"struct_pack({', '.join(pairs)}) AS {alias}")
    return ", ".join([*packed, f"{spec.text('customer', 'timeZone')} AS time_zone"])
