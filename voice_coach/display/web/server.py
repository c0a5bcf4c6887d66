"""A web server for this computer alone, in a thread of its own."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from functools import partial
from secrets import token_urlsafe
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import uvicorn

from voice_coach.display.web.auth import LOOPBACK, Auth
from voice_coach.display.web.connection import (
    BACKLOG,
    GuardedProtocol,
    PacedSelector,
    Strangers,
)
from voice_coach.errors import CoachError

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp

PATIENCE = 1
"""Seconds the browsers get to take the last answer."""
QUEUE = 1024
"""Connections that may wait to be taken; the system may allow fewer."""
LEAVING = 3.0
"""Seconds after which the server is left behind, whatever it waits for."""


class NoPage(CoachError):
    """The page cannot be served; the message says why and what to do."""


class _Server(uvicorn.Server):
    """Lets more connections wait than it takes at once; else their first packets would be lost."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listening in sockets or ():
            listening.listen(QUEUE)


class LocalServer:
    """Serves an application on the loopback address, behind a secret token."""

    def __init__(self, application: ASGIApp, port: int, on_start: Callable[[], None]) -> None:
        """Take `port`, or any free one if it is 0; raises ``NoPage`` if the port is not free.

        `on_start` is called in the server's event loop before it serves.
        """
        self._socket = _listen(port)
        self._on_start = on_start
        token = token_urlsafe(32)
        port = self._socket.getsockname()[1]
        self.address = f"http://{LOOPBACK}:{port}/{token}/"
        """Where the page is; it contains the token."""
        self._started = Event()
        auth = Auth(application, token, port)
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
            )
        )
        self._thread = Thread(target=self._serve, name="web page", daemon=True)

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()
        self._started.wait(LEAVING)

    def stop(self) -> None:
        """Close within a few seconds, whatever the browsers do."""
        self._uvicorn.should_exit = True
        self._thread.join(LEAVING)
        self._socket.close()

    def _serve(self) -> None:
        loop = asyncio.SelectorEventLoop(PacedSelector())
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
        self._on_start()
        self._started.set()
        await self._uvicorn.serve(sockets=[self._socket])


def _listen(port: int) -> socket.socket:
    """Take the port on the loopback address, and on no other."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((LOOPBACK, port))
        listening.listen()
    except OSError as error:
        listening.close()
        raise NoPage(
            f"The page cannot be served at port {port} of this computer ({error.strerror}): "
            "choose another with --port, or leave the option out."
        ) from None
    return listening
