"""What commands are handed: the stores, and what else the settings name, each opened when it is first used."""

import os
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from marketmover.errors import NotFoundError, SettingsError
from marketmover.kit import utc_now
from marketmover.store import StoreOpener

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketmover.access import Account, Keys, Rules, Secrets
    from marketmover.campaigns.publishing.platform import AdPlatform
    from marketmover.history.pulls.source import AdExports, SourceAccount
    from marketmover.jobs import Job
    from marketmover.language import TextModel
    from marketmover.monitoring.notices import Configuration, Notifier
    from marketmover.monitoring.notices.routing import Route
    from marketmover.plans import Plan


class App(StoreOpener):
    """An installation, as its settings have it."""

    def text_model(self) -> "TextModel | None":
        """The language model that helps to read briefs; `None` where the settings name none."""
        if (self._given is None and _nothing_is_set()) or not self.settings.llm_url:
            return None
        from marketmover.app.language_model import chat_client

        return chat_client(self)

    @cached_property
    def keys(self) -> "Keys":
        """The keys that seal secrets."""
        from marketmover.access import Keys

        return Keys(self.settings.secret_key.get_secret_value(), self.settings.home)

    @cached_property
    def secrets(self) -> "Secrets":
        """The workspace's secrets."""
        from marketmover.access import Secrets

        return Secrets(self.keys, self.workspace)

    @cached_property
    def rules(self) -> "Rules":
        """How people sign in."""
        from marketmover.app.signing_in import rules_of

        return rules_of(self.settings)

    def accounts(self, platform: str | None = None) -> "list[Account]":
        """The connected accounts by name; of one platform alone where it is named."""
        from marketmover.access import accounts_of

        with self.home() as stores, stores.records.session(read_only=True) as session:
            return accounts_of(session, self.workspace, platform)

    def account(self, name: str) -> "Account":
        """A connected account by its name, or by its platform's where that has one.

        Raises:
            NotFoundError: There is none.
            UsageError: The platform has several.
        """
        from marketmover.access import find_account

        with self.home() as stores, stores.records.session(read_only=True) as session:
            return find_account(session, self.workspace, name)

    def credentials(self, account: "Account") -> dict[str, str]:
        """What opens an account, by its connector's names.

        A sandbox's ports change when it is served anew, so that what it says now goes before what was kept.

        Raises:
            SettingsError: The key that sealed them is not here.
        """
        from marketmover.access import credentials
        from marketmover.app.connecting import read_sandbox

        with self.home() as stores, stores.records.session(read_only=True) as session:
            kept = credentials(session, account, self.secrets)
        folder = account.settings.get("sandbox")
        return read_sandbox(Path(folder), account.platform) if folder else kept

    def exports_of(self, account: "Account") -> "AdExports":
        """Where an account's exports are pulled from: the platform, and a CRM where the connection names one."""
        from marketmover.app.accounts.access_life import NotedExports
        from marketmover.app.connecting import exports_of

        def note(found: "SourceAccount") -> None:
            if found.access_ends != account.access_ends:
                self._note_access_ends(account.name, found)

        return NotedExports(exports_of(account.platform, self.credentials(account)), note)

    def _note_access_ends(self, name: str, found: "SourceAccount") -> None:
        from marketmover.access import note_access_ends

        with self.home() as stores, stores.records.session() as session:
            note_access_ends(session, self.workspace, name, found.access_ends)

    def platform_of(self, account: "Account") -> "AdPlatform":
        """Where plans are published to an account."""
        from marketmover.app.connecting import connector_of

        return connector_of(account.platform).platform(self.credentials(account))

    def plan_folder(self, plan_id: str) -> Path:
        """Where a plan of the home lies: its `plan.json`, and what is in force of it.

        Raises:
            NotFoundError: The workspace has no such plan.
        """
        from marketmover.campaigns.kept import Shelf, plan_folder

        return plan_folder(Shelf(self.settings.home, self.workspace), plan_id)

    def plan_of(self, plan_id: str) -> "Plan":
        """A plan of the home; it stays in memory, so nobody may change it.

        Raises:
            NotFoundError: The workspace has no such plan.
        """
        from marketmover.campaigns.kept import read_plan

        return read_plan(self.plan_folder(plan_id))

    def running_plans(self) -> list[str]:
        """Ids of the home's plans that run, on the day after the last one known."""
        from marketmover.campaigns.kept import Shelf
        from marketmover.campaigns.kept.plans import Filter, list_plans
        from marketmover.history.pulls import freshness

        with self.home() as stores, stores.records.session(read_only=True) as session:
            known = [one.last_day for one in freshness(session, self.workspace, utc_now()) if one.last_day]
            today = max(known) + timedelta(days=1) if known else utc_now().date()
            shelf = Shelf(self.settings.home, self.workspace)
            plans = list_plans(session, shelf, Filter(standing="running"), today=today, limit=_MOST_PLANS)
        return [plan.row.id for plan in plans]

    def check_account(self, platform: str, credentials: Mapping[str, str]) -> "SourceAccount":
        """Ask a platform for the account behind credentials."""
        from marketmover.app.connecting import check_account

        return check_account(platform, credentials)

    def notifiers(self) -> dict[str, Any]:
        """Ways to tell people, by name."""
        from marketmover.app.connecting import notifiers

        return notifiers()

    def jobs(self) -> "Sequence[Job]":
        """The jobs of this workspace as they are now, with the schedules that the settings give them."""
        from marketmover.app.scheduled import jobs_of

        return jobs_of(self)

    @property
    def most_unpacked(self) -> int:
        """Bytes that the files of an upload may unpack to."""
        return 5 * self.settings.upload_limit

    @property
    def notices_file(self) -> Path:
        """Where the routes of notices stand: a workspace's people are told of nothing of another one."""
        from marketmover.monitoring.notices.configuration import file_of

        return self.settings.home / file_of(self.workspace)

    def notices(self) -> "Configuration | None":
        """Who is told of what: as a person set it by the API, else as `notices.toml` has it; `None` for neither."""
        from marketmover.monitoring.notices import configuration_kept, read_configuration
        from marketmover.settings import names_in

        with self.home() as stores, stores.records.session(read_only=True) as session:
            kept = configuration_kept(session, self.workspace, names_in(self.settings.allowed_hosts))
        if kept is not None:
            return kept
        return read_configuration(self.notices_file) if self.notices_file.exists() else None

    def notifier_of(self, configuration: "Configuration") -> "Callable[[Route], Notifier]":
        """Makes the notifier of a route, its secrets looked up in the environment or unsealed."""
        from marketmover.app.notifying import notifiers_by

        return notifiers_by(configuration, self.notifiers(), self._notice_secret)

    def keep_notice_secret(self, name: str, value: str) -> None:
        """Seal what `secret:NAME` stands for in `notices.toml`."""
        from marketmover.access import audit

        with self.home() as stores, stores.records.session() as session:
            self.secrets.keep(session, f"{_NOTICES}/{name}", {"value": value})
            audit.append(
                session, self.workspace, who=audit.this_person(), what="secret.kept", about=f"notices secret {name}"
            )

    def _notice_secret(self, name: str) -> str:
        with self.home() as stores, stores.records.session(read_only=True) as session:
            try:
                return self.secrets.reveal(session, f"{_NOTICES}/{name}")["value"]
            except NotFoundError as error:
                raise SettingsError(
                    f"There is no secret {name!r}.", f"Keep it with: marketmover notices secret {name}"
                ) from error


_NOTICES = "notices"
_MOST_PLANS = 1_000


def _nothing_is_set() -> bool:
    """Whether no variable and no `.env` can say anything: then reading them is a tenth of a short command's time."""
    return not Path(".env").exists() and not any(name.upper().startswith("MARKETMOVER_") for name in os.environ)
