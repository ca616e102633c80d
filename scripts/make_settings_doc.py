"""The page of settings, docs/settings.md, from the settings themselves: `make docs` writes it, a test holds it true."""

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from marketmover.settings import Settings, variable

_HEAD = """\
# Settings

<!-- Written by scripts/make_settings_doc.py from src/marketmover/settings.py: change it there. -->

Every setting is an environment variable, or a line of the same form in a file `.env` in the folder where a command
is started. A variable wins over the file, and an empty one counts as not set. A `MARKETMOVER_` name that is none of
these is told on stderr with the nearest one there is. `marketmover doctor` shows what the settings lead to.

| variable | default | what |
| --- | --- | --- |
"""

_TAIL = """
## Paths in URLs

`sqlite:///` and `duckdb:///` are followed by a path: `sqlite:///records.sqlite` lies in the home, and an absolute
path has four slashes, as in `sqlite:////var/lib/marketmover/records.sqlite`. A relative folder of files is taken from
the home too.

In a URL with a password, write `@` as `%40`, `/` as `%2F`, `:` as `%3A` and `%` as `%25`. No message, log or page shows
the password.

## Amazon S3 and what speaks its language

Keys, region and endpoint are read where Amazon's own tools read them: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`,
`AWS_DEFAULT_REGION`, `AWS_ENDPOINT_URL`, or a profile in `~/.aws`.

## Examples

```sh
# everything embedded, in a folder of your choice
export MARKETMOVER_HOME=/srv/marketmover

# rows that change in PostgreSQL, files on S3, the lake on this machine
pip install 'marketmover[postgres,s3]'
export MARKETMOVER_RECORDS_URL=postgresql://marketmover:PASSWORD@db.example.com/marketmover
export MARKETMOVER_FILES_URL=s3://example-bucket/marketmover

# a language model on this machine beside the rules that read briefs (docs/language-model.md)
export MARKETMOVER_LLM_URL=http://localhost:11434 MARKETMOVER_LLM_MODEL=llama3.1
```
"""


def render() -> str:
    """The page as it should be."""
    rows = [_row(name, field) for name, field in Settings.model_fields.items()]
    return _HEAD + "\n".join(rows) + "\n" + _TAIL


def _row(name: str, field: FieldInfo) -> str:
    return f"| `{variable(name)}` | {_default(name, field)} | {(field.description or '').replace('|', '/')} |"


def _default(name: str, field: FieldInfo) -> str:
    if name == "home":  # it follows from who runs the command, and on what system
        return "`marketmover` in the user's data folder (`~/.local/share` on Linux)"
    value = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
    return f"`{str(value).lower()}`" if value not in ("", None) else "empty"
