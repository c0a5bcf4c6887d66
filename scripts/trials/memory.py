"""Measures the memory of the program with its page open, for an hour: scripts/memory_trial; --help.

Nobody speaks. When the coach has been silent for a while, a key leads on; when a session is over,
another one is begun. The page takes every snapshot, as a browser does.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from contextlib import suppress
from itertools import cycle
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from trials.coach import serve_page
from trials.virtual_sound_card import VirtualSoundCard

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from typing_extensions import Self

FILLED = 10
"""Minutes after which caches are filled: from then on the memory is to be flat."""
FLAT = 10.0
"""Megabytes by which it may be above that from then on; between two sessions it is less."""
QUIET = 15.0
"""Seconds of silence after which a key leads on."""
KEYS = (" ", "s", "y")
"""On, the same as before, yes: one of them leads on wherever the coach waits."""
LEAVING = 30.0


class Page:
    """The program with its page, and whoever has that open, inside a ``with`` block."""

    def __init__(self, card: VirtualSoundCard, folder: Path) -> None:
        self._process = serve_page(card, folder)
        self._address = ""
        self._shown: dict[str, Any] = {}
        self._said, self._changed = "", time.monotonic()
        self.sessions = 0
        """How many sessions were begun."""

    def __enter__(self) -> Self:
        """Open the page."""
        assert self._process.stdout  # noqa: S101 - for the type checker
        self._address = self._process.stdout.readline().split()[-1]
        Thread(target=self._follow, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """End the program."""
        self._process.terminate()
        try:
            self._process.wait(LEAVING)
        finally:
            self._process.kill()
            self._process.wait()

    @property
    def megabytes(self) -> float:
        """What of the program is resident."""
        pages = int(Path(f"/proc/{self._process.pid}/statm").read_text("utf-8").split()[1])
        return pages * 4096 / 2**20

    def lead(self, routine: str, key: str) -> bool:
        """Begin a session if none runs, or press `key` if nothing was said for a while; tell it."""
        shown = self._shown
        if not shown or shown["starting"]:
            return False
        if not shown["running"]:
            self._order({"choose": routine})
            self.sessions += 1
            time.sleep(1)
        elif time.monotonic() - self._changed > QUIET:
            self._order({"key": key})
            self._changed = time.monotonic()
            return True
        return False

    def _follow(self) -> None:
        with urlopen(f"{self._address}events") as snapshots:  # noqa: S310 - the page's own address
            for line in snapshots:
                if line.startswith(b"data: "):
                    self._shown = json.loads(line[6:])
                    said = str((self._shown["view"] or {}).get("saying"))
                    if said != self._said:
                        self._said, self._changed = said, time.monotonic()

    def _order(self, what: dict[str, str]) -> None:
        headers = {"Content-Type": "application/json", "Origin": self._address.rsplit("/", 2)[0]}
        request = Request(f"{self._address}command", json.dumps(what).encode(), headers)  # noqa: S310
        # The session may just have ended, or the next one not be awaited yet.
        with suppress(HTTPError), urlopen(request):  # noqa: S310 - the page's own address
            pass


def memory(page: Page, routine: str, minutes: int) -> Iterator[float]:
    """Lead sessions for so long, and give the memory every minute."""
    began = time.monotonic()
    keys = cycle(KEYS)
    key = next(keys)
    for minute in range(1, minutes + 1):
        while time.monotonic() < began + 60 * minute:
            if page.lead(routine, key):
                key = next(keys)
            time.sleep(0.5)
        yield page.megabytes


def main(words: Sequence[str] | None = None) -> int:
    """Hold the trial; 1 if the memory was not flat."""
    parser = argparse.ArgumentParser(prog="scripts/memory_trial", description=__doc__)
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--routine", default="gentle-bends")
    asked = parser.parse_args(words)
    told: list[float] = []
    with (
        tempfile.TemporaryDirectory(prefix="memory-trial-") as folder,
        VirtualSoundCard() as card,
        Page(card, Path(folder)) as page,
    ):
        card.hiss()
        for each in memory(page, asked.routine, asked.minutes):
            told.append(each)
            sys.stderr.write(f"{len(told)} min: {each:.1f} MB, {page.sessions} sessions\n")
    later = told[FILLED - 1 :] or told
    print(  # noqa: T201 - it is what was asked for
        f"The first minute {told[0]:.1f} MB; later {min(later):.1f} to {max(later):.1f} MB."
    )
    return 0 if max(later) - later[0] <= FLAT else 1


if __name__ == "__main__":
    sys.exit(main())
