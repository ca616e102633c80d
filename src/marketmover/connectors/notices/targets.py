"""The options that all webhooks share."""

from pathlib import Path

from marketmover.connectors.notices.addresses import Target, UnsafeAddressError, target_of, target_of_host
from marketmover.connectors.notices.posting import TIMEOUT_S
from marketmover.monitoring.notices import Options


def target_option(options: Options) -> tuple[Target, str, float]:
    """`url`, `ca_file` and `timeout_s`, checked.

    Raises:
        SettingsError: One of them cannot be used. The URL is not repeated, since its path may be a secret.
    """
    try:
        target = target_of(options.text("url"), options.allowed_hosts)
    except UnsafeAddressError as error:
        raise options.wrong("url", str(error), error.remedy) from error
    return target, ca_option(options), float(options.whole("timeout_s", int(TIMEOUT_S), 1, 60))


def host_option(options: Options, host: str, port: int) -> Target:
    """A host that was named from afar: on the public internet, or one that the operator allows.

    Raises:
        SettingsError: It is neither.
    """
    try:
        return target_of_host(host, port, options.allowed_hosts)
    except UnsafeAddressError as error:
        raise options.wrong("host", str(error), error.remedy) from error


def ca_option(options: Options) -> str:
    """`ca_file`: a PEM file of a certificate authority of one's own; empty for none.

    Raises:
        SettingsError: It is not there.
    """
    path = options.text("ca_file", "")
    if path and not Path(path).is_file():
        raise options.wrong("ca_file", f"is {path}, which is no file", "Name a PEM file by its whole path.")
    return path
