"""Certificates for the simulated Google Ads: an authority of the sandbox's own, and a server's for this machine alone."""

import ipaddress
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from marketmover.kit import utc_now

CA_FILE = "ca.pem"
_LIFE, _SPARE = timedelta(days=365), timedelta(days=7)
_AUTHORITY = "marketmover sandbox (simulated)"


@dataclass(frozen=True)
class Certificates:
    """What a TLS server needs, PEM: its key, its certificate, and the authority that clients must trust."""

    key: bytes
    chain: bytes
    ca: bytes


def certificates_in(folder: Path) -> Certificates:
    """The certificates of a served folder: those of the last time, or new ones where there are none or they end soon.

    The authority's own key is thrown away, so nobody can sign anything else with it.
    """
    ca, key, chain = folder / CA_FILE, folder / "serving" / "server.key", folder / "serving" / "server.pem"
    if all(path.is_file() for path in (ca, key, chain)):
        found = Certificates(key.read_bytes(), chain.read_bytes(), ca.read_bytes())
        if _last_moment(found.chain) > utc_now() + _SPARE:
            return found
    made = _made(utc_now())
    chain.parent.mkdir(parents=True, exist_ok=True)
    for path, content in ((key, made.key), (chain, made.chain), (ca, made.ca)):
        _write(path, content)
    return made


def _write(path: Path, content: bytes) -> None:
    draft = path.with_name(f".{path.name}.new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    draft.replace(path)


def _last_moment(chain: bytes) -> datetime:
    from cryptography import x509

    return x509.load_pem_x509_certificate(chain).not_valid_after_utc


def _made(now: datetime) -> Certificates:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    def named(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    def begun(subject: str, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        first = now - timedelta(days=1)
        made = x509.CertificateBuilder(named(_AUTHORITY), named(subject), public, x509.random_serial_number())
        return made.not_valid_before(first).not_valid_after(now + _LIFE)

    authority, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    signs = x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    ca = (
        begun(_AUTHORITY, authority.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(signs, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(authority.public_key()), critical=False)
        .sign(authority, hashes.SHA256())
    )
    here = [x509.DNSName("localhost"), *(x509.IPAddress(ipaddress.ip_address(one)) for one in ("127.0.0.1", "::1"))]
    leaf = (
        begun("localhost", key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(here), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key()), critical=False)
        .sign(authority, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    told = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    return Certificates(told, leaf.public_bytes(pem), ca.public_bytes(pem))
