"""Servers that the settings name: where they are, who logs in, and whom TLS trusts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from voice_coach.errors import CoachError
from voice_coach.plain_files import read_plain

if TYPE_CHECKING:
    from ssl import SSLContext

    from typing_extensions import Self

POSTGRESQL_PORT = 5432
"""The usual one, by the list of IANA."""
LONGEST_PASSWORD = 1000
LONGEST_CERTIFICATE = 1_000_000
"""Bytes: a chain has some thousand, all authorities of a system have a quarter of a million."""


class Server(BaseModel):
    """A table of the settings. No password stands in it, only the name of a file with one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    unusable: ClassVar[type[CoachError]] = CoachError
    """What is raised where it cannot be used as it is set."""

    host: str = ""
    """Its name or address; empty where there is none."""
    port: Annotated[int, Field(ge=0, le=65535)] = 0
    """0 is the usual one."""
    user: str = ""
    """The user there; empty where it asks for none."""
    password_file: str = ""
    """The file with the user's password, on one line."""
    tls: bool = False
    """Whether to speak through TLS, to a server that an authority vouches for."""
    ca_file: str = ""
    """The certificate of that authority; empty: any that this computer trusts."""
    certificate_file: str = ""
    """The certificate by which the server knows who connects; empty where it asks for none."""
    key_file: str = ""
    """The private key of that certificate; empty: it is in the same file."""

    @model_validator(mode="after")
    def _check_tls(self) -> Self:
        if (self.ca_file or self.certificate_file or self.key_file) and not self.tls:
            raise ValueError("needs tls = true beside a file of TLS; add it")
        if self.key_file and not self.certificate_file:
            raise ValueError("needs certificate_file beside key_file; add it")
        return self

    def password(self) -> str | None:
        """Read the password; None if no file is named. Raises ``unusable`` or ``OSError``."""
        word = self._read("password_file", LONGEST_PASSWORD)
        if word is None:
            return None
        try:
            return word.decode("utf-8-sig").rstrip("\r\n")
        except UnicodeDecodeError:
            raise self.unusable(
                f"{self.password_file}: is not UTF-8 text; save it as UTF-8."
            ) from None

    def tls_context(self) -> SSLContext:
        """Give whom to trust, and what to prove; raises ``unusable`` or ``OSError``."""
        import ssl  # noqa: PLC0415 - it takes 0.01 s, and few need it

        # An empty file must not count as none: ssl would then trust all authorities of the system.
        named = self._read("ca_file", LONGEST_CERTIFICATE) is not None
        authority = self._path("ca_file") if named else None
        try:
            context = ssl.create_default_context(cafile=authority)
        except ssl.SSLError:
            raise self.unusable(
                f"{self.ca_file}: holds no certificate in PEM: mend ca_file in your settings file."
            ) from None
        if self.certificate_file:
            for key in ("certificate_file", "key_file"):
                self._read(key, LONGEST_CERTIFICATE)  # ssl would not say which of them is missing
            key_file = self._path("key_file") if self.key_file else None
            try:
                context.load_cert_chain(self._path("certificate_file"), key_file, password="")
            except ssl.SSLError:
                raise self.unusable(
                    f"{self.certificate_file}: cannot be used with its key: both must be PEM, the "
                    "key must be that of the certificate, and have no passphrase."
                ) from None
        return context

    def _read(self, key: str, longest: int) -> bytes | None:
        """Give what is in the file that a setting names; None if it names none."""
        if not getattr(self, key):
            return None
        try:
            return read_plain(self._path(key), longest)
        except (ValueError, RuntimeError):  # no name that a file can have, or no such user's home
            raise self.unusable(
                f"{key} in the settings, {getattr(self, key)!r:.60}, cannot be the name of a file: "
                "mend it there."
            ) from None

    def _path(self, key: str) -> Path:
        return Path(getattr(self, key)).expanduser()


class NoDatabase(CoachError):
    """The database cannot be used as it is set; the message says what to do."""


class PostgreSQL(Server):
    """The table ``[postgresql]`` of the settings: where a board keeps what it must not forget."""

    unusable: ClassVar[type[CoachError]] = NoDatabase

    name: str = "voice_coach"
    """The name of the database."""

    @model_validator(mode="after")
    def _check_user(self) -> Self:
        if self.host and not self.user:
            raise ValueError("needs user beside host; add it")
        return self

    def __str__(self) -> str:
        """Give the address as it is usually written; empty where there is no database."""
        return f"{self.host}:{self.usual_port}/{self.name}" if self.host else ""

    @property
    def usual_port(self) -> int:
        """The port, also where none is set."""
        return self.port or POSTGRESQL_PORT
