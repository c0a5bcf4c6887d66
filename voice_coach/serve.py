"""Serves phones in the local network: one of them is microphone, loudspeaker and screen."""

from __future__ import annotations

import io
import ipaddress
import socket
from contextlib import closing
from typing import TYPE_CHECKING

from voice_coach.audio.phone import PhoneDevice
from voice_coach.audio.phone_line import PhoneLine
from voice_coach.certificate import certificate_for
from voice_coach.display.web.display import WebDisplay
from voice_coach.display.web.server import Network
from voice_coach.errors import CoachError
from voice_coach.history import store
from voice_coach.history.picture import past_sessions

if TYPE_CHECKING:
    from voice_coach.audio.hearing_thread import BlockListener
    from voice_coach.audio.mixer import Sound
    from voice_coach.core.language import Language

DOCUMENTATION = "192.0.2.1"
"""An address that no computer has (RFC 5737). It tells which way leads out; nothing is sent."""


class NoNetwork(CoachError):
    """The computer has no address in a local network; the message says what to do."""


class PhoneService:
    """The page for phones, and the line to the one that is microphone and loudspeaker."""

    def __init__(self, language: Language, host: str, port: int) -> None:
        """Take an address of this computer, and a port; empty and 0: one that is found.

        Raises ``NoNetwork``, ``NoCertificate``, ``NoPage`` or ``OSError``.
        """
        host = host or local_address()
        self.line = PhoneLine()
        network = Network(host, certificate_for(host, store.FILE.parent))
        self.page = WebDisplay(
            language,
            port,
            home=True,
            history=lambda: past_sessions(language.titles),
            network=network,
            phone=self.line,
        )

    def stage(self, listener: BlockListener, last_words: Sound | None) -> PhoneDevice:
        """Make the stage of the next session."""
        return PhoneDevice(self.line, listener, last_words=last_words)


def local_address() -> str:
    """Give the address of this computer in its local network; raises ``NoNetwork``."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as way_out:
        try:
            way_out.connect((DOCUMENTATION, 9))
            address = str(way_out.getsockname()[0])
        except OSError:
            address = ""
    if not address or ipaddress.ip_address(address).is_loopback:
        raise NoNetwork(
            "This computer is in no local network: join the phone's network, or name an address of "
            "this computer with --host."
        )
    return address


def as_code(address: str) -> str:
    """Draw the address as a QR code, as text for a terminal."""
    import segno  # noqa: PLC0415 - it is an extra

    drawn = io.StringIO()
    segno.make(address, error="l").terminal(drawn, border=2, compact=True)
    return drawn.getvalue()
