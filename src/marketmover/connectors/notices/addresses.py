"""Where a webhook's URL may lead: `https` to the public internet; anything else only by the operator's leave."""

import ipaddress
import socket
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from marketmover.errors import PlatformError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_ALLOW = (
    'If it is meant, add the host on the server: allow_hosts = ["{host}"] in notices.toml, or, for notices set over '
    "the API, MARKETMOVER_ALLOWED_HOSTS={host}."
)


class UnsafeAddressError(ValueError):
    """A URL that may not be used; `remedy` says what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


@dataclass(frozen=True)
class Target:
    """A URL that may be used as it is written; where its name leads is looked at before each call.

    Attributes:
        url: As configured; a secret where the path is one.
        host: In lower case.
        port: The one to connect to.
        allowed: Whether the operator lets the host lie on this machine or in a private network.
    """

    url: str
    host: str
    port: int
    allowed: bool

    @property
    def shown(self) -> str:
        """The host alone: paths and queries of webhooks are secrets."""
        return self.host

    def address(self) -> str:
        """One of the host's addresses to connect to, each of them looked at first.

        A name may lead elsewhere a moment later, so it is this address that is connected to, not the name.

        Raises:
            PlatformError: The name is not known now (`unavailable`), or leads where it must not (`refused`).
        """
        addresses = _resolved(self.host, self.port)
        inside = [one for one in addresses if not is_public(one)]
        bad = [one for one in inside if not self.allowed or _inner(one).is_link_local or _inner(one).is_multicast]
        if bad:
            raise PlatformError(
                f"{self.host} leads to {bad[0]}, which is not on the public internet; nothing was sent.",
                "A link-local address is never used."
                if _inner(bad[0]).is_link_local
                else _ALLOW.format(host=self.host),
                kind="refused",
            )
        return str(addresses[0])


def target_of(url: str, allowed_hosts: Collection[str]) -> Target:
    """Check a URL as it is written.

    Args:
        url: From the configuration.
        allowed_hosts: Hosts, or `host:port`, in lower case, that may lie on this machine or in a private network.

    Raises:
        UnsafeAddressError: It may not be used.
    """
    parts = _parts(url)
    host = (parts.hostname or "").lower().rstrip(".")
    port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    allowed = _is_allowed(host, port, allowed_hosts)
    if parts.scheme not in {"https", "http"} or not host:
        raise UnsafeAddressError("is no web address", "Write one that begins with https://")
    if parts.username or parts.password:
        raise UnsafeAddressError("has a user or password in it", "Leave them out; webhooks have none.")
    if parts.scheme == "http" and not (allowed and _is_loopback(host)):
        raise UnsafeAddressError(
            "is not https", "Write https://; http is for this machine alone, and only where allow_hosts has the host."
        )
    _refuse_literal(host, allowed=allowed)
    return Target(url, host, port, allowed)


def target_of_host(host: str, port: int, allowed_hosts: Collection[str]) -> Target:
    """Check a host that is spoken to otherwise than by a URL, such as a mail server.

    Raises:
        UnsafeAddressError: It may not be used.
    """
    name = host.lower().rstrip(".")
    allowed = _is_allowed(name, port, allowed_hosts)
    if name == "localhost" and not allowed:
        raise UnsafeAddressError("is this machine", _ALLOW.format(host=name))
    _refuse_literal(name, allowed=allowed)
    return Target("", name, port, allowed)


def _is_allowed(host: str, port: int, allowed_hosts: Collection[str]) -> bool:
    return bool({host, f"{host}:{port}"} & set(allowed_hosts))


def _refuse_literal(host: str, *, allowed: bool) -> None:
    literal = _literal(host)
    if literal is not None and not is_public(literal) and not allowed:
        raise UnsafeAddressError(f"leads to {literal}, which is not public", _ALLOW.format(host=host))


def is_public(address: Address) -> bool:
    """Whether an address is on the public internet, the IPv4 address within an IPv6 one included."""
    inner = _inner(address)
    return inner.is_global and not inner.is_multicast and not inner.is_reserved


def _inner(address: Address) -> Address:
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address.sixtofour is not None:
            return address.sixtofour
        if address in _NAT64:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it is what refuses a port that is none
    except ValueError as error:
        raise UnsafeAddressError("is no web address", "Write one that begins with https://") from error
    return parts


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


def _is_loopback(host: str) -> bool:
    literal = _literal(host)
    return host == "localhost" or (literal is not None and literal.is_loopback)


def _resolved(host: str, port: int) -> list[Address]:
    try:
        found = socket.getaddrinfo(host, port, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError) as error:
        raise PlatformError(
            f"The host {host} is not known.", "Check its name, and this machine's network.", kind="unavailable"
        ) from error
    return [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]
