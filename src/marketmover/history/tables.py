"""The lake tables of this room, column by column, and the ibis expressions for what is current.

Every table but the mapping is append-only: a row carries the number of the import that brought it, and the latest
import wins. What was known on a day is what the imports up to that day brought.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from marketmover.history.once import once

if TYPE_CHECKING:
    from marketmover.store import Lake


IbisTable = Any
"""An ibis table: its columns' types are known when it runs, not to a type checker."""

_ACTION_LIST = "array<struct<action_type: string, value: float64>>"


@dataclass(frozen=True)
class TableForm:
    """A lake table: its columns with their ibis types and meanings, and the columns that identify a thing in it."""

    name: str
    meaning: str
    columns: Mapping[str, tuple[str, str]]
    key: tuple[str, ...]

    def schema(self) -> dict[str, str]:
        """Column to ibis type."""
        return {name: kind for name, (kind, _) in self.columns.items()}


_IMPORT = {"import_id": ("int64", "number of the import that brought the row, counting up")}
_IDS = {
    "platform": ("string", "`google_ads` or `meta_ads`"),
    "account_id": ("string", "Google customer id or Meta ad account id; empty where no export names it"),
    "campaign_id": ("string", "the platform's campaign id"),
    "group_id": ("string", "Google ad group or Meta ad set; empty for what speaks of the campaign"),
}

IMPORTS = TableForm(
    "history_imports",
    "One row an import, kept with its time so that advice can be given on what was known on a day.",
    {
        **_IMPORT,
        "imported_at": ("timestamp('UTC', 6)", "when it was imported"),
        "as_of": ("date", "the day taken as today; nothing after it was used"),
        "folder": ("string", "the folder that was read"),
        "files": ("int64", "files read"),
        "rows": ("int64", "rows read, of every kind"),
        "added": ("int64", "rows that were new or changed"),
        "simulated": ("boolean", "whether the history says of itself that it is simulated"),
        "report": ("string", "the import report as JSON"),
    },
    ("import_id",),
)

FACTS = TableForm(
    "history_facts",
    "Daily figures as exported: one row a key and version. Ad-level facts, breakdowns and conversions by action are of "
    "other kinds than `daily` and never added to totals.",
    {
        **_IMPORT,
        **_IDS,
        "date": ("date", "the day, in the account's time zone"),
        "kind": ("string", "`daily`, `action` (conversions by action), `breakdown` or `ad`"),
        "segment": ("string", "what else the row is split by, `name=value` in a fixed order; empty for none"),
        "dims": ("string", "names of the segments that add up to the unsegmented row: `device`, `hour`, ..."),
        "action": ("string", "name of the conversion action, for kind `action`"),
        "action_category": ("string", "Google's category of that action"),
        "impressions": ("int64", "times shown"),
        "clicks": ("int64", "clicks; on Meta link clicks where exported"),
        "cost_micros": ("int64", "spend in millionths of the account's currency"),
        "conversions": ("float64", "conversions that Google counts, fractional"),
        "conversions_value": ("float64", "their value in account currency"),
        "reach": ("int64", "people reached (Meta)"),
        "frequency": ("float64", "impressions a person reached (Meta)"),
        "search_impression_share": ("float64", "share of possible search impressions won, 0 to 1"),
        "budget_lost_share": ("float64", "share lost to budget, 0 to 1"),
        "rank_lost_share": ("float64", "share lost to rank, 0 to 1"),
        "actions": (_ACTION_LIST, "Meta's actions by type"),
        "action_values": (_ACTION_LIST, "Meta's action values by type, in account currency"),
        "file": ("uint64", "the file that it stood in, as `history_files` has it; null in imports of before"),
        "place": ("int64", "its place in that file: less the file's `first_place`, how many rows stood before it"),
    },
    ("platform", "account_id", "campaign_id", "group_id", "date", "kind", "segment"),
)

FILES = TableForm(
    "history_files",
    "Files that facts stood in.",
    {
        **_IMPORT,
        "file": ("uint64", "what stands for it in `history_facts`"),
        "name": ("string", "path within the history"),
        "first_place": ("int64", "place of its first row"),
    },
    ("import_id", "file"),
)

ACCOUNTS = TableForm(
    "history_accounts",
    "Ad accounts and what is said of them.",
    {
        **_IMPORT,
        "platform": _IDS["platform"],
        "account_id": _IDS["account_id"],
        "currency": ("string", "ISO 4217; rows in any other currency are quarantined"),
        "time_zone": ("string", "IANA time zone of the account's days"),
    },
    ("platform", "account_id"),
)

