"""Every setting of an installation, in one typed object: `MARKETMOVER_*` from the environment or from `.env`.

Only `app`, `cli` and `store` read settings; rooms are given values.
"""

from pathlib import Path

from platformdirs import user_data_path
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where this installation lives and which backends it runs on.

    An empty URL means the embedded default inside `home`: `lake.duckdb`, `records.sqlite`, a stream as a table in records,
    and the folder `files/`.
    """

    model_config = SettingsConfigDict(env_prefix="MARKETMOVER_", env_file=".env", extra="ignore", frozen=True)

    home: Path = Field(
        default_factory=lambda: user_data_path("marketmover"),
        description="Folder of this installation; everything embedded lives in it.",
    )
    lake_url: str = Field(default="", description="History to scan and fit on: duckdb:///PATH. Empty: inside the home.")
    records_url: str = Field(
        default="",
        description="Rows that change: sqlite:///PATH or postgresql://HOST/DATABASE. Empty: inside the home.",
    )
    stream_url: str = Field(default="", description="Facts in order: `records` (a table in records). Empty: the same.")
    files_url: str = Field(
        default="",
        description="Models, exports, pictures: a folder, file://PATH, memory:// or s3://BUCKET. Empty: in the home.",
    )
    workspace: str = Field(default="default", description="The workspace that commands work in.")
