"""The state of a page, handed from other threads to the server's event loop."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from _typeshed import DataclassInstance

State = TypeVar("State", bound="DataclassInstance")


class Feed(Generic[State]):
    """Holds the newest state and wakes every browser's stream when it changes."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._closing = False
        self._changed = asyncio.Event()
        self._woken = False
        self._loop: asyncio.AbstractEventLoop | None = None

    def change(self, **changes: Any) -> None:
        """Change these fields of a dataclass; any thread may call it, and it returns at once."""
        self.replace(replace(self.state, **changes))

    def replace(self, state: State) -> None:
        """Take another state; any thread may call it, and it returns at once."""
        self.state = state
        self._wake()

    def close(self) -> None:
        """End the streams once each has sent the last state; any thread may call it."""
        self._closing = True
        self._wake()

    def connect(self) -> None:
        """Wake streams in the event loop that is running now."""
        self._loop = asyncio.get_running_loop()

    async def states(self, pulse: float) -> AsyncIterator[State | None]:
        """Yield each new state, and None after every `pulse` seconds without one.

        A slow reader skips the states in between.
        """
        sent: State | None = None
        while True:
            changed, closing, state = self._changed, self._closing, self.state
            if state is not sent:
                sent = state
                yield state
            elif closing:
                return
            else:
                try:
                    await asyncio.wait_for(changed.wait(), pulse)
                except asyncio.TimeoutError:
                    yield None

    def _wake(self) -> None:
        if self._loop and not self._woken:
            self._woken = True
            with suppress(RuntimeError):  # the server has ended
                self._loop.call_soon_threadsafe(self._wake_streams)

    def _wake_streams(self) -> None:
        self._woken = False
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
