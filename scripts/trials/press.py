"""A whole assisted press on the virtual sound card, by two voices and a breath, to read afterwards.

The real program leads a person who lies down and a partner who kneels: nobody presses a key after
the screening. The coach's own voice comes back as loud as theirs. Whatever is not heard is said
again. The transcript tells whether each of the two always knew what to do.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import ExitStack
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from benchmark.breaths import breath
from benchmark.corpus import Corpus

from trials.coach import Coach
from trials.day import POLITE, Person, spoken_by
from trials.virtual_sound_card import EQUAL, VirtualSoundCard
from voice_coach.catalogue import read_language
from voice_coach.core.pace import speaking_seconds
from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.core.transitions import State
from voice_coach.speech.clips import SPEECH_LEVEL

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from trials.coach import Line
    from voice_coach.core.language import Language

ROUTINE = "assisted-press"
VOICES = ("f2", "m4")
"""Of the one who lies down, and of the partner."""
LOUDNESS = -8.0
"""Of a breath against a voice, in dB."""
AFTER_CUE = (0.4, 1.0)
"""Seconds from the beginning of a cue to that of the breath out."""
LASTS = (4.5, 5.5)
"""Seconds of a made breath."""
ANSWERS = {
    "say: next": "next",
    "another place": "the same",
    "tingle": "no",
    "do you both want that": "no",
    "how do you feel now": "the same",
}
"""What is said in the steps, where the coach's line holds the words before it."""
HEADING = "·"
"""What a line that is shown and not said has in it."""
BEFORE_AND_AFTER = (State.SOUND_CHECK, State.STOP_TEST, State.RATING, State.RESTART_PROMPT)


class Pair(Person):
    """Leads the press by voice, and breathes out on its cues."""

    def __init__(
        self, say: Callable[[str], object], breathe: Callable[[], object], language: Language
    ) -> None:
        super().__init__("+".join(VOICES), say, language, seed=1)
        self.breaths = 0
        self._breathe = breathe

    def _follow(self, line: Line) -> None:
        if line.text.startswith("Breathe out"):
            self.breaths += 1
            self._breathe()
        super()._follow(line)

    def _pause(self, line: Line, state: State) -> float:
        """Nobody speaks while the coach does."""
        del state
        return speaking_seconds(line.text) + POLITE

    def _answer(self, state: State | None, text: str) -> str:
        for asked, answer in ANSWERS.items():
            if asked in text.lower() and HEADING not in text:
                return answer
        return super()._answer(state, text) if state in BEFORE_AND_AFTER else ""


def main(words: Sequence[str] | None = None) -> int:
    """Hold the trial; 1 if the press did not come to its end."""
    parser = argparse.ArgumentParser(prog="scripts/press_trial", description=__doc__)
    parser.add_argument("--corpus", type=Path, help="a folder of real breaths, manifest.csv")
    parser.add_argument("--seed", type=int, default=1, help="draws other breaths")
    asked = parser.parse_args(words)
    folder = Path(tempfile.mkdtemp(prefix="press-trial-"))
    rng = np.random.default_rng(asked.seed)
    real = Corpus(asked.corpus, "report").breaths() if asked.corpus else []
    with ExitStack() as stack:
        card = stack.enter_context(VirtualSoundCard())
        card.echo(EQUAL)
        both = [stack.enter_context(spoken_by(card, voice)) for voice in VOICES]
        turns = cycle(both)

        def say(what: str) -> None:
            (next(turns) if what == "it hurts" else both[0])(what)

        def breathe() -> None:
            pause = np.zeros(round(rng.uniform(*AFTER_CUE) * SAMPLE_RATE))
            made = partial(breath, float(rng.uniform(*LASTS)), rng, "report")
            air = real[rng.integers(len(real))].make() if real else made()
            loud = SPEECH_LEVEL * 10 ** (LOUDNESS / 20) * air / np.std(air)
            card.say(np.concatenate((pause, loud)).astype(np.float32))

        pair = Pair(say, breathe, read_language())
        coach = stack.enter_context(Coach(card, folder, "-m", "voice_coach", "run", ROUTINE))
        day = pair.lead(coach)
        shown = coach.shown
    pushes, released = shown.count("And push."), shown.count("Partner: let go.")
    print(shown)  # noqa: T201 - it is what was asked for
    sys.stderr.write(
        f"{day}\n{pair.breaths} breaths out, {pushes} pushes, {released} times let go in a hurry; "
        f"its log is in {folder}.\n"
    )
    return 0 if day.passed else 1


if __name__ == "__main__":
    sys.exit(main())
