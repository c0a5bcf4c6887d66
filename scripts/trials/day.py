"""A day's use by voice alone: choose, answer, try the stop, a whole routine with ten orders, rate.

Each voice leads one session of the real program on a virtual sound card that returns the coach's
own voice as loud as the person's. Nobody presses a key. Whatever is not heard is said again.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from trials.coach import LEAVING, Coach, SessionOver
from trials.moments import VOICES
from trials.virtual_sound_card import EQUAL, VirtualSoundCard
from voice_coach.catalogue import read_language
from voice_coach.core.pace import DEFAULT_RATE, speaking_seconds
from voice_coach.core.transitions import State
from voice_coach.display.words import read_screen_words
from voice_coach.speech.clips import clip_store
from voice_coach.speech.narrator import PromptNarrator
from voice_coach.speech.pyttsx3_voice import Pyttsx3Voice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from trials.coach import Line
    from voice_coach.core.language import Language

ORDERS = (
    *("repeat", "next", "louder", "what's next", "slower"),
    *("pause", "continue", "softer", "go back", "next"),
)
"""What is said in the steps, in this order."""
PLACES = (0.5, 5.0)
"""Seconds after a new sentence at which an order comes: over the coach, or in its pause."""
POLITE = 0.7
"""Seconds of silence after a question before it is answered."""
HEARD_WITHIN = 5.0
"""Seconds after which what changed nothing is said again."""
TRIES = 4
"""How often it is said at most; then the day is over."""
ALLOWED = 1
"""Repetitions in a session at most, for the trial to pass."""
LONGEST = 1500.0
"""Seconds a session takes at most."""
ANSWERS = {
    State.CHOOSING: ("?", "gentle bends"),
    State.SCREENING: ("?", "no"),
    State.SOUND_CHECK: ("say: ready", "ready"),
    State.STOP_TEST: ("it hurts", "it hurts"),
    State.RATING: ("?", "better"),
    State.RESTART_PROMPT: ("?", "no"),
}
"""What the coach's line must hold, and what is said to it, outside the steps."""
TWICE, IN_OTHER_WORDS = 2, {"better": "i feel good"}
"""What is said from the third time on: who was not understood twice says it in another way."""
STEPS = (State.TELLING, State.WAITING, State.HOLDING, State.BREATHING)


@dataclass
class Day:
    """What came of one session."""

    voice: str
    said: int = 0
    """How many things there were to say."""
    repeated: list[str] = field(default_factory=list)
    """What had to be said again, once for each time."""
    others: list[str] = field(default_factory=list)
    """What was heard and not said."""
    seconds: float = 0.0
    code: int | None = None
    """Exit code of the program; None if the day was given up."""

    @property
    def passed(self) -> bool:
        """Whether it went to its end, with no more repetitions than allowed."""
        return self.code == 0 and len(self.repeated) <= ALLOWED

    def __str__(self) -> str:
        """Tell it in one line."""
        return (
            f"{self.voice}: {self.said} said, again {self.repeated}, heard but not said "
            f"{self.others}, {self.seconds:.0f} s, exit code {self.code}"
        )


class Person:
    """Leads one session by voice."""

    def __init__(
        self, name: str, say: Callable[[str], object], language: Language, seed: int
    ) -> None:
        self.day = Day(name)
        self._say = say
        self._meanings = language.phrases()
        self._rng = np.random.default_rng(seed)
        self._orders = list(ORDERS)
        self._states = {label: state for state, label in read_screen_words().states.items()}
        self._heard = read_screen_words().heard
        self._words = ""
        """What is being said, until it is heard; empty: nothing."""
        self._tries = 0
        self._due = float("inf")
        """When it is to be said, by ``time.monotonic``."""

    def lead(self, coach: Coach) -> Day:
        """Go through the session to its end."""
        began = time.monotonic()
        with suppress(SessionOver):
            while self._tries < TRIES and time.monotonic() < began + LONGEST:
                line = coach.wait_for(lambda _: True, min(self._due, began + LONGEST))
                if line:
                    self._follow(line)
                elif self._words:
                    other = IN_OTHER_WORDS.get(self._words, self._words)
                    self._say(self._words if self._tries < TWICE else other)
                    self.day.repeated += [self._words] * bool(self._tries)
                    self._tries += 1
                    self._due = time.monotonic() + HEARD_WITHIN
        self.day.seconds = time.monotonic() - began
        self.day.code = coach.ended(LEAVING) if self._tries < TRIES else None
        return self.day

    def _follow(self, line: Line) -> None:
        if line.label == self._heard:
            if self._words and self._means(line.text) == self._means(self._words):
                self._words, self._tries, self._due = "", 0, float("inf")
            else:
                self.day.others.append(line.text)
        elif not self._words and (words := self._answer(self._states.get(line.label), line.text)):
            self.day.said += 1
            self._words = words
            self._due = line.at + self._pause(line, self._states[line.label])

    def _pause(self, line: Line, state: State) -> float:
        """Give the seconds after which this line is answered: in a step, over the coach, too."""
        if state in STEPS:
            return float(self._rng.uniform(*PLACES))
        return speaking_seconds(line.text) + POLITE

    def _answer(self, state: State | None, text: str) -> str:
        """Give what this person says to a line of the coach's; empty for nothing."""
        if state in STEPS or (state is State.PAUSED and self._orders[:1] == ["continue"]):
            return self._orders.pop(0) if self._orders else "next"
        asked, answer = ANSWERS.get(state, ("?", "")) if state else ("?", "")
        return answer if asked in text else ""

    def _means(self, words: str) -> object:
        return self._meanings.get(words, words)


@contextmanager
def spoken_by(card: VirtualSoundCard, voice: str) -> Iterator[Callable[[str], object]]:
    """Give what says words into the room in this variant of eSpeak's American voice."""
    with closing(PromptNarrator(Pyttsx3Voice(f"en-us+{voice}"), clip_store())) as person:
        yield lambda words: card.say(person.clip(words, DEFAULT_RATE).samples)


def main(words: Sequence[str] | None = None) -> int:
    """Hold the trial; 1 if a session did not end well, or too much was said again."""
    parser = argparse.ArgumentParser(prog="scripts/day_trial", description=__doc__)
    parser.add_argument("--voices", type=int, default=6, help="how many people, one session each")
    parser.add_argument("--seed", type=int, default=1, help="draws other moments")
    asked = parser.parse_args(words)
    folder = Path(tempfile.mkdtemp(prefix="day-trial-"))
    language = read_language()
    days = []
    with VirtualSoundCard() as card:
        card.echo(EQUAL)
        for voice in VOICES[: asked.voices]:
            with (
                spoken_by(card, voice) as say,
                Coach(card, folder / voice, "-m", "voice_coach", "run", answers=False) as coach,
            ):
                person = Person(voice, say, language, asked.seed)
                days.append(person.lead(coach))
                (folder / f"{voice}.txt").write_text(coach.shown, encoding="utf-8")
            sys.stderr.write(f"{days[-1]}\n")
    passed = sum(day.passed for day in days)
    print(f"{passed} of {len(days)} days went well; transcripts in {folder}.")  # noqa: T201
    return 0 if passed == len(days) else 1


if __name__ == "__main__":
    sys.exit(main())
