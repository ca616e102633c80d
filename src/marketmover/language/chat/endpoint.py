"""Whom to ask: the address of a chat endpoint, as OpenAI, Azure, vLLM, Ollama and llama.cpp have it."""

import ipaddress
import re
import socket
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qs, urlsplit, urlunsplit

from marketmover.errors import SettingsError
from marketmover.language.chat.failures import NotSentError

AZURE_API_VERSION = "2024-10-21"  # the newest general release with json_schema
_AZURE_HOSTS = (".openai.azure.com", ".cognitiveservices.azure.com", ".services.ai.azure.com")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class Endpoint:
    """A chat endpoint and how it is asked.

    Attributes:
        url: Its base (`https://api.openai.com/v1`, `http://localhost:11434`), a deployment of Azure
            (`https://NAME.openai.azure.com/openai/deployments/NAME?api-version=...`), or the whole address.
        model: The model's name there; on Azure the deployment, where the URL names none.
        key: Its key; empty where it asks for none.
        timeout_s: Seconds for one answer.
        limit_s: Seconds for everything that is asked about one text: retries and a repair included.
        allow_http: Whether `http` may be used beyond this machine and private networks.
    """

    url: str
    model: str
    key: str = field(default="", repr=False)
    timeout_s: float = 30.0
    limit_s: float = 60.0
    allow_http: bool = False

    def __post_init__(self) -> None:
        """Refuse an address that cannot be one, before anything is sent.

        Raises:
            SettingsError: The URL is none, carries a password, or no model is named.
        """
        parts = _parts(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SettingsError(
                f"The language model's URL {self.shown!r} is no http or https address.",
                "Set MARKETMOVER_LLM_URL to one such as https://api.openai.com/v1 or http://localhost:11434.",
            )
        if parts.username or parts.password or any(name != "api-version" for name in parse_qs(parts.query)):
            raise SettingsError(
                f"The language model's URL at {parts.hostname} carries a name, a password or a parameter.",
                "Put the key into MARKETMOVER_LLM_KEY; only api-version may stand in MARKETMOVER_LLM_URL.",
            )
        if not self.model and not self._deployment:
            raise SettingsError("No language model is named.", "Set MARKETMOVER_LLM_MODEL to the model's name there.")
        if not (self.key.isascii() and self.key.isprintable()):
            raise SettingsError("The language model's key holds characters that no key has.", "Copy it anew.")

    @property
    def shown(self) -> str:
        """The address without its query, as it may be shown."""
        parts = _parts(self.url)
        return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))

    @property
    def name(self) -> str:
        """The model and where it runs, for people: `gpt-4o-mini at api.openai.com`."""
        return f"{self.model or self._deployment} at {_parts(self.url).netloc.rpartition('@')[2]}"

    @property
    def is_azure(self) -> bool:
        """Whether it speaks Azure's dialect: the key in `api-key`, the deployment in the path."""
        parts = _parts(self.url)
        host = (parts.hostname or "").lower()
        return host.endswith(_AZURE_HOSTS) or "/openai/deployments/" in parts.path or "api-version=" in parts.query

    @property
    def completions_url(self) -> str:
        """Where questions are posted."""
        return self._at("/chat/completions")

    @property
    def models_url(self) -> str:
        """Where the endpoint lists its models; asking costs nothing."""
        parts = _parts(self.url)
        if self.is_azure and not parts.path.rstrip("/").endswith("/v1"):
            return urlunsplit((parts.scheme, parts.netloc, "/openai/models", self._query, ""))
        return self._at("/models")

    @property
    def headers(self) -> dict[str, str]:
        """The headers of a question, with the key as this endpoint wants it."""
        plain = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "marketmover"}
        if not self.key:
            return plain
        return {**plain, **({"api-key": self.key} if self.is_azure else {"Authorization": f"Bearer {self.key}"})}

    @property
    def may_use_proxy(self) -> bool:
        """Whether a proxy of the environment may stand between; never on the way to a private address."""
        parts = _parts(self.url)
        host = (parts.hostname or "").lower()
        return (parts.scheme == "https" or self.allow_http) and host != "localhost" and not _is_inside(_address(host))

    def refuse_unsafe(self) -> None:
        """See where the name leads: never to a cloud's metadata service; by `http` only to private addresses.

        Raises:
            NotSentError: It leads where it must not, or nowhere.
        """
        parts = _parts(self.url)
        host = parts.hostname or ""
        if parts.scheme == "https" and _address(host) is None:
            return  # the certificate proves who answers; the name may only be known to a proxy
        addresses = _resolved(host)
        if any(one.is_link_local for one in addresses):
            message = f"The language model's host {host} leads to a link-local address."
            raise NotSentError(message, _NAME_IT, lasting=True)
        if parts.scheme == "http" and not self.allow_http and not all(_is_inside(one) for one in addresses):
            raise NotSentError(
                f"The language model at {host} would be sent texts and its key unencrypted over the internet.",
                "Use https, or set MARKETMOVER_LLM_ALLOW_HTTP=true if the way there is safe.",
                lasting=True,
            )

    def _at(self, tail: str) -> str:
        parts = _parts(self.url)
        path = parts.path.rstrip("/").removesuffix("/chat/completions")
        if self.is_azure and not path.endswith("/v1") and not self._deployment:
            path = f"{path.removesuffix('/openai')}/openai/deployments/{self.model}"
        return urlunsplit((parts.scheme, parts.netloc, f"{path or '/v1'}{tail}", self._query, ""))

    @property
    def _deployment(self) -> str:
        found = re.search(r"/openai/deployments/([^/?]+)", _parts(self.url).path)
        return found.group(1) if found else ""

    @property
    def _query(self) -> str:
        parts = _parts(self.url)
        if parts.query or not self.is_azure or parts.path.rstrip("/").endswith("/v1"):
            return parts.query
        return f"api-version={AZURE_API_VERSION}"


_NAME_IT = "Set MARKETMOVER_LLM_URL to the host on which the language model runs."


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url.strip())
        parts.port  # noqa: B018 - reading it is what refuses a port that is none
    except ValueError as error:
        raise SettingsError("The language model's URL cannot be read.", "Check MARKETMOVER_LLM_URL.") from error
    return parts


def _address(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_inside(address: Address | None) -> bool:
    return address is not None and (address.is_loopback or address.is_private) and not address.is_unspecified


def _resolved(host: str) -> list[Address]:
    try:
        found = socket.getaddrinfo(host, None, proto=socket.IPPROTO_TCP)
    except OSError as error:
        raise NotSentError(f"The language model's host {host} is not known.", _NAME_IT) from error
    addresses = [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]
    return [getattr(one, "ipv4_mapped", None) or one for one in addresses]
