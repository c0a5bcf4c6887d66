"""Leaves the program when its loop no longer turns.

The loop looks around a hundred times a second; a thread of its own watches that it does. It counts
its own rounds and no seconds, so a program that stood still as a whole is not mistaken for one
whose loop hangs. The loudspeaker has fallen silent by then, through its dead man's switch (see
`audio.mixer`). Nothing is taken up again: the last news is written down, the terminal is given
back, the program is left. What does that may hang as well, so it gets its time and no more.
"""

from __future__ import annotations

from threading import Event, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Self

ROUND = 0.1
"""Seconds between two looks at the loop."""
HUNG = 17
"""Rounds without a turn of the loop after which it is given up: a little later than the loudspeaker
has fallen silent, and within two seconds."""
PARTING = 2.0
"""Seconds for what is left to do."""


class Watchman:
    """Watches a loop for as long as the ``with`` block lasts."""

    def __init__(
        self, turns: Callable[[], int], part: Callable[[], None], leave: Callable[[], None]
    ) -> None:
        """Take what counts the loop's turns, what is left to do then, and what ends the program."""
        self._turns = turns
        self._part = part
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
            turns = self._turns()
            seen, missed = turns, 0 if turns != seen else missed + 1
            if missed == HUNG:
                parting = Thread(target=self._part, name="parting", daemon=True)
                parting.start()
                parting.join(PARTING)
                self._leave()
                return
