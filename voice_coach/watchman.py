"""Ends a session from outside its loop: on a signal, and when the loop hangs.

A signal asks the session to stop, so that it says goodbye; a second Ctrl-C ends the program.

The loop has a heartbeat, a hundred times a second, and a thread of its own watches it. The thread
counts its own rounds instead of seconds, so it does not mistake a program that stood still as a
whole for one whose loop hangs. By then the loudspeaker is silent, through its dead man's switch
(see `audio.mixer`). Nothing is resumed: the last event is written down, the terminal is
restored, and the program ends. That clean-up may hang too, so its time is limited.
"""

from __future__ import annotations

import signal
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from typing_extensions import Self

SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
"""Ctrl-C, SIGTERM, and the loss of the terminal, which Windows does not have."""
ROUND = 0.1
"""Seconds between two looks at the heartbeat."""
HUNG = 17
"""Rounds without a heartbeat after which the loop is given up: a little later than the loudspeaker
falls silent, and within two seconds."""
CLEAN_UP = 2.0
"""Seconds the clean-up may take."""


class Watchman:
    """Watches a loop for as long as the ``with`` block lasts."""

    def __init__(
        self, heartbeat: Callable[[], int], clean_up: Callable[[], None], leave: Callable[[], None]
    ) -> None:
        """Take what counts heartbeats, what to call when they stop, and what ends the program."""
        self._heartbeat = heartbeat
        self._clean_up = clean_up
        self._leave = leave
        self._over = Event()
        self._thread = Thread(target=self._watch, name="watchman", daemon=True)

    def __enter__(self) -> Self:
        """Begin to watch."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Watch no longer."""
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        seen, missed = -1, 0
        while not self._over.wait(ROUND):
            beats = self._heartbeat()
            seen, missed = beats, 0 if beats != seen else missed + 1
            if missed == HUNG:
                clean_up = Thread(target=self._clean_up, name="clean-up", daemon=True)
                clean_up.start()
                clean_up.join(CLEAN_UP)
                self._leave()
                return


@contextmanager
def stopped_by_signals(stop: Callable[[], None], leave: Callable[[], None]) -> Iterator[Event]:
    """Call `stop` on each of SIGNALS in the block, and also `leave` on a second Ctrl-C.

    Gives an event that is set as soon as a signal has come.

    Only a person at the keyboard can want to leave without the goodbye. A terminal that is closed
    sends SIGHUP twice, from its shell and from the system, and a service manager may repeat
    SIGTERM: the partner is still told to take the hands off.
    """
    interrupted = False
    signalled = Event()

    def act(number: int, _frame: object) -> None:
        nonlocal interrupted
        signalled.set()
        if interrupted and number == signal.SIGINT:
            leave()
        interrupted = interrupted or number == signal.SIGINT
        stop()

    before = {number: signal.signal(number, act) for number in SIGNALS}
    try:
        yield signalled
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
