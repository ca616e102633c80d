"""CRM leads: repeated ids sorted out, known ones left, the rest appended."""

from collections import Counter
from typing import TYPE_CHECKING

from marketmover.history.tables import LEADS, current

if TYPE_CHECKING:
    from marketmover.history.reading.staging import Staging
    from marketmover.store import Lake

_CONTENT = (
    "date",
    "platform",
    "campaign_id",
    "group_id",
    "qualified",
    "won",
    "qualified_at",
    "won_at",
    "revenue",
    "currency",
)


def settle_leads(staging: "Staging") -> None:
    """Make the view `crm_facts` of the leads that may be used, and `crm_faults` of rows that may not."""
    db = staging.db
    good = "crm_rows WHERE kind = 'lead' AND reason IS NULL"
    content = f"hash({', '.join(_CONTENT)})"
    over = "OVER (PARTITION BY lead_id ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)"
    db.execute(f"""CREATE TABLE crm_faults AS
        WITH twins AS (SELECT *, {content} AS content FROM {good}
            AND lead_id IN (SELECT lead_id FROM {good} GROUP BY lead_id HAVING count(*) > 1)),
        judged AS (SELECT *, last_value(content) {over} AS last_content FROM twins),
        kept AS (SELECT *, min(CASE WHEN content = last_content THEN seq END) {over} AS kept FROM judged)
        SELECT seq, CASE WHEN content = last_content THEN 'duplicate' ELSE 'conflict' END AS reason,
            CASE WHEN content = last_content THEN 'the same lead stands elsewhere in this import'
            ELSE 'another row of this import has the same lead_id and says otherwise; the later one stays' END AS detail
        FROM kept WHERE seq <> kept""")  # noqa: S608 - constants
    db.execute(f"""INSERT INTO crm_faults
        WITH usable AS (SELECT * FROM {good} AND currency <> '' AND seq NOT IN (SELECT seq FROM crm_faults)),
        counted AS (SELECT platform, currency, count(*) AS n, min(seq) AS first FROM usable GROUP BY ALL),
        settled AS (SELECT platform, arg_max(currency, (n, -first)) AS main FROM counted GROUP BY platform)
        SELECT seq, 'other_currency', currency || ', while the other leads are in ' || main
        FROM usable JOIN settled USING (platform) WHERE currency <> main""")  # noqa: S608 - constants
    db.execute(f"CREATE VIEW crm_facts AS SELECT * FROM {good} AND seq NOT IN (SELECT seq FROM crm_faults)")  # noqa: S608 - constants


def append_leads(staging: "Staging", lake: "Lake", import_id: int) -> Counter[str]:
    """Append the leads that are new or changed; how many were `added` and how many `known` already."""
    db = staging.db
    total = db.execute("SELECT count(*) FROM crm_facts").fetchone()
    if not total or not total[0]:
        return Counter()
    known = current(lake, LEADS).select("lead_id", *_CONTENT)
    db.register("known_leads", known.limit(0 if import_id == 1 else None).to_pyarrow())
    same = " AND ".join(f"f.{name} IS NOT DISTINCT FROM k.{name}" for name in ("lead_id", *_CONTENT))
    columns = ", ".join(name for name in LEADS.columns if name != "import_id")
    rows = db.execute(
        f"SELECT ?::BIGINT AS import_id, {columns} FROM crm_facts f ANTI JOIN known_leads k ON {same}",  # noqa: S608 - constants
        [import_id],
    ).to_arrow_table()
    db.unregister("known_leads")
    added = lake.append(LEADS.name, rows)
    return Counter(added=added, known=total[0] - added)
