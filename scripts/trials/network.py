"""Links to a broker that can be cut and mended, as a network that is partitioned.

As root on Linux the broker runs in a network namespace of its own, and each link is a pair of
virtual interfaces. A link that is cut loses every packet, and tells nobody. Elsewhere a link is a
relay in this process, which stands still where the network would lose packets.
"""

from __future__ import annotations

import os
import selectors
import socket
import subprocess
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from ipaddress import IPv4Address
from threading import Event, Thread
from typing import TYPE_CHECKING, Protocol

from trials.mosquitto import Mosquitto

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from typing_extensions import Self

FIRST = IPv4Address("198.18.0.0")
"""Addresses from here on are for tests of networks (RFC 2544), and nobody's."""
BLOCKS = 2**15
"""How many links they are enough for."""
NEAR, FAR, NOBODY = "02:00:00:00:00:01", "02:00:00:00:00:02", "02:00:00:00:00:03"
"""Hardware addresses of the two ends of a link, and of none."""
LOOK = 0.05
"""Seconds after which a relay looks whether it is cut."""


class Link(Protocol):
    """A way to the broker."""

    host: str
    port: int

    def cut(self) -> None:
        """Let nothing through, in neither direction."""

    def mend(self) -> None:
        """Let everything through again."""


@contextmanager
def network(folder: Path, links: int) -> Iterator[tuple[Mosquitto, list[Link]]]:
    """Give a broker that is not there yet, and so many links to it."""
    with ExitStack() as stack:
        ways: list[Link] = []
        if has_namespaces():
            name = stack.enter_context(_namespace())
            ways += (stack.enter_context(_VirtualLink(name, number)) for number in range(links))
            broker = Mosquitto(folder, inside=("ip", "netns", "exec", name), host=ways[0].host)
        else:
            broker = Mosquitto(folder)
            ways += (stack.enter_context(_Relay(broker.port)) for _ in range(links))
        stack.callback(broker.end)
        for way in ways:
            if isinstance(way, _VirtualLink):
                way.port = broker.port
        yield broker, ways


@cache
def has_namespaces() -> bool:
    """Tell whether links can be made of network namespaces here; in a container, root may not."""
    with suppress(subprocess.CalledProcessError, FileNotFoundError):
        with _namespace() as name, _VirtualLink(name, 0):
            pass
        return True
    return False


@contextmanager
def _namespace() -> Iterator[str]:
    name = f"vc{os.getpid()}"
    _ip("netns", "add", name)
    try:
        yield name
    finally:
        _ip("netns", "delete", name)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)  # noqa: S603, S607 - our own


class _VirtualLink:
    """A pair of virtual interfaces: one here, one beside the broker.

    Packets are lost on the way because they are sent to a hardware address that nobody has. With an
    interface that is down they would be lost at the sender, whose TCP then knows it.
    """

    def __init__(self, namespace: str, number: int) -> None:
        """Make it, for the time of a ``with`` block."""
        self.port = 0
        self._inside = "-n", namespace
        self._near, self._far = f"{namespace}-{number}", f"far{number}"
        block = FIRST + 4 * ((16 * os.getpid() + number) % BLOCKS)
        self._own, self.host = str(block + 1), str(block + 2)
        far = "peer", "name", self._far, "address", FAR, "netns", namespace
        _ip("link", "add", self._near, "address", NEAR, "type", "veth", *far)
        for inside, address, name in (
            ((), self._own, self._near),
            (self._inside, self.host, self._far),
        ):
            _ip(*inside, "address", "add", f"{address}/30", "dev", name)
            _ip(*inside, "link", "set", name, "up")
        self.mend()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Take it away at once: the system may end a namespace later."""
        _ip("link", "delete", self._near)

    def cut(self) -> None:
        """Let nothing through, in neither direction."""
        self._send_to(NOBODY, NOBODY)

    def mend(self) -> None:
        """Let everything through again."""
        self._send_to(FAR, NEAR)

    def _send_to(self, far: str, near: str) -> None:
        """Send what goes from here to one hardware address, and what comes back to another."""
        there = self.host, "lladdr", far, "dev", self._near
        back = self._own, "lladdr", near, "dev", self._far
        _ip("neigh", "replace", *there, "nud", "permanent")
        _ip(*self._inside, "neigh", "replace", *back, "nud", "permanent")


class _Relay:
    """Passes bytes on between clients and the broker, inside a ``with`` block."""

    def __init__(self, port: int) -> None:
        """Take the broker's port."""
        self._broker = port
        self._server = socket.create_server(("127.0.0.1", 0))
        self.host, self.port = self._server.getsockname()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._server, selectors.EVENT_READ)
        self._peers: dict[socket.socket, socket.socket] = {}
        self._whole, self._over = Event(), Event()
        self._whole.set()
        self._thread = Thread(target=self._run, daemon=True)

    def cut(self) -> None:
        """Stand still."""
        self._whole.clear()

    def mend(self) -> None:
        """Go on."""
        self._whole.set()

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Close all that is open."""
        self._over.set()
        self._whole.set()
        self._thread.join()
        for each in (self._server, *self._peers):
            each.close()
        self._selector.close()

    def _run(self) -> None:
        while not self._over.is_set():
            for key, _ in self._selector.select(LOOK):
                self._whole.wait()
                if key.fileobj is self._server:
                    self._meet(self._server.accept()[0])
                elif isinstance(key.fileobj, socket.socket) and key.fileobj in self._peers:
                    self._pass_on(key.fileobj)

    def _meet(self, client: socket.socket) -> None:
        try:
            broker = socket.create_connection(("127.0.0.1", self._broker), 1)
        except OSError:
            client.close()
            return
        for one, other in ((client, broker), (broker, client)):
            self._peers[one] = other
            self._selector.register(one, selectors.EVENT_READ)

    def _pass_on(self, from_: socket.socket) -> None:
        with suppress(OSError):
            if data := from_.recv(2**16):
                self._peers[from_].sendall(data)
                return
        for each in (self._peers[from_], from_):
            self._selector.unregister(each)
            del self._peers[each]
            each.close()
