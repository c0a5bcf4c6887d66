"""Where the broker is, and the client that speaks MQTT with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from voice_coach.errors import CoachError
from voice_coach.rooms.server import Server

if TYPE_CHECKING:
    from paho.mqtt.client import Client

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
"""Bytes of a message that the broker may pass on to a board. A room tells under six hundred."""
LONGEST_FOR_ROOM = 16_384
"""The same for a room, to which a plan of 6000 bytes may come, as JSON."""


class NoBroker(CoachError):
    """There can be no connection; the message says why and what to do."""


def missing(purpose: str, extra: str) -> NoBroker:
    """Say that an extra is not installed."""
    return NoBroker(f"{purpose}, install one more part: pip install 'voice-coach[{extra}]'.")


class Broker(Server):
    """The table ``[mqtt]`` of the settings."""

    unusable: ClassVar[type[CoachError]] = NoBroker

    share: bool = False
    """Whether people are asked if a board may be told how it goes with a plan that it has assigned.
    Where they are not asked, or do not say yes, it is not told."""

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
        self._aim(client, KEEP_ALIVE, absent=0, longest=LONGEST_FOR_ROOM)
        return client

    def board_client(self, identifier: str) -> Client:
        """Make the client of the board with this identifier, as ``client`` does.

        The broker keeps events for it while it is away. Raises ``NoBroker`` or ``OSError``.
        """
        client = self._client("To show the rooms of a broker", "board", identifier)
        self._aim(client, BOARD_KEEP_ALIVE, absent=LONGEST_ABSENCE, longest=LONGEST_MESSAGE)
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
            client.username_pw_set(self.user, self.password())
        if self.tls:
            client.tls_set_context(self.tls_context())
        return client

    def _aim(self, client: Client, keep_alive: int, *, absent: int, longest: int) -> None:
        """Say how to connect, and for how many seconds the broker keeps what it missed.

        A message of more bytes than the `longest` is not passed on.
        """
        from paho.mqtt.packettypes import PacketTypes  # noqa: PLC0415 - it is an extra
        from paho.mqtt.properties import Properties  # noqa: PLC0415

        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.MaximumPacketSize = longest
        if absent:
            properties.SessionExpiryInterval = absent
        client.connect_async(
            self.host, self._port, keep_alive, clean_start=not absent, properties=properties
        )


def _give_up_soon(_client: Client, _data: Any, connection: Any) -> None:
    import socket  # noqa: PLC0415 - only where there is a connection

    if option := getattr(socket, "TCP_USER_TIMEOUT", None):
        connection.setsockopt(socket.IPPROTO_TCP, option, round(1000 * UNACKNOWLEDGED))
