"""Facts: currencies and accounts settled, repeated keys sorted out, known rows left, the rest appended to the lake."""

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

from marketmover.history.tables import FACTS, FILES, IbisTable, append_rows, current

if TYPE_CHECKING:
    import duckdb

    from marketmover.history.reading.staging import Staging
    from marketmover.store import Lake

PLATFORMS = {"google": "google_ads", "meta": "meta_ads"}
_KINDS = "kind IN ('daily', 'action', 'breakdown', 'ad')"
_KEY = ("account_id", "campaign_id", "group_id", "date", "kind", "segment")
_COUNTS = ("impressions", "clicks", "cost_micros", "conversions", "conversions_value", "reach")
_SHARES = ("frequency", "search_impression_share", "budget_lost_share", "rank_lost_share")
_LISTS = ("actions", "action_values")
_LACKING = {
    "google": ("reach", "frequency", *_LISTS),
    "meta": ("action", "action_category", "conversions", "conversions_value", *_SHARES[1:]),
}


def settle_facts(staging: "Staging", source: str, known_currency: dict[str, str]) -> dict[str, str]:
    """Make the view `{source}_facts` of the rows that may be used, and `{source}_faults` of those that may not.

    Args:
        staging: Staged rows.
        source: `google` or `meta`.
        known_currency: Account to currency from earlier imports; an account keeps its currency.

    Returns:
        Account to currency after these rows.
    """
    db = staging.db
    db.execute(f"CREATE TABLE {source}_faults (seq BIGINT, reason VARCHAR, detail VARCHAR)")
    _add_missing_columns(db, source)
    _infer_accounts(db, source, staging.parts[source])
    currency = _settle_currency(db, source, known_currency)
    _sort_out_repeats(db, source)
    # without faults no join, since DuckDB inserts what comes out of a join by one thread alone
    faulty = db.execute(f"SELECT 1 FROM {source}_faults LIMIT 1").fetchone()  # noqa: S608 - our own names
    but = f" WHERE seq NOT IN (SELECT seq FROM {source}_faults)" if faulty else ""  # noqa: S608 - our own names
    db.execute(f"CREATE VIEW {source}_facts AS SELECT * FROM {source}_usable{but}")  # noqa: S608 - our own names
    return currency


def _add_missing_columns(db: "duckdb.DuckDBPyConnection", source: str) -> None:
    """One form for both platforms: what the other one exports is null here."""
    nothing = 'NULL::STRUCT(action_type VARCHAR, "value" DOUBLE)[]'
    lacking = {
        "google": "NULL::BIGINT AS reach, NULL::DOUBLE AS frequency, "
        + ", ".join(f"{nothing} AS {name}" for name in _LISTS),
        "meta": "NULL::VARCHAR AS action, NULL::VARCHAR AS action_category, NULL::DOUBLE AS conversions, "
        "NULL::DOUBLE AS conversions_value, NULL::DOUBLE AS search_impression_share, "
        "NULL::DOUBLE AS budget_lost_share, NULL::DOUBLE AS rank_lost_share",
    }[source]
    db.execute(
        f"CREATE VIEW {source}_usable AS SELECT *, {lacking} FROM {source}_rows WHERE {_KINDS} AND reason IS NULL"  # noqa: S608 - our own names
    )


def _infer_accounts(db: "duckdb.DuckDBPyConnection", source: str, parts: list[str]) -> None:
    """Rows without an account: faulty where their file names it else, or the campaign's."""
    nameless = db.execute(f"SELECT count(*) FROM {source}_usable WHERE account_id IS NULL").fetchone()  # noqa: S608 - our own names
    if not nameless or not nameless[0]:
        return
    db.execute(f"""
        INSERT INTO {source}_faults SELECT seq, 'missing_id', 'no account id' FROM {source}_usable
        WHERE account_id IS NULL AND file IN (
            SELECT file FROM {source}_usable GROUP BY file
            HAVING avg((account_id IS NOT NULL)::INTEGER) > 0.5)""")  # noqa: S608 - our own names
    known = f"SELECT DISTINCT campaign_id, account_id FROM {source}_usable WHERE account_id IS NOT NULL"  # noqa: S608 - our own names
    db.execute(f"CREATE TABLE {source}_homes AS SELECT campaign_id, min(account_id) AS home FROM ({known}) GROUP BY 1")  # noqa: S608 - our own names
    only = f"(SELECT CASE WHEN count(DISTINCT home) = 1 THEN min(home) ELSE '' END FROM {source}_homes)"  # noqa: S608 - our own names
    for part in parts:
        db.execute(f"""
            UPDATE {part} SET account_id = coalesce(
                (SELECT home FROM {source}_homes h WHERE h.campaign_id = {part}.campaign_id), {only})
            WHERE account_id IS NULL AND {_KINDS}""")  # noqa: S608 - our own names


