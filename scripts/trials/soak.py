"""Hours of sessions in the studio in which random things happen: scripts/soak; see --help.

Time is virtual. Listener, voice and room are simulated; for some minutes they are real, too, and a
second voice speaks at random moments. Each session must keep the promises of
`trials.random_session`. History and recorder are real. Afterwards no thread and no file may be left
over, and the memory must be as it was.
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

import numpy as np

from trials.random_session import RandomSession, RealParts
from voice_coach.audio.studio import Room
from voice_coach.catalogue import read_language
from voice_coach.core.commands import Command
from voice_coach.core.config import SessionConfig
from voice_coach.core.events import Heard
from voice_coach.core.guard import GuardResult, TwistReason
from voice_coach.demo import PERSON, PERSON_RATE
from voice_coach.hearing.listener import open_listener
from voice_coach.hearing.recognisers import open_recognisers
from voice_coach.history.recorder import HistoryRecorder
from voice_coach.speech.clips import clip_store
from voice_coach.speech.narrator import PromptNarrator
from voice_coach.speech.pyttsx3_voice import Pyttsx3Voice
from voice_coach.speech.voices import open_voice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from voice_coach.core.language import Language
    from voice_coach.core.view import View

GENTLE = ("gentle-bends",)
VERDICTS = (
    *[GuardResult()] * 4,
    GuardResult(gentle=GENTLE, twists_left=1),
    GuardResult(TwistReason.LATELY, gentle=GENTLE),
    GuardResult(hurt_lately=True, gentle=GENTLE, after_pain=("bent-knees-rest",)),
)
PRESS = "assisted-press"
SAID = ("ready", "ready", "next", "next", "next", "pause", "continue", "repeat", "louder", "yes",
        "no", "it hurts", "gentle bends", "the weather is nice today")  # fmt: skip
EVERY = 8.0
"""Seconds from one thing that is said to the next, on average."""
LONGEST = 300.0
"""Seconds after which such a session is stopped by key."""
ECHO = -10.0
"""Decibels of the coach's echo against the person."""
WARM = 0.1
"""Share of the time after which the memory counts as filled."""
GROWTH = 8.0
"""Megabytes it may grow by from then on: what Python keeps aside varies by a few."""


def random_config(language: Language, random: Random) -> SessionConfig:
    """Make up what a session is made of."""
    return SessionConfig(
        language=language,
        routine=random.choice(["", *[PRESS] * 6, *(each.id for each in language.routines)]),
        guard=random.choice(VERDICTS),
        stop_tested=random.random() < 0.8,  # noqa: PLR2004 - most, so that there is much pressing
        press_by_breath=False,  # nobody breathes here
    )


class Talker:
    """Says something, or makes a noise, at random moments of a session; a display is told those."""

    def __init__(
        self, simulated: RandomSession, random: Random, sounds: Sequence[NDArray[np.float32]]
    ) -> None:
        self._simulated = simulated
        self._random = random
        self._sounds = sounds
        self._next = 10.0

    def show(self, view: View) -> None:
        """Speak, if it is time to."""
        if view.now > self._next:
            self._simulated.stage.speak(self._random.choice(self._sounds), view.now + 0.1)
            self._next = view.now + self._random.expovariate(1 / EVERY)
        if view.now > LONGEST and not view.outcome:
            self._simulated.stage.post(Heard(Command.STOP, source="key"))


def talked(language: Language, random: Random, minutes: float) -> tuple[Counter[str], list[str]]:
    """Lead real-listener sessions for so long; give the outcomes and the violations."""
    recognisers, ends, broken, lived = open_recognisers(language), Counter[str](), list[str](), 0.0
    noise = np.random.default_rng(1)
    with (
        closing(PromptNarrator(Pyttsx3Voice(PERSON), clip_store())) as person,
        closing(PromptNarrator(open_voice(language, ""), clip_store())) as coach,
    ):
        sounds = [person.clip(words, PERSON_RATE).samples for words in SAID]
        sounds += [0.1 * noise.standard_normal(6000, np.float32) for _ in range(2)]
        while lived < 60 * minutes:
            real = RealParts(open_listener(language, recognisers), coach, Room(ECHO))
            simulated = RandomSession(
                random_config(language, random), random, real=real, stall=lambda _: 0.0
            )
            simulated.run(Talker(simulated, random, sounds))
            lived += simulated.seconds
            ends[simulated.session.outcome.value if simulated.session.outcome else "none"] += 1
            broken += simulated.violations
    return ends, broken


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
    parser.add_argument("--heard", type=float, default=10.0, help="minutes with the real listener")
    asked = parser.parse_args(words)
    seed = SystemRandom().randrange(2**32) if asked.seed is None else asked.seed
    random = Random(seed)  # noqa: S311 - a soak keeps no secret
    language = read_language()
    heard_ends, heard_broken = talked(language, random, asked.heard)
    for sentence in heard_broken:
        sys.stderr.write(f"Heard for real: {sentence}.\n")
    threads, opened, begun = threading.active_count(), files(), time.monotonic()
    print(f"Seed {seed}.", flush=True)  # noqa: T201 - it is what was asked for
    lived, warm, ends, broken, presses = 0.0, 0.0, Counter[str](), 0, 0
    events = Counter[str]()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        history = Path(folder) / "history.db"
        while lived < 3600 * asked.hours:
            simulated = RandomSession(random_config(language, random), random)
            with HistoryRecorder(history) as recorder:
                simulated.run(recorder)
            lived += simulated.seconds
            ends[simulated.session.outcome.value if simulated.session.outcome else "none"] += 1
            events.update(type(what).__name__ for _, what in simulated.events)
            presses += simulated.presses
            for sentence in (*simulated.violations, *filter(None, [str(recorder.trouble or "")])):
                broken += 1
                sys.stderr.write(f"Session {ends.total()}: {sentence}.\n")
            del simulated
            if not warm and lived > WARM * 3600 * asked.hours:
                gc.collect()
                warm = memory()
        with closing(sqlite3.connect(history)) as connection:
            (found,) = connection.execute("PRAGMA integrity_check").fetchone()
    gc.collect()
    grown = memory() - warm
    took = time.monotonic() - begun
    left = threading.active_count() - threads, files() - opened
    heard = ", ".join(
        f"{events[name]} {name}"
        for name in ("Heard", "Noticed", "Fault", "ClipDropped", "Cut", "Hush")
    )
    for line in (
        f"{asked.heard:.0f} minutes heard for real: {_told(heard_ends)}.",
        f"Broken: {len(heard_broken)}.",
        f"{lived / 3600:.1f} hours made up: {_told(ends)}.",
        f"That is {lived / took:.0f} times as fast as real time.",
        f"{presses} presses, {heard}. Broken: {broken}.",
        f"History: {found}. Left over: {left[0]} threads, {left[1]} files.",
        f"Memory: {warm:.1f} MB after a tenth, {warm + grown:.1f} MB at the end.",
    ):
        print(line)  # noqa: T201 - it is what was asked for
    return 1 if broken or heard_broken or found != "ok" or any(left) or grown > GROWTH else 0


def _told(ends: Counter[str]) -> str:
    each = ", ".join(f"{number} {end}" for end, number in ends.most_common())
    return f"{ends.total()} sessions ({each})"


if __name__ == "__main__":
    sys.exit(main())