SETTINGS = TableForm(
    "history_settings",
    "Campaigns, ad groups and ad sets as they were set when exported; a value not exported is null.",
    {
        **_IMPORT,
        **_IDS,
        "name": ("string", "name on the platform"),
        "status": ("string", "the platform's status; UNKNOWN where it is none that is known"),
        "ad_type": ("string", "Google's advertisingChannelType"),
        "ad_subtype": ("string", "Google's advertisingChannelSubType"),
        "objective": ("string", "Meta's objective, new or old"),
        "bidding_strategy": ("string", "the platform's bidding strategy"),
        "bidding_target": ("float64", "target cost in account currency, or target return as a ratio; 0 for none"),
        "daily_budget": ("float64", "a day's budget at this level, in account currency; 0 where it has none"),
        "lifetime_budget": ("float64", "a whole flight's budget at this level, in account currency; 0 where none"),
        "budget_resource": ("string", "Google's campaignBudget resource name"),
        "budget_shared": ("boolean", "whether that budget is shared between campaigns"),
        "optimization_goal": ("string", "Meta's optimisation goal"),
        "portfolio_strategy": ("string", "resource name of the Google portfolio strategy that the campaign follows"),
        "promoted_object": (
            "array<struct<name: string, value: string>>",
            "what a Meta ad set promotes: `page_id`, `pixel_id`, ...",
        ),
        "targeting": ("string", "the whole of a Meta ad set's targeting, JSON as exported"),
        "start_date": ("date", "first day of the flight"),
        "end_date": ("date", "last day of the flight"),
        "curve_spend": ("array<float64>", "spend a day of the platform's own response curve, ascending"),
        "curve_conversions": ("array<float64>", "conversions a day at that spend"),
        "curve_date": ("date", "day that the curve was made for"),
    },
    ("platform", "account_id", "campaign_id", "group_id"),
)

TARGETING = TableForm(
    "history_targeting",
    "Whom campaigns, ad groups and ad sets reach, one row a criterion.",
    {
        **_IMPORT,
        **_IDS,
        "kind": (
            "string",
            "`country`, `place`, `age_min`, `age_max`, `gender`, `interest`, `keyword`, `position`, `platform`",
        ),
        "value": ("string", "ISO 3166 country, name, age, FEMALE or MALE, keyword, ..."),
        "match_type": ("string", "a keyword's match type"),
        "negative": ("boolean", "whether it is left out rather than reached"),
        "present": ("boolean", "false where a later export no longer has it"),
    },
    ("platform", "account_id", "campaign_id", "group_id", "kind", "value", "match_type", "negative"),
)

CREATIVES = TableForm(
    "history_creatives",
    "Ads and their texts.",
    {
        **_IMPORT,
        **_IDS,
        "ad_id": ("string", "the platform's ad id"),
        "status": ("string", "the ad's status"),
        "format": ("string", "IMAGE, VIDEO, CAROUSEL or LEAD_FORM by the creative's structure; TEXT on Google search"),
        "headlines": ("array<string>", "headlines of a responsive ad"),
        "descriptions": ("array<string>", "descriptions of a responsive ad"),
        "title": ("string", "Meta creative's title"),
        "body": ("string", "Meta creative's body"),
        "call_to_action": ("string", "the platform's call to action"),
        "final_url": ("string", "where it leads"),
        "creative_id": ("string", "Meta creative's id"),
        "page_id": ("string", "Facebook page that it speaks for"),
        "picture": ("string", "its picture's address or hash"),
        "lead_gen_form_id": ("string", "its lead form"),
        "created_on": ("date", "day that it was made (Meta)"),
    },
    ("platform", "account_id", "ad_id"),
)

CHANGES = TableForm(
    "history_changes",
    "What was changed when.",
    {
        **_IMPORT,
        **_IDS,
        "changed_at": ("string", "moment of the change as exported"),
        "date": ("date", "its day"),
        "what": ("string", "Google's resource type or Meta's event type"),
        "fields": ("string", "fields that changed"),
        "before": ("string", "old values as JSON"),
        "after": ("string", "new values as JSON"),
        "object_id": ("string", "what was changed"),
        "restarts_learning": ("boolean", "whether such a change starts a learning phase"),
    },
    ("platform", "account_id", "campaign_id", "group_id", "changed_at", "what", "fields", "object_id", "after"),
)

REACTIONS = TableForm(
    "history_reactions",
    "What people wrote beneath ads, one row an ad: ads that share a post share its comments. Personal data in the "
    "words is masked, and who wrote them is not kept.",
    {
        **_IMPORT,
        **_IDS,
        "ad_id": ("string", "the ad that it was written beneath"),
        "reaction_id": ("string", "the platform's id of the comment"),
        "created_on": ("date", "day that it was written"),
        "text": ("string", "its words, personal data masked"),
    },
    ("platform", "account_id", "ad_id", "reaction_id"),
)

