"""A web server in a thread of its own: for this computer alone, or for phones, through TLS."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from secrets import token_urlsafe
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import uvicorn

from voice_coach.display.web.auth import HEADERS, LOOPBACK, PHONE_HEADERS, Auth
from voice_coach.display.web.connection import (
    BACKLOG,
    HEADER_TIMEOUT,
    GuardedProtocol,
    PacedSelector,
    Strangers,
)
from voice_coach.errors import CoachError

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import ASGIApp
    from typing_extensions import Self

    from voice_coach.display.web.feed import Feed

PATIENCE = 1
"""Seconds the browsers get to take the last answer."""
QUEUE = 1024
"""Connections that may wait to be taken; the system may allow fewer."""
LEAVING = 3.0
"""Seconds after which the server is left behind, whatever it waits for."""


class NoPage(CoachError):
    """The page cannot be served; the message says why and what to do."""


class _Loop(asyncio.SelectorEventLoop):
    """Closes who does not end the handshake of TLS in time: before it, no other limit holds."""

    async def create_server(self, *what: Any, ssl: Any = None, **how: Any) -> Any:
        if ssl:
            how["ssl_handshake_timeout"] = HEADER_TIMEOUT
        return await super().create_server(*what, ssl=ssl, **how)


class _Server(uvicorn.Server):
    """Lets more connections wait than it takes at once; else their first packets would be lost."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listening in sockets or ():
            listening.listen(QUEUE)


@dataclass(frozen=True)
class Network:
    """Where a page is served to other devices."""

    host: str
    """This computer's name or IPv4 address in the local network."""
    certificate: Path
    """A PEM file with the certificate of the host, and with its private key."""


class ServedPage:
    """A page that `_server` serves inside a ``with`` block."""

    _server: PageServer

    @property
    def address(self) -> str:
        """Where the page is; it contains the secret token."""
        return self._server.address

    def __enter__(self) -> Self:
        """Begin to serve."""
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Send the last snapshot and close, within a few seconds whatever the browsers do."""
        self._server.stop()


class PageServer:
    """Serves an application behind a secret token."""

    def __init__(
        self,
        application: ASGIApp,
        port: int,
        feed: Feed[Any],
        network: Network | None = None,
    ) -> None:
        """Take `port`, or any free one if it is 0; raises ``NoPage`` if it cannot be had.

        Without a `network` it listens on the loopback address. The `feed` of the application is
        connected when it begins to serve, and closed at the end.
        """
        self._socket = _listen(network.host if network else LOOPBACK, port)
        self._feed = feed
        token = token_urlsafe(32)
        port = self._socket.getsockname()[1]
        names = (network.host,) if network else (LOOPBACK, "localhost")
        scheme, usual = ("https", 443) if network else ("http", 80)
        origins = [f"{scheme}://{name}" + f":{port}" * (port != usual) for name in names]
        self.address = f"{origins[0]}/{token}/"
        """Where the page is; it contains the token."""
        self._started = Event()
        auth = Auth(application, token, origins, PHONE_HEADERS if network else HEADERS)
        protocol: Any = partial(GuardedProtocol, auth, Strangers())
        self._uvicorn = _Server(
            uvicorn.Config(
                auth,
                http=protocol,
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="critical",
                access_log=False,
                server_header=False,
                date_header=False,
                proxy_headers=False,
                backlog=BACKLOG,
                timeout_graceful_shutdown=PATIENCE,
                ssl_certfile=network.certificate if network else None,
            )
        )
        self._thread = Thread(target=self._serve, name="web page", daemon=True)

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()
        self._started.wait(LEAVING)

    def stop(self) -> None:
        """Send the last state and close, within a few seconds whatever the browsers do."""
        self._feed.close()
        self._uvicorn.should_exit = True
        self._thread.join(LEAVING)
        self._socket.close()

    def _serve(self) -> None:
        loop = _Loop(PacedSelector())
        try:
            loop.run_until_complete(self._serve_in_loop())
        finally:
            for task in asyncio.all_tasks(loop):
                task.cancel()
                with suppress(asyncio.CancelledError):
                    loop.run_until_complete(task)
            for connection in [*self._uvicorn.server_state.connections]:
                connection.transport.abort()  # else the socket stays open until it is collected
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()

    async def _serve_in_loop(self) -> None:
        self._feed.connect()
        self._started.set()
        await self._uvicorn.serve(sockets=[self._socket])


def _listen(host: str, port: int) -> socket.socket:
    """Take the port on this address, and on no other."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen()
    except OSError as error:
        listening.close()
        mend = "choose another with --port, or leave the option out"
        if host != LOOPBACK:
            mend = (
                "choose another port with --port, or another address of this computer with --host"
            )
        raise NoPage(
            f"The page cannot be served at port {port} of this computer ({error.strerror}): {mend}."
        ) from None
    return listening
