"""Deleting all that is known of one account, so that it is gone, or can be imported anew."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete
from sqlalchemy.orm import Session

from marketmover.access import audit
from marketmover.errors import NotFoundError
from marketmover.history.pulls import ledger
from marketmover.history.pulls.rounds import LANDING
from marketmover.history.records import ExportPull, ExportPullChunk
from marketmover.history.tables import ALL, FACTS, IMPORTS, LEADS, QUARANTINE, SETTINGS, IbisTable
from marketmover.history.uploads.service import uploads_with
from marketmover.jobs import holding

if TYPE_CHECKING:
    from marketmover.store import Lake, Stores

_OF_AN_ACCOUNT = tuple(form for form in ALL if "account_id" in form.columns)
_LONG_ID = 8  # digits; a shorter number in a row that could not be read may be anything


@dataclass(frozen=True)
class AccountData:
    """What is known of an account: rows by table of the lake, pulls, and files of theirs."""

    platform: str
    account_id: str
    rows: Mapping[str, int]
    pulls: int
    files: int

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "platform": self.platform,
            "account_id": self.account_id,
            "rows": dict(self.rows),
            "pulls": self.pulls,
            "files": self.files,
        }


def account_data(stores: "Stores", platform: str, account_id: str) -> AccountData:
    """What `delete_account_data` would delete.

    Raises:
        NotFoundError: Nothing is known of the account.
    """
    return _found(stores, _Account(platform, account_id))


def delete_account_data(
    stores: "Stores",
    platform: str,
    account_id: str,
    *,
    who: str,
    now: Callable[[], datetime],
    jobs: Sequence[str] = (),
    confirm: Callable[[Session], None] = lambda _: None,
) -> AccountData:
    """Delete facts, structure, creatives, reactions, changes, leads and pulls of an account, with the pulls' files.

    Lake and records change together or, where one refuses, not at all; files follow. A process that dies in between
    leaves something that the next call deletes. Uploads are deleted whole where they may hold exports of the platform,
    also those that hold other accounts' as well: their rows stay, and only a retry needs them sent again. What plans
    rest on, and the log, stay: they say what was done.
    Afterwards the same exports import as if they were new.

    Args:
        stores: Of the home; one workspace is touched.
        platform: `google_ads` or `meta_ads`.
        account_id: The platform's id, with or without `act_` and dashes.
        who: Who does it, for the log.
        now: The clock.
        jobs: Jobs that write to the account (`pull NAME`); they are held meanwhile.
        confirm: Called in the transaction of records, before it is kept; may raise.

    Raises:
        NotFoundError: Nothing is known of the account.
        HeldError: A pull of it, or the landing of pulls, is under way.
        StoreError: The lake is held by another process.
    """
    account = _Account(platform, account_id)
    with ExitStack() as held:
        for name in sorted({LANDING, *jobs}):
            held.enter_context(holding(stores.records, name, now=now)).said = f"{platform} {account_id} deleted"
        with stores.lake.alone(), stores.lake.transaction():
            found = _found(stores, account)
            for name, chosen in account.conditions(stores.lake).items():
                stores.lake.delete(name, chosen)
            with stores.records.session() as session:
                folders = _delete_pulls(session, stores.workspace, account)
                told = {"rows": dict(found.rows), "pulls": found.pulls, "files": found.files}
                account.log(session, stores.workspace, who, told, now())
                confirm(session)
        for folder in [*folders, *uploads_with(stores.files, platform)]:
            for path in stores.files.list(folder):
                stores.files.delete(path)
    return found


@dataclass(frozen=True)
class _Account:
    """An account by the lake's form of its id."""

    platform: str
    given: str

    @property
    def id(self) -> str:
        return plain_id(self.given)

    def conditions(self, lake: "Lake") -> dict[str, Any]:
        """What is its of each table of the lake."""
        there = set(lake.tables())
        found: dict[str, Any] = {form.name: self._own for form in _OF_AN_ACCOUNT if form.name in there}
        campaigns = self._campaigns(lake) if {FACTS.name, SETTINGS.name} <= there else []
        if LEADS.name in there:
            found[LEADS.name] = lambda rows: (rows.platform == self.platform) & rows.campaign_id.isin(campaigns)
        if QUARANTINE.name in there:
            pattern = self._pattern(campaigns)
            imports = self._imports(lake)
            found[QUARANTINE.name] = lambda rows: (
                rows.import_id.isin(imports)
                | (
                    (rows.file.startswith(f"{self.platform}/") | rows.file.startswith("crm/"))
                    & rows.raw.re_search(pattern)
                )
            )
        return found

    def _own(self, rows: IbisTable) -> Any:
        return (rows.platform == self.platform) & (rows.account_id == self.id)

    def _campaigns(self, lake: "Lake") -> list[str]:
        """Campaigns that are its alone: a lead tells its campaign, and no account."""
        own, others = set[str](), set[str]()
        for form in (FACTS, SETTINGS):
            table: IbisTable = lake.table(form.name)
            pairs = table.filter(table.platform == self.platform).select("account_id", "campaign_id").distinct()
            for row in pairs.to_pyarrow().to_pylist():
                (own if row["account_id"] == self.id else others).add(row["campaign_id"])
        return sorted(own - others)

    def _pattern(self, campaigns: list[str]) -> str:
        """Its id, or its campaigns', as a whole number in a text."""
        ids = [self.id, *(one for one in campaigns if len(one) >= _LONG_ID)]
        return rf"(^|[^0-9])({'|'.join(map(re.escape, ids))})([^0-9]|$)"

    def _imports(self, lake: "Lake") -> list[int]:
        """Imports that read a pull of it, and nothing else."""
        folders: IbisTable = lake.table(IMPORTS.name).select("import_id", "folder")
        names = [re.escape(folder) for folder in self.folders()]
        mine = re.compile(rf"(^|/)({'|'.join(names)})(/|$)")
        return [row["import_id"] for row in folders.to_pyarrow().to_pylist() if mine.search(row["folder"] or "")]

    def log(self, session: Session, workspace: str, who: str, told: Mapping[str, Any], at: datetime) -> None:
        """Write down that it was deleted, and how much that was."""
        about = f"account data {self.platform} {self.id}"
        audit.append(session, workspace, who=who, what="history.account_deleted", about=about, before=told, at=at)

    def folders(self) -> list[str]:
        """Where pulls of it may lie in the files."""
        return [ledger.account_folder(self.platform, one) for one in (self.id, f"act_{self.id}")]