LEADS = TableForm(
    "history_leads",
    "CRM leads with what became of them.",
    {
        **_IMPORT,
        "lead_id": ("string", "the CRM's id"),
        "date": ("date", "day it was created, as written"),
        "platform": ("string", "`google_ads`, `meta_ads`, or what else the CRM says"),
        "campaign_id": ("string", "campaign that it came from"),
        "group_id": ("string", "Google ad group or Meta ad set; empty where not said"),
        "qualified": ("boolean", "null where not decided yet"),
        "won": ("boolean", "null where not decided yet"),
        "qualified_at": ("date", "day it was decided, where known"),
        "won_at": ("date", "day it was won, where known"),
        "revenue": ("float64", "in `currency`"),
        "currency": ("string", "ISO 4217"),
    },
    ("lead_id",),
)

MAPPING = TableForm(
    "history_action_map",
    "Conversion actions that a person mapped; what is not here is guessed.",
    {
        "platform": _IDS["platform"],
        "action": ("string", "conversion action, action type, or `*` for an account's conversions as a whole"),
        "kind": ("string", "`leads`, `qualified_leads`, `sales`, `installs` or `other`"),
    },
    ("platform", "action"),
)

QUARANTINE = TableForm(
    "history_quarantine",
    "Rows that could not be used, as they stood in their file.",
    {
        **_IMPORT,
        "file": ("string", "path within the history"),
        "position": ("string", "`line 17`, or the JSON pointer of the row: `/3/results/16`"),
        "row": ("int64", "index of the row in its file, from 0, rows that could not be read counted"),
        "reason": ("string", "one of the reasons of the contract"),
        "detail": ("string", "what is wrong, in words"),
        "raw": ("string", "the row as it stood there, cut to 4,000 characters"),
    },
    ("file", "position", "reason", "raw"),
)

FLAGS = TableForm(
    "history_flags",
    "What was kept but looks odd: values that no list knows, shares that are no number.",
    {
        **_IMPORT,
        "file": ("string", "path within the history; empty for what concerns several"),
        "field": ("string", "the field"),
        "value": ("string", "the value as exported"),
        "rows": ("int64", "rows or objects that have it"),
    },
    ("field", "value"),
)

ALL = (
    IMPORTS,
    FACTS,
    FILES,
    ACCOUNTS,
    SETTINGS,
    TARGETING,
    CREATIVES,
    CHANGES,
    REACTIONS,
    LEADS,
    MAPPING,
    QUARANTINE,
    FLAGS,
)


def ensure_tables(lake: "Lake", *, columns_too: bool = False) -> None:
    """Create what is missing of this room's tables; `columns_too` looks into those that are there."""
    there = () if columns_too else lake.tables()
    for form in ALL:
        if form.name not in there:
            lake.ensure(form.name, form.schema())


def imports_known(lake: "Lake", known_at: datetime | None) -> IbisTable:
    """Imports made up to `known_at` (all where it is `None`)."""
    imports: IbisTable = lake.table(IMPORTS.name)
    return imports if known_at is None else imports.filter(imports.imported_at <= known_at)


def current(lake: "Lake", form: TableForm, known_at: datetime | None = None) -> IbisTable:
    """The latest version of each thing in a table, of what was known at `known_at`."""
    import ibis

    table: IbisTable = lake.table(form.name)
    if known_at is not None:
        table = table.semi_join(imports_known(lake, known_at), "import_id")
    rank = ibis.row_number().over(group_by=list(form.key), order_by=ibis.desc("import_id"))
    return table.mutate(version=rank).filter(lambda rows: rows.version == 0).drop("version")


def count_rows(table: IbisTable) -> int:
    """How many rows an expression has."""
    return int(table.count().to_pyarrow().as_py())


def current_rows(lake: "Lake", form: TableForm, known_at: datetime | None = None) -> list[dict[str, Any]]:
    """The latest versions as dictionaries in the order of their key, for tables that are small."""

    def read() -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = current(lake, form, known_at).drop("workspace_id").to_pyarrow().to_pylist()
        return sorted(rows, key=lambda row: tuple(str(row[name]) for name in form.key))

    return once(lake, form.name, known_at, read)


def append_rows(lake: "Lake", form: TableForm, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows given as dictionaries; columns that a row lacks are null."""
    import ibis
    import pyarrow as pa

    if rows:
        schema = ibis.schema(form.schema()).to_pyarrow()
        lake.append(form.name, pa.Table.from_pylist(list(rows), schema=schema))
