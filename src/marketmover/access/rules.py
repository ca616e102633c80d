"""How people sign in to this installation: values that the settings give, and the cookies that follow from them."""

from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

_LOCAL = "http://127.0.0.1:8000"


@dataclass(frozen=True)
class Oidc:
    """An OpenID provider.

    Attributes:
        issuer: Its address, as its tokens name it; empty: people sign in by password alone.
        client_id: What it calls this installation.
        client_secret: What this installation proves itself by; empty for a public client.
        role: The role of people who come for the first time; empty: those alone who were invited may come in.
        domains: Domains of e-mails from which new people come; empty: all that the provider knows.
        workspace: Where new people belong.
    """

    issuer: str = ""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    role: str = ""
    domains: frozenset[str] = frozenset()
    workspace: str = "default"


@dataclass(frozen=True)
class Rules:
    """How people sign in.

    Attributes:
        public_url: Where browsers reach this installation, without a path; empty: on this machine.
        idle: How long a session lasts that nobody uses.
        lasts: How long a session lasts at most.
        oidc: The OpenID provider.
    """

    public_url: str = ""
    idle: timedelta = timedelta(hours=12)
    lasts: timedelta = timedelta(days=7)
    oidc: Oidc = field(default_factory=Oidc)

    @property
    def secure(self) -> bool:
        """Whether browsers come by https, so that cookies go by it alone."""
        return urlsplit(self.public_url).scheme == "https"

    @property
    def base_url(self) -> str:
        """Where browsers reach this installation, without a slash at the end."""
        return (self.public_url or _LOCAL).rstrip("/")

    @property
    def session_cookie(self) -> str:
        """The name of the session's cookie. By https a browser takes it from this very host alone (RFC 6265bis)."""
        return self._cookie("marketmover")

    @property
    def oidc_cookie(self) -> str:
        """The name of the cookie that binds a sign-in at a provider to the browser that began it."""
        return self._cookie("marketmover-oidc")

    def _cookie(self, name: str) -> str:
        return f"__Host-{name}" if self.secure else name


def local_path(path: str | None) -> str:
    """A path of this installation to go on to, never another host's address.

    >>> local_path("/plans?of=shop"), local_path("//evil.example"), local_path("https://evil.example")
    ('/plans?of=shop', '/', '/')
    """
    if path is None or not path.startswith("/") or path.startswith("//") or "\\" in path:
        return "/"
    return path if path.isascii() and path.isprintable() and len(path) <= 1_000 else "/"
