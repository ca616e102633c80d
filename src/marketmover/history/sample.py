"""The sample data of a workspace: a simulated history that was imported to look around with."""

from typing import TYPE_CHECKING

from marketmover.history.tables import FACTS, IMPORTS, IbisTable

if TYPE_CHECKING:
    from marketmover.store import Lake

SAMPLE = "sample-"
"""What the names of uploads begin with that hold sample data."""


def sample_accounts(lake: "Lake") -> list[tuple[str, str]]:
    """Accounts whose figures came as sample data: platform and id, sorted."""
    if not (lake.has(FACTS.name) and lake.has(IMPORTS.name)):
        return []
    imports: IbisTable = lake.table(IMPORTS.name)
    facts: IbisTable = lake.table(FACTS.name)
    marked = imports.filter(imports.simulated & imports.folder.contains(f"imports/{SAMPLE}"))
    own = facts.filter(facts.import_id.isin(marked.import_id)).select("platform", "account_id").distinct()
    return sorted((row["platform"], row["account_id"]) for row in own.to_pyarrow().to_pylist())