def _settle_currency(db: "duckdb.DuckDBPyConnection", source: str, known: dict[str, str]) -> dict[str, str]:
    """Each account keeps the currency it had, else that of most of its rows (the first where they tie)."""
    counted = db.execute(f"""
        SELECT account_id, currency, count(*) AS n, min(seq) AS first FROM {source}_usable
        WHERE currency IS NOT NULL AND currency <> '' GROUP BY ALL ORDER BY account_id, n DESC, first""").fetchall()  # noqa: S608 - our own names
    settled = dict(known)
    for account, currency, _, _ in counted:
        settled.setdefault(account, currency)
    for account, currency, _, _ in counted:
        if settled[account] != currency:
            db.execute(
                f"""INSERT INTO {source}_faults
                SELECT seq, 'other_currency', ? FROM {source}_usable WHERE account_id = ? AND currency = ?""",  # noqa: S608 - our own names
                [f"{currency}, while account {account} is in {settled[account]}", account, currency],
            )
    return settled


def _sort_out_repeats(db: "duckdb.DuckDBPyConnection", source: str) -> None:
    """Of rows with one key the last content stays; others are `duplicate` (the same content) or `conflict`."""
    good = f"{source}_usable WHERE seq NOT IN (SELECT seq FROM {source}_faults)"  # noqa: S608 - our own names
    key = f"hash({', '.join(_KEY)})"
    db.execute(f"""CREATE TEMP TABLE repeats AS
        SELECT h FROM (SELECT {key} AS h FROM {good}) GROUP BY h HAVING count(*) > 1""")  # noqa: S608 - our own names
    found = db.execute("SELECT count(*) FROM repeats").fetchone()
    if found and found[0]:
        all_rows = "ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING"
        over = f"OVER (PARTITION BY {', '.join(_KEY)} ORDER BY seq {all_rows})"
        db.execute(f"""INSERT INTO {source}_faults
            WITH twins AS (SELECT *, {_content_hash()} AS content FROM {good} AND {key} IN (SELECT h FROM repeats)),
            judged AS (SELECT *, last_value(content) {over} AS last_content, count(*) {over} AS n FROM twins),
            kept AS (SELECT *, min(CASE WHEN content = last_content THEN seq END) {over} AS kept FROM judged)
            SELECT seq, CASE WHEN content = last_content THEN 'duplicate' ELSE 'conflict' END,
                CASE WHEN content = last_content THEN 'the same row stands elsewhere in this import'
                ELSE 'another row of this import has the same key and other figures; the later one stays' END
            FROM kept WHERE n > 1 AND seq <> kept""")  # noqa: S608 - our own names
    db.execute("DROP TABLE repeats")


def _content_hash() -> str:
    figures = [f"coalesce({name}, 0)" for name in _COUNTS] + list(_SHARES)
    return f"hash({', '.join((*figures, *(f'list_sort(coalesce({name}, []))' for name in _LISTS)))})"


def append_facts(staging: "Staging", lake: "Lake", source: str, import_id: int) -> Counter[str]:
    """Append the facts that are new or changed; how many were `added` and how many `known` already."""
    import ibis
    from ibis import _

    span = staging.db.execute(f"SELECT count(*), min(date), max(date) FROM {source}_facts").fetchone()  # noqa: S608 - our own names
    if not span or not span[0]:
        return Counter()
    facts = staging.table(f"{source}_facts").mutate(
        import_id=ibis.literal(import_id, "int64"), platform=ibis.literal(PLATFORMS[source]), place=_.seq
    )
    fresh = facts if import_id == 1 else _unknown(lake, facts, PLATFORMS[source], span[1:])
    columns = [name for name in FACTS.columns if name not in _LACKING[source]]
    added = lake.append(FACTS.name, fresh.select(*columns))
    return Counter(added=added, known=span[0] - added)


def _unknown(lake: "Lake", facts: IbisTable, platform: str, span: tuple[date, date]) -> IbisTable:
    """The facts that the lake does not hold with the same content."""
    import ibis

    known = current(lake, FACTS)
    known = known.filter(known.platform == platform, known.date >= span[0], known.date <= span[1])
    nothing = ibis.literal([], type=FACTS.schema()[_LISTS[0]])
    same = [facts[name].identical_to(known[name]) for name in (*_KEY, *_SHARES)]
    same += [facts[name].fill_null(0) == known[name].fill_null(0) for name in _COUNTS]
    same += [facts[name].fill_null(nothing).sort() == known[name].fill_null(nothing).sort() for name in _LISTS]
    return facts.anti_join(known, same)


def append_files(staging: "Staging", lake: "Lake", source: str, import_id: int) -> None:
    """Append which files the facts of this import stood in."""
    keys = staging.db.execute(f"SELECT DISTINCT file FROM {source}_facts ORDER BY 1").fetchall()  # noqa: S608 - our own names
    rows = [
        {"import_id": import_id, "file": key, "name": staging.name_of(key), "first_place": staging.first_seq(key)}
        for (key,) in keys
    ]
    append_rows(lake, FILES, rows)
