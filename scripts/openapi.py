"""docs/openapi.json: what the API promises. `python scripts/openapi.py` writes it anew, and refuses to break promises.

`--break` writes it all the same, for a change that callers were told of (CHANGELOG.md).
"""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from openapi_changes import breaking_changes

PROMISED = Path(__file__).parent.parent / "docs" / "openapi.json"


def generated() -> dict[str, Any]:
    """The API's description as the code has it, without the version, which changes with each release."""
    from marketmover.app.web.api import make_api
    from marketmover.app.web.served import ServedApp
    from marketmover.settings import Settings
    from marketmover.store import Records
    from marketmover.store.database import database_url

    with tempfile.TemporaryDirectory() as folder:
        records = Records.open(database_url("", Path(folder)))
        try:
            described = make_api(ServedApp(Settings(home=Path(folder)), records)).openapi()
        finally:
            records.close()
    described["info"]["version"] = "1"
    return described


def as_text(described: dict[str, Any]) -> str:
    """It as the file holds it."""
    return json.dumps(described, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def main() -> int:
    """Write the file; exit code 1 where that would break what was promised."""
    there = json.loads(PROMISED.read_text(encoding="utf-8")) if PROMISED.exists() else {"paths": {}}
    fresh = generated()
    broken = breaking_changes(there, fresh)
    for change in broken:
        print(f"breaks callers: {change}")
    if broken and "--break" not in sys.argv:
        print("Nothing was written. Keep the old form beside the new one, or say --break and tell it in CHANGELOG.md.")
        return 1
    PROMISED.write_text(as_text(fresh), encoding="utf-8")
    print(f"{PROMISED.name}: {len(fresh['paths'])} paths")
    return 0


if __name__ == "__main__":
    sys.exit(main())
