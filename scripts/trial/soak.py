"""Hours of sessions in the studio, in which random things happen: scripts/soak; see --help.

Time is virtual, all but ear, voice and room is real. Each session must keep what is promised of
any: see `trial.life`. The history and its recorder are real as well. Afterwards no thread and no
file may be left over, and the memory must be as it was.
"""

from __future__ import annotations

import argparse
import gc
import sqlite3
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from random import Random, SystemRandom
from typing import TYPE_CHECKING

from trial.life import Life
from voice_coach.catalogue import read_language
from voice_coach.core.guard import Reason, Verdict
from voice_coach.core.origin import Origin
from voice_coach.history.recorder import Recorder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voice_coach.core.language import Language

GENTLE = ("gentle-bends",)
VERDICTS = (
    *[Verdict()] * 4,
    Verdict(gentle=GENTLE, twists_left=1),
    Verdict(Reason.LATELY, gentle=GENTLE),
    Verdict(hurt_lately=True, gentle=GENTLE),
)
PRESS = "assisted-press"
WARM = 0.1
"""Share of the time after which the memory counts as filled."""
GROWTH = 8.0
"""Megabytes it may grow by from then on: what Python keeps aside varies by a few."""


def origin(language: Language, random: Random) -> Origin:
    """Make up what a session is made of."""
    return Origin(
        language=language,
        routine=random.choice(["", *[PRESS] * 6, *(each.id for each in language.routines)]),
        verdict=random.choice(VERDICTS),
        proven=random.random() < 0.8,  # noqa: PLR2004 - most, so that there is much pressing
    )


def memory() -> float:
    """Give the megabytes that are resident now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


def files() -> int:
    """Give how many files are open."""
    return len(list(Path("/proc/self/fd").iterdir()))


def main(words: Sequence[str] | None = None) -> int:
    """Live so long; 1 if anything did not hold."""
    parser = argparse.ArgumentParser(prog="scripts/soak", description=__doc__)
    parser.add_argument("--hours", type=float, default=8.0, help="of virtual time")
    parser.add_argument("--seed", type=int, help="repeats a soak; without it each is another one")
    asked = parser.parse_args(words)
    seed = SystemRandom().randrange(2**32) if asked.seed is None else asked.seed
    random = Random(seed)  # noqa: S311 - a soak keeps no secret
    language = read_language()
    threads, opened, begun = threading.active_count(), files(), time.monotonic()
    print(f"Seed {seed}.", flush=True)  # noqa: T201 - it is what was asked for
    lived, warm, ends, broken, presses = 0.0, 0.0, Counter[str](), 0, 0
    events = Counter[str]()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        history = Path(folder) / "history.db"
        while lived < 3600 * asked.hours:
            life = Life(origin(language, random), random)
            with Recorder(language, history) as recorder:
                life.live(recorder)
            lived += life.seconds
            ends[life.session.outcome.value if life.session.outcome else "none"] += 1
            events.update(type(what).__name__ for _, what in life.happened)
            presses += life.presses
            for sentence in (*life.broken, *filter(None, [str(recorder.trouble or "")])):
                broken += 1
                sys.stderr.write(f"Session {ends.total()}: {sentence}.\n")
            del life
            if not warm and lived > WARM * 3600 * asked.hours:
                gc.collect()
                warm = memory()
        with closing(sqlite3.connect(history)) as connection:
            (found,) = connection.execute("PRAGMA integrity_check").fetchone()
    gc.collect()
    grown = memory() - warm
    took = time.monotonic() - begun
    left = threading.active_count() - threads, files() - opened
    told = ", ".join(f"{number} {end}" for end, number in ends.most_common())
    heard = ", ".join(
        f"{events[name]} {name}"
        for name in ("Heard", "Noticed", "Fault", "ClipDropped", "Cut", "Hush")
    )
    print(  # noqa: T201 - it is what was asked for
        f"{lived / 3600:.1f} hours in {ends.total()} sessions ({told}), {lived / took:.0f} times "
        f"as fast as real time.\n{presses} presses, {heard}.\nBroken: {broken}. "
        f"History: {found}. Left over: {left[0]} threads, {left[1]} files.\n"
        f"Memory: {warm:.1f} MB after a tenth, {warm + grown:.1f} MB at the end."
    )
    return 1 if broken or found != "ok" or any(left) or grown > GROWTH else 0


if __name__ == "__main__":
    sys.exit(main())
