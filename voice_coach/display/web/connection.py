"""Limits connections: strangers are few and are closed soon, and the server rests between work.

Any program on this computer can connect. A connection is a stranger's until it has sent a whole
request with the token. A stranger is closed after ``HEADER_TIMEOUT``, and the oldest one whenever
there are more than ``MOST_STRANGERS``. Connections with the token are not limited, so pain can
always be sent.

The server shares the interpreter with the hearing. After each turn of its event loop it rests three
times as long as the turn has worked, so a flood of requests takes at most a quarter of the time.
"""

from __future__ import annotations

import time
from selectors import DefaultSelector
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio
    from selectors import SelectorKey

    from voice_coach.display.web.auth import Auth

HEADER_TIMEOUT = 5.0
"""Seconds in which a connection must send its first request; a browser on this computer takes
hundredths."""
BACKLOG = 64
"""Connections that are taken in one turn of the event loop."""
MOST_STRANGERS = 3 * BACKLOG
"""More than can connect before the request of the first of them is read."""
REST = 3.0
"""Rest for each second of work."""
LONGEST_REST = 0.05
"""Seconds, so that a long turn does not keep a command waiting."""


class Strangers:
    """The connections that have not shown the token yet, the oldest first."""

    def __init__(self) -> None:
        self._timers: dict[asyncio.Transport, asyncio.TimerHandle] = {}

    def add(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        """Take a new connection, and close the oldest if there are too many."""
        self._timers[transport] = loop.call_later(HEADER_TIMEOUT, self._close, transport)
        if len(self._timers) > MOST_STRANGERS:
            self._close(next(iter(self._timers)))

    def remove(self, transport: asyncio.Transport) -> None:
        """Forget a connection that has shown the token, or is closed."""
        if timer := self._timers.pop(transport, None):
            timer.cancel()

    def _close(self, transport: asyncio.Transport) -> None:
        self.remove(transport)
        transport.abort()


class GuardedProtocol(H11Protocol):
    """Uvicorn's HTTP protocol, which also closes strangers."""

    def __init__(self, auth: Auth, strangers: Strangers, **parts: Any) -> None:
        super().__init__(**parts)
        self._auth = auth
        self._strangers = strangers

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a new connection."""
        super().connection_made(transport)
        self._strangers.add(transport, self.loop)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._strangers.remove(self.transport)
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Read what has come; whoever shows the token is no stranger."""
        super().handle_events()
        if self.scope is not None and self._auth.refusal({**self.scope}) is None:
            self._strangers.remove(self.transport)


class PacedSelector(DefaultSelector):
    """Waits for the event loop's sockets, and rests first if the last turn was work."""

    def __init__(self) -> None:
        super().__init__()
        self._began = time.thread_time()

    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        """Rest, then wait."""
        worked = time.thread_time() - self._began
        time.sleep(min(REST * worked, LONGEST_REST))
        ready = super().select(timeout)
        self._began = time.thread_time()
        return ready
