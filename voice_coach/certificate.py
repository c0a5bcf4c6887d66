"""The certificate of this computer in its own network, made here and kept for its owner alone.

A browser lets a page use the microphone only if it comes over TLS. No authority vouches for an
address such as 192.168.1.20, so the certificate is signed by itself, and the person accepts it once
in the browser. It is kept, so that this stays "once", until it expires or the address changes.
"""

from __future__ import annotations

import ipaddress
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from voice_coach.errors import CoachError
from voice_coach.plain_files import read_plain
from voice_coach.private import private_file, private_folder

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography.x509 import Certificate, GeneralName

LASTS = timedelta(days=397)
"""Apple accepts no certificate that lasts for longer (support.apple.com/102028)."""
RENEWED = timedelta(days=30)
"""Before its end, so that it does not expire in a session or on a holiday."""
LARGEST = 20_000
"""Bytes that the file may have; it has two thousand."""


class NoCertificate(CoachError):
    """There can be no certificate; the message says why and what to do."""


def certificate_for(host: str, folder: Path, now: datetime | None = None) -> Path:
    """Give a PEM file with a certificate of `host` and its private key, made anew if needed.

    Raises ``NoCertificate`` or ``OSError``.
    """
    try:
        from cryptography import x509  # noqa: F401, PLC0415 - it is an extra
    except ImportError:
        raise NoCertificate(
            "To serve a phone, two more packages are needed: pip install 'voice-coach[phone]'."
        ) from None
    now = now or datetime.now(timezone.utc)
    path = private_folder(folder) / "phone.pem"
    if not _holds(path, host, now):
        _write(path, _made(host, now))
    return path


def _holds(path: Path, host: str, now: datetime) -> bool:
    """Tell whether the file has a certificate of the host that lasts, and its key."""
    from cryptography import x509  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

    with suppress(OSError, ValueError, TypeError, x509.ExtensionNotFound):
        pem = read_plain(private_file(path), LARGEST)
        certificate: Certificate = x509.load_pem_x509_certificate(pem)
        key = load_pem_private_key(pem, password=None)
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        return (
            certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc - RENEWED
            and _name(host) in names
            and certificate.public_key() == key.public_key()
        )
    return False


def _made(host: str, now: datetime) -> bytes:
    from cryptography import x509  # noqa: PLC0415
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID  # noqa: PLC0415

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "voice-coach on this computer")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))  # a phone's clock may be late
        .not_valid_after(now + LASTS - timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([_name(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _name(host: str) -> GeneralName:
    from cryptography import x509  # noqa: PLC0415

    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        return x509.DNSName(host.encode("idna").decode("ascii"))
    except UnicodeError:
        raise NoCertificate(f"'{host}' cannot be a computer's name: give another.") from None


def _write(path: Path, pem: bytes) -> None:
    """Put it in place of what was there, in one step."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    try:
        private_file(fresh, new=True).write_bytes(pem)
        fresh.replace(path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
