"""Three days by voice alone: asked about the body, the same again and worse, then only gently.

The real program leads each day on a virtual sound card that returns the coach's own voice as loud
as the person's, and nobody presses a key. Its history is kept: between two days all times in it are
moved back, so that each session begins a day after the one before. What was said on both sides is
written down, with its second, to be read as the person on the floor.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from trials.coach import Coach
from trials.day import POLITE, STEPS, Person, spoken_by
from trials.moments import VOICES
from trials.virtual_sound_card import EQUAL, VirtualSoundCard
from voice_coach.catalogue import read_language
from voice_coach.core.adapt import ChangeReason
from voice_coach.core.pace import speaking_seconds
from voice_coach.core.transitions import State
from voice_coach.display.words import read_screen_words
from voice_coach.history.store import open_history

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from trials.coach import Line
    from trials.day import Day
    from voice_coach.core.language import Language
    from voice_coach.display.words import ScreenWords

DAY = 86_400.0
"""Seconds."""
MOVING = 3.0
"""Seconds after "say: next" in which a person comes to stand or to lie as they were told."""
WANTED = "ten minutes for my upper back"
BETTER = "feels good"
"""The recogniser does not know the "better" of these voices: docs/hearing.md."""
USUAL = {
    "did that hurt": "no",
    "say: ready": "ready",
    "say: next": "next",
    "another stretch?": "no",
}
"""What is said every day, where the coach's line holds the words before it."""
HEADING = " · "
"""What a line that is shown and not said has in it."""


@dataclass(frozen=True)
class Visit:
    """What a person says on one day besides the usual, and what the coach must then say."""

    answers: Mapping[str, str]
    said: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()

    def answer(self, text: str) -> str:
        """Give what is answered to a line of the coach; empty for nothing."""
        answers, line = {**self.answers, **USUAL}, text.lower()
        return next((answers[asked] for asked in answers if asked.lower() in line), "")

    def missed(self, spoken: Iterable[str]) -> list[str]:
        """Tell what should have been spoken and was not, and what was and should not have been."""
        told = set(spoken)
        lacking = [f"not said: {text}" for text in self.said if text not in told]
        return [*lacking, *(f"said: {text}" for text in self.unsaid if text in told)]


def visits(language: Language) -> tuple[Visit, ...]:
    """Give the three days."""
    teaching, rating = language.teaching, language.coach.rating
    asked = tuple(teaching.screening.questions.values())
    worse = teaching.adapt.reasons[ChangeReason.WORSE]
    none, again = dict.fromkeys(asked, "no"), {"as last time": "yes"}
    first = {language.coach.ask: WANTED, **none}
    return (
        Visit({**first, "how do you feel": BETTER}, (*asked, *rating.better), (worse,)),
        Visit({**again, "how do you feel": "worse"}, rating.worse, (worse, *asked)),
        Visit({**again, "how do you feel": "the same"}, (worse, *rating.same), asked),
    )


@dataclass
class Transcript:
    """What was said on both sides of a session, and what of the person was heard."""

    words: ScreenWords
    began: float
    """By ``time.monotonic``."""
    lines: list[str] = field(default_factory=list)
    spoken: list[str] = field(default_factory=list)
    """What the coach said."""

    def person(self, words: str, at: float) -> None:
        """Write down what the person begins to say."""
        self._write(at, "person", words)

    def coach(self, line: Line) -> None:
        """Write down what was spoken; a sentence that was held back for a while is shown twice."""
        if self.spoken[-1:] != [line.text]:
            self.spoken.append(line.text)
            self._write(line.at, "coach", line.text)

    def heard(self, line: Line) -> None:
        """Write down what the coach understood."""
        self._write(line.at, "(heard)", line.text)

    def is_spoken(self, line: Line) -> bool:
        """Tell whether the coach says this line, and does not only show it."""
        words = self.words
        headlines = (words.headlines[State.CHOOSING], words.headlines[State.SCREENING])
        shown = {*headlines, *words.outcomes.values(), *words.hints.values(), words.listening, ""}
        ended = line.label == words.states[State.ENDED]
        return not ended and HEADING not in line.text and line.text not in shown

    def _write(self, at: float, who: str, text: str) -> None:
        self.lines.append(f"{at - self.began:7.1f}  {who:8} {text}")


class Returning(Person):
    """Leads a session by voice, with an answer wherever the coach waits for one."""

    def __init__(
        self,
        say: Callable[[str], object],
        language: Language,
        visit: Visit,
        transcript: Transcript,
    ) -> None:
        super().__init__("day", self._write_and_say, language, seed=1)
        self._aloud = say
        self._visit = visit
        self._transcript = transcript

    def _write_and_say(self, words: str) -> None:
        self._transcript.person(words, time.monotonic())
        self._aloud(words)

    def _follow(self, line: Line) -> None:
        if line.label == self._heard:
            self._transcript.heard(line)
        elif self._transcript.is_spoken(line):
            self._transcript.coach(line)
        else:
            return
        super()._follow(line)

    def _pause(self, line: Line, state: State) -> float:
        return speaking_seconds(line.text) + (MOVING if state in STEPS else POLITE)

    def _answer(self, state: State | None, text: str) -> str:
        del state
        return self._visit.answer(text)


def move_back(file: Path, seconds: float) -> None:
    """Move all that is remembered so many seconds into the past."""
    with open_history(file) as history:
        for one in history.past().sessions:
            history.write(replace(one, began=one.began - seconds, ended=one.ended - seconds))
        if screening := history.screening():
            history.write_screening(replace(screening, at=screening.at - seconds))


def main(words: Sequence[str] | None = None) -> int:
    """Hold the trial; 1 if a day did not end well, or the one before did not shape it."""
    parser = argparse.ArgumentParser(prog="scripts/days_trial", description=__doc__)
    parser.add_argument("--voice", choices=VOICES, default=VOICES[0], help="whose voice it is")
    parser.add_argument("--out", type=Path, help="a folder for the history and the transcripts")
    asked = parser.parse_args(words)
    folder = asked.out or Path(tempfile.mkdtemp(prefix="days-trial-"))
    language, screen, failed = read_language(), read_screen_words(), 0
    with VirtualSoundCard() as card, spoken_by(card, asked.voice) as say:
        card.echo(EQUAL)
        for number, visit in enumerate(visits(language), 1):
            began, transcript = time.time(), Transcript(screen, time.monotonic())
            person = Returning(say, language, visit, transcript)
            with Coach(card, folder, "-m", "voice_coach", "run", answers=False) as coach:
                day: Day = person.lead(coach)
            file = folder / f"day-{number}.txt"
            file.write_text("\n".join((*transcript.lines, "")), encoding="utf-8")
            wrong = visit.missed(transcript.spoken)
            failed += bool(wrong) or not day.passed
            sys.stderr.write(f"{number}. {day} {wrong}\n")
            elapsed = time.time() - began
            move_back(folder / "voice-coach" / "history.db", DAY - elapsed)
    print(f"{failed} of {number} days failed; transcripts in {folder}.")  # noqa: T201
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