def plain_id(account_id: str) -> str:
    """An account's id as the lake has it: without Meta's `act_` and Google's dashes."""
    return account_id.strip().removeprefix("act_").replace("-", "")


def _found(stores: "Stores", account: _Account) -> AccountData:
    lake = stores.lake
    rows: dict[str, int] = {}
    for name, chosen in account.conditions(lake).items():
        table: IbisTable = lake.table(name)
        rows[name] = int(table.filter(chosen(table)).count().to_pyarrow().as_py())
    with stores.records.session(read_only=True) as session:
        pulls = len(_pulls(session, stores.workspace, account))
    files = sum(len(stores.files.list(folder)) for folder in account.folders())
    known = pulls or files or any(rows.values())
    files += sum(len(stores.files.list(folder)) for folder in uploads_with(stores.files, account.platform))
    if not known:
        raise NotFoundError(
            f"The home knows nothing of the account {account.given} of {account.platform}.", _known(lake)
        )
    return AccountData(account.platform, account.id, rows, pulls, files)


def _known(lake: "Lake") -> str:
    if not lake.has(FACTS.name):
        return "No history was imported yet."
    pairs = lake.table(FACTS.name).select("platform", "account_id").distinct().to_pyarrow().to_pylist()
    known = sorted(f"{row['platform']} {row['account_id']}" for row in pairs)
    return f"It knows: {', '.join(known)}." if known else "It knows none."


def _pulls(session: Session, workspace: str, account: _Account) -> list[ExportPull]:
    return [
        pull
        for pull in ledger.pulls_of(session, workspace, account.platform)
        if plain_id(pull.account_id) == account.id
    ]


def _delete_pulls(session: Session, workspace: str, account: _Account) -> list[str]:
    """Take the account's pulls out of the ledger; where their files lie."""
    for account_id in {pull.account_id for pull in _pulls(session, workspace, account)}:
        for table in (ExportPullChunk, ExportPull):
            session.execute(
                delete(table).where(
                    and_(
                        table.workspace_id == workspace,
                        table.platform == account.platform,
                        table.account_id == account_id,
                    )
                )
            )
    return account.folders()
