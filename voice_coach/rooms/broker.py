"""Where the broker is, and the client that speaks MQTT with it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from voice_coach.errors import CoachError
from voice_coach.plain_files import read_plain

if TYPE_CHECKING:
    from ssl import SSLContext

    from paho.mqtt.client import Client
    from typing_extensions import Self

USUAL_PORT, USUAL_TLS_PORT = 1883, 8883
"""Of MQTT, by the list of IANA."""
KEEP_ALIVE = 10
"""Seconds without a word after which broker and room ask for a sign of life. Half as many more, and
the broker takes the room for lost; as many more, and the room connects anew."""
BOARD_KEEP_ALIVE = 3
"""The same for a board, which has to notice soon that what it shows is old."""
LONGEST_ABSENCE = 24 * 3600
"""Seconds for which the broker keeps events for a board that is away."""
CONNECTING = 2.0
"""Seconds a connection may take; in a house it takes hundredths."""
UNACKNOWLEDGED = 3.0
"""Seconds after which a connection ends on which the other side acknowledges nothing, on Linux. TCP
tries again after ever longer pauses, so a network that is back could go unused for as long as it
was away. In three seconds no pause is as long as two."""
LONGEST_MESSAGE = 1024
"""Bytes of a message that the broker may pass on. A room takes fewer than fifty, and tells fewer
than six hundred."""
LONGEST_PASSWORD = 1000
LONGEST_CERTIFICATE = 1_000_000
"""Bytes: a chain has some thousand, all authorities of a system have a quarter of a million."""


class NoBroker(CoachError):
    """There can be no connection; the message says why and what to do."""


def missing(purpose: str, extra: str) -> NoBroker:
    """Say that an extra is not installed."""
    return NoBroker(f"{purpose}, install one more part: pip install 'voice-coach[{extra}]'.")


class Broker(BaseModel):
    """The table ``[mqtt]`` of the settings."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = ""
    """Its name or address; empty where there is none."""
    port: Annotated[int, Field(ge=0, le=65535)] = 0
    """0 is the usual one: 1883, or 8883 with TLS."""
    user: str = ""
    """The user at the broker; empty for a broker that asks for none."""
    password_file: str = ""
    """The file with the user's password, on one line."""
    tls: bool = False
    """Whether to speak through TLS, to a broker that an authority vouches for."""
    ca_file: str = ""
    """The certificate of that authority; empty: any that this computer trusts."""
    certificate_file: str = ""
    """The certificate by which the broker knows who connects; empty for a broker that asks for
    none."""
    key_file: str = ""
    """The private key of that certificate; empty: it is in the same file."""

    @model_validator(mode="after")
    def _check_tls(self) -> Self:
        if (self.ca_file or self.certificate_file or self.key_file) and not self.tls:
            raise ValueError("needs tls = true beside a file of TLS; add it")
        if self.key_file and not self.certificate_file:
            raise ValueError("needs certificate_file beside key_file; add it")
        return self

    def __str__(self) -> str:
        """Give the address as it is usually written; empty where there is no broker."""
        return f"{self.host}:{self._port}" if self.host else ""

    @property
    def _port(self) -> int:
        return self.port or (USUAL_TLS_PORT if self.tls else USUAL_PORT)

    def client(self, room: str) -> Client:
        """Make the client of a room; it does not connect before its ``reconnect`` is called.

        Raises ``NoBroker``, ``InvalidRoom`` or ``OSError``.
        """
        from secrets import token_hex  # noqa: PLC0415 - each takes time, and few need a room

        from voice_coach.rooms.messages import OFFLINE, Topics  # noqa: PLC0415

        topics = Topics(room)
        # Each room has an identifier of its own, and keeps it at each connection. So the broker
        # ends a lost connection before this one begins, whose word its last will cannot follow.
        identifier = f"{topics.device}-{token_hex(4)}"
        client = self._client("To tell a broker about this room", "rooms", identifier)
        client.will_set(topics.availability, OFFLINE, qos=1, retain=True)
        self._aim(client, KEEP_ALIVE, absent=0)
        return client

    def board_client(self, identifier: str) -> Client:
        """Make the client of the board with this identifier, as ``client`` does.

        The broker keeps events for it while it is away. Raises ``NoBroker`` or ``OSError``.
        """
        client = self._client("To show the rooms of a broker", "board", identifier)
        self._aim(client, BOARD_KEEP_ALIVE, absent=LONGEST_ABSENCE)
        return client

    def _client(self, purpose: str, extra: str, identifier: str) -> Client:
        try:
            from paho.mqtt import client as mqtt  # noqa: PLC0415 - it is an extra
            from paho.mqtt.enums import CallbackAPIVersion  # noqa: PLC0415
        except ImportError:
            raise missing(purpose, extra) from None
        if not self.host:
            raise NoBroker(
                f"{purpose}, write into your settings file where the broker "
                'is: [mqtt], and below it host = "192.168.1.10".'
            )
        client = mqtt.Client(CallbackAPIVersion.VERSION2, identifier, protocol=mqtt.MQTTv5)
        client.connect_timeout = CONNECTING
        client.on_socket_open = _give_up_soon
        if self.user:
            client.username_pw_set(self.user, self._password())
        if self.tls:
            client.tls_set_context(self._context())
        return client

    def _aim(self, client: Client, keep_alive: int, *, absent: int) -> None:
        """Say how to connect, and for how many seconds the broker keeps what it missed."""
        from paho.mqtt.packettypes import PacketTypes  # noqa: PLC0415 - it is an extra
        from paho.mqtt.properties import Properties  # noqa: PLC0415

        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.MaximumPacketSize = LONGEST_MESSAGE
        if absent:
            properties.SessionExpiryInterval = absent
        client.connect_async(
            self.host, self._port, keep_alive, clean_start=not absent, properties=properties
        )

    def _password(self) -> str | None:
        word = self._read("password_file", LONGEST_PASSWORD)
        if word is None:
            return None
        try:
            return word.decode("utf-8-sig").rstrip("\r\n")
        except UnicodeDecodeError:
            raise NoBroker(f"{self.password_file}: is not UTF-8 text; save it as UTF-8.") from None

    def _context(self) -> SSLContext:
        """Give whom to trust, and what to prove; raises ``NoBroker`` or ``OSError``."""
        import ssl  # noqa: PLC0415 - it takes 0.01 s, and few rooms need it

        # An empty file must not count as none: ssl would then trust all authorities of the system.
        named = self._read("ca_file", LONGEST_CERTIFICATE) is not None
        authority = self._path("ca_file") if named else None
        try:
            context = ssl.create_default_context(cafile=authority)
        except ssl.SSLError:
            raise NoBroker(
                f"{self.ca_file}: holds no certificate in PEM: mend ca_file in your settings file."
            ) from None
        if self.certificate_file:
            for key in ("certificate_file", "key_file"):
                self._read(key, LONGEST_CERTIFICATE)  # ssl would not say which of them is missing
            key_file = self._path("key_file") if self.key_file else None
            try:
                context.load_cert_chain(self._path("certificate_file"), key_file, password="")
            except ssl.SSLError:
                raise NoBroker(
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
            raise NoBroker(
                f"{key} in the settings, {getattr(self, key)!r:.60}, cannot be the name of a file: "
                "mend it there."
            ) from None

    def _path(self, key: str) -> Path:
        return Path(getattr(self, key)).expanduser()


def _give_up_soon(_client: Client, _data: Any, connection: Any) -> None:
    import socket  # noqa: PLC0415 - only where there is a connection

    if option := getattr(socket, "TCP_USER_TIMEOUT", None):
        connection.setsockopt(socket.IPPROTO_TCP, option, round(1000 * UNACKNOWLEDGED))
