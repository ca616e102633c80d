"""An installation that the tests of this room work with: people, their passwords, and the present moment."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from marketmover.access import Entry, Keys, Rules, authenticate
from marketmover.access.links.service import Redeemed, invite, redeem
from marketmover.access.people.service import add_person, join, person_by_email
from marketmover.access.permissions import Asker
from marketmover.access.records import PersonRow
from marketmover.access.sessions.passwords import hashed
from marketmover.access.sessions.service import From
from marketmover.access.sessions.signing_in import Shown, sign_in
from marketmover.access.tokens import csrf_of
from marketmover.access.workspaces.service import create_workspace
from marketmover.store import Records

NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
PASSWORD = "four walls and a red roof"  # noqa: S105 - of nobody
SERVER = Asker("the server")
HERE = From("198.51.100.7", "Firefox")


@dataclass
class Installation:
    """Records and keys, and what time it is."""

    records: Records
    keys: Keys
    rules: Rules = field(default_factory=Rules)
    now: datetime = NOW

    def later(self, **time: float) -> "Installation":
        """Some time goes by."""
        self.now += timedelta(**time)
        return self

    def workspace(self, name: str) -> str:
        """Another workspace."""
        with self.records.session() as session:
            create_workspace(session, name, name.title(), who="the server", now=self.now)
        return name

    def person(self, email: str, role: str = "", workspace: str = "default") -> PersonRow:
        """Somebody with `PASSWORD`, in a workspace where a role is named."""
        with self.records.session() as session:
            person = person_by_email(session, email)
            if person is None:
                person = add_person(session, email, email.partition("@")[0].title(), self.now)
                person.password = hashed(PASSWORD)
            if role:
                join(session, workspace, person, role, who="the server", now=self.now)
        return person

    def sign_in(
        self, email: str, password: str = PASSWORD, code: str = "", origin: From = HERE, former: str | None = None
    ) -> str:
        """Sign in; gives the cookie's value."""
        shown = Shown(email, password, code)
        return sign_in(self.records, self.keys, self.rules, shown, origin, self.now, former=former)

    def by_cookie(self, cookie: str, method: str = "GET", workspace: str | None = None) -> Entry | None:
        """Who asks by a cookie, with its CSRF token."""
        return self.asking(cookie=cookie, csrf=csrf_of(cookie), method=method, workspace=workspace)

    def by_key(self, key: str, workspace: str | None = None) -> Entry | None:
        """Who asks by a key."""
        return self.asking(authorization=f"Bearer {key}", workspace=workspace)

    def asking(
        self,
        *,
        authorization: str | None = None,
        cookie: str | None = None,
        csrf: str | None = None,
        method: str = "GET",
        workspace: str | None = None,
    ) -> Entry | None:
        """Who asks, by a transaction that cannot write."""
        with self.records.session(read_only=True) as session:
            return authenticate(
                session,
                self.rules,
                authorization=authorization,
                cookie=cookie,
                csrf=csrf,
                method=method,
                workspace=workspace,
                now=self.now,
            )

    def invited(self, email: str, role: str, workspace: str = "default", by: Asker = SERVER) -> str:
        """The token of an invitation."""
        with self.records.session() as session:
            return invite(session, workspace, email, role, by=by, now=self.now)[1]

    def redeem(
        self, token: str, email: str = "", password: str = PASSWORD, code: str = "", signed_in: str | None = None
    ) -> PersonRow:
        """Open a link."""
        given = Redeemed(email, "Somebody", Shown(email, password, code))
        return redeem(self.records, self.keys, token, given, HERE, self.now, signed_in=signed_in)[0]


def installation(records: Records, home: Path) -> Installation:
    """One on these records."""
    return Installation(records, Keys("", home))
