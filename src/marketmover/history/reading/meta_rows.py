"""Meta Ads rows as staged columns: what kind each is, its key, its figures, and why it cannot be used."""

from marketmover.history.reading.columns import META_BREAKDOWNS, META_LISTS, ReadSpec
from marketmover.history.reading.figures import Figure, date_of, fact_reason, wrong_column

_COUNTS = ("impressions", "clicks", "reach")
_FACTS = "kind IN ('daily', 'breakdown', 'ad')"
_SETTINGS = (
    *("id", "name", "status", "effective_status", "objective", "bid_strategy", "daily_budget", "lifetime_budget"),
    *("optimization_goal", "bid_amount", "destination_type", "campaign_id", "adset_id", "campaign_name", "adset_name"),
    *("targeting", "creative", "event_time", "event_type", "object_id", "object_name", "object_type", "extra_data"),
    *(
        "daily_outcomes_curve",
        "start_time",
        "stop_time",
        "end_time",
        "created_time",
        "currency",
        "timezone_name",
        "account_id",
        "promoted_object",
        "ad_id",
        "message",
    ),
)


def meta_select(spec: ReadSpec, source: str, today: str) -> str:
    """SQL that turns rows read by `spec` from the relation `source` into staged rows; `today` is SQL for a day."""
    figures = _figures()
    left = ", ".join(figure.said for figure in figures)
    lists = [_wrong_list(name) for name in META_LISTS] if spec.keeps_texts else []
    reason = fact_reason(
        counts=_COUNTS,
        group_missing="wants_group AND group_id = ''",
        spans_days="last_date <> date",
        negative_list="len(list_filter(actions, lambda a: a.value < 0)) > 0" if spec.keeps_texts else "FALSE",
        today=today,
    )
    return f"""
    WITH read AS (
        SELECT *, {", ".join(figure.said_as() for figure in figures)},
            {_list(spec, "actions")} AS actions_typed, {_list(spec, "action_values")} AS action_values_typed
        FROM {source}
    ), told AS (
        SELECT hash(filename) AS file, {_kind(spec)} AS kind,
            {_account("account_id")} AS account_id, FALSE AS wants_account, campaign_id,
            coalesce(adset_id, '') AS group_id, (adset_name IS NOT NULL OR ad_id IS NOT NULL) AS wants_group,
            upper(account_currency) AS currency, {date_of("date_start")} AS date,
            coalesce({date_of("date_stop")}, {date_of("date_start")}) AS last_date,
            {", ".join((*(figure.typed_as() for figure in figures), *(figure.said for figure in figures)))}, date_start,
            actions_typed AS actions, action_values_typed AS action_values,
            {_segment()} AS segment, campaign_name, adset_name, objective,
            struct_pack({", ".join(f"{name} := {name}" for name in _SETTINGS)}) AS whole, FALSE AS misspelt
        FROM read
    )
    SELECT * EXCLUDE (wants_account, wants_group, wrong, last_date, whole, date_start, {left}, fault), '' AS dims,
        CASE WHEN NOT ({_FACTS}) THEN to_json(whole)::VARCHAR END AS extra,
        CASE WHEN {_FACTS} THEN fault.reason END AS reason, fault.detail AS detail
    FROM (SELECT *, {reason} AS fault FROM (SELECT *, {wrong_column(figures, "date_start", lists)} FROM told))
    """  # noqa: S608 - built from constants of this package


def _figures() -> list[Figure]:
    clicks = "coalesce(inline_link_clicks, clicks)"
    return [
        Figure("impressions", "impressions", "whole", "impressions"),
        Figure("clicks", clicks, "whole", "inline_link_clicks (else clicks)"),
        Figure("cost_micros", "spend", "money", "spend"),
        Figure("reach", "reach", "whole", "reach"),
        Figure("frequency", "frequency", "share", ""),
    ]


def _account(column: str) -> str:
    return f"CASE WHEN starts_with({column}, 'act_') THEN substr({column}, 5) ELSE {column} END"


def _list(spec: ReadSpec, name: str) -> str:
    if not spec.keeps_texts:
        return name
    value = """TRY_CAST(coalesce(a."value", '0') AS DOUBLE)"""
    return f'list_transform({name}, lambda a: struct_pack(action_type := a.action_type, "value" := {value}))'


def odd_values(spec: ReadSpec, table: str) -> str | None:
    """SQL for how many values in the lists of a staged table are no number or below 0, where no row was looked at."""
    if spec.source != "meta" or spec.keeps_texts:
        return None
    values = [f"SELECT unnest({name})['value'] AS v, '{name}' AS name FROM {table}" for name in META_LISTS]  # noqa: S608 - our own names
    odd = "NOT isfinite(v) OR (v < 0 AND name = 'actions')"
    return f"SELECT count(*) FROM ({' UNION ALL '.join(values)}) WHERE {odd}"  # noqa: S608 - our own names


def _wrong_list(name: str) -> str:
    bad = f"len(list_filter({name}, lambda a: a.value IS NULL OR NOT isfinite(a.value))) > 0"
    return f"WHEN len({name}) > 0 AND {bad} THEN '{name} holds a value that is not a number'"


def _kind(spec: ReadSpec) -> str:
    return f"""CASE
        WHEN event_time IS NOT NULL OR event_type IS NOT NULL THEN 'change'
        WHEN message IS NOT NULL AND ad_id IS NOT NULL AND date_start IS NULL THEN 'reaction'
        WHEN daily_outcomes_curve IS NOT NULL THEN 'curve'
        WHEN date_start IS NOT NULL OR ((impressions IS NOT NULL OR spend IS NOT NULL)
            AND creative IS NULL AND targeting IS NULL) THEN CASE
            WHEN ad_id IS NOT NULL THEN 'ad'
            WHEN {spec.any_there(META_BREAKDOWNS)} THEN 'breakdown'
            ELSE 'daily' END
        WHEN creative IS NOT NULL THEN 'creative'
        WHEN targeting IS NOT NULL THEN 'ad_set'
        WHEN objective IS NOT NULL THEN 'campaign'
        WHEN adset_id IS NOT NULL AND id IS NOT NULL THEN 'creative'
        WHEN campaign_id IS NOT NULL AND id IS NOT NULL THEN 'ad_set'
        WHEN currency IS NOT NULL OR timezone_name IS NOT NULL THEN 'account'
        ELSE 'unknown' END"""


def _segment() -> str:
    splits = [f"'{name}=' || {name}" for name in META_BREAKDOWNS]
    there = " OR ".join(f"{name} IS NOT NULL" for name in META_BREAKDOWNS)
    return (
        f"CASE WHEN ad_id IS NOT NULL OR {there} THEN concat_ws(',', 'ad=' || ad_id, {', '.join(splits)}) ELSE '' END"
    )
