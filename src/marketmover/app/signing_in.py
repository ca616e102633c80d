"""How people sign in, as the settings say."""

from datetime import timedelta
from typing import TYPE_CHECKING

from marketmover.access import Oidc, Rules
from marketmover.errors import SettingsError

if TYPE_CHECKING:
    from marketmover.settings import Settings


def rules_of(settings: "Settings") -> Rules:
    """How people sign in to an installation with these settings.

    Raises:
        SettingsError: The provider is named, and what it calls us is not.
    """
    if settings.oidc_issuer and not settings.oidc_client_id:
        raise SettingsError(
            "MARKETMOVER_OIDC_ISSUER is set, and MARKETMOVER_OIDC_CLIENT_ID is not.",
            "Register this installation with the provider, and set what it calls it (docs/access.md).",
        )
    domains = (domain.strip().lower().removeprefix("@") for domain in settings.oidc_domains.split(","))
    provider = Oidc(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value(),
        role=settings.oidc_role,
        domains=frozenset(filter(None, domains)),
        workspace=settings.workspace,
    )
    return Rules(
        public_url=settings.public_url,
        idle=timedelta(hours=settings.session_idle_hours),
        lasts=timedelta(hours=settings.session_hours),
        oidc=provider,
    )
