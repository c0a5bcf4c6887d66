"""Measures the memory of one long quiet session with its page open: scripts/memory_trial; --help.

Nobody speaks. When the coach has been silent for a while, a key leads on; at the end of a routine
another one is begun. A visitor of the page takes every snapshot, as a browser does.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from itertools import cycle
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING
from urllib.request import urlopen

from trials.coach import START, Coach, SessionOver
from trials.virtual_sound_card import VirtualSoundCard

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FILLED = 10.0
"""Minutes after which caches are filled: from then on the memory is to be flat."""
FLAT = 10.0
"""Megabytes by which it may differ from then on."""
QUIET = 15.0
"""Seconds of silence after which a key leads on."""
KEYS = (b" ", b"s", b"y")
"""On, the same as before, yes: one of them leads on wherever the coach waits."""


def megabytes(pid: int) -> float:
    """Give what is resident of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * 4096 / 2**20


def memory(routine: str, minutes: float, folder: Path) -> Iterator[float]:
    """Lead a session for so long, and give its memory every minute."""
    with VirtualSoundCard() as card:
        card.hiss()
        words = ("-m", "voice_coach", "run", routine, "--web")
        with Coach(card, folder, *words) as coach:
            coach.wait_for(lambda line: bool(line.text), time.monotonic() + START)
            visitor = Thread(target=_visit, args=(_address(coach),), daemon=True)
            visitor.start()
            began = time.monotonic()
            keys = cycle(KEYS)
            for minute in range(1, round(minutes) + 1):
                while (now := time.monotonic()) < began + 60 * minute:
                    until = min(began + 60 * minute, now + QUIET)
                    if coach.wait_for(lambda _: True, until) is None and until == now + QUIET:
                        coach.press(next(keys))
                if not visitor.is_alive():
                    raise RuntimeError(f"The page is not open any more.\n{coach.shown}")
                yield megabytes(coach.pid)


def _address(coach: Coach) -> str:
    found = re.search(r"http://127\S+", coach.shown)
    if not found:
        raise RuntimeError(f"There is no page.\n{coach.shown}")
    return found.group().rstrip(".")


def _visit(address: str) -> None:
    with urlopen(f"{address}events") as snapshots:  # noqa: S310 - the page's own address
        for _ in snapshots:
            pass


def main(words: Sequence[str] | None = None) -> int:
    """Hold the trial; 1 if the memory was not flat."""
    parser = argparse.ArgumentParser(prog="scripts/memory_trial", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--routine", default="gentle-bends")
    asked = parser.parse_args(words)
    told: list[float] = []
    with tempfile.TemporaryDirectory(prefix="memory-trial-") as folder:
        try:
            for each in memory(asked.routine, asked.minutes, Path(folder)):
                told.append(each)
                sys.stderr.write(f"{len(told)} min: {each:.1f} MB\n")
        except SessionOver as over:
            sys.stderr.write(f"The session ended by itself.\n{over}\n")
            return 1
    later = told[int(FILLED) - 1 :]
    if not later:
        return 0
    spread = max(later) - min(later)
    print(  # noqa: T201 - it is what was asked for
        f"Memory from minute {FILLED:.0f} to {len(told)}: "
        f"{min(later):.1f} to {max(later):.1f} MB; the first minute {told[0]:.1f} MB."
    )
    return 0 if spread <= FLAT else 1


if __name__ == "__main__":
    sys.exit(main())
