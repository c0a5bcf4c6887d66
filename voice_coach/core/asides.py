"""What is asked in between and moves nothing: pace, loudness, "how long?", a word to the partner.

An answer is given at once, or, where a clock runs, as soon as no cue is in its way.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from voice_coach.core.actions import SetVolume
from voice_coach.core.commands import Command
from voice_coach.core.earcons import GAP as EARCON_GAP
from voice_coach.core.earcons import HEARD
from voice_coach.core.narration import GAP
from voice_coach.core.pace import speaking_seconds
from voice_coach.core.remaining import how_long

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_coach.core.actions import Action
    from voice_coach.core.course import Course
    from voice_coach.core.language import Language
    from voice_coach.core.pace import Pace

ASIDES = frozenset(
    {
        *(Command.SLOWER, Command.FASTER, Command.LONGER_BREATHS, Command.SHORTER_BREATHS),
        *(Command.LOUDER, Command.SOFTER, Command.GENTLER, Command.HOW_LONG),
    }
)
"""The commands that are answered here."""
VOLUME_STEP = 4.0
"""Decibels that "louder" and "softer" move by."""
LOUDEST, SOFTEST = 12.0, -16.0
"""Decibels."""
WELL_UNDER = 6.0
"""Decibels by which the coach's echo should be fainter than the person."""
MOST_STEPS = 2
"""Steps by which the coach becomes softer for that; with more it would be hard to hear itself."""


class Asides:
    """Answers without leaving the course."""

    def __init__(self, language: Language, course: Course, act: Callable[[Action], None]) -> None:
        self._language = language
        self._lines = language.coach
        self._course = course
        self._narration = course.narration
        self._act = act
        self._volume = 0.0

    def take(self, command: Command, now: float) -> None:
        """Do what one of ``ASIDES`` asks for, and say so."""
        answers, pace = self._lines.answers, self._course.pace
        match command:
            case Command.SLOWER:
                self._change_pace(pace.slower(), answers.slower, now)
            case Command.FASTER:
                self._change_pace(pace.faster(), answers.faster, now)
            case Command.LONGER_BREATHS:
                self._change_pace(pace.longer_breaths(), answers.longer_breaths, now)
            case Command.SHORTER_BREATHS:
                self._change_pace(pace.shorter_breaths(), answers.shorter_breaths, now)
            case Command.LOUDER:
                self._set_volume(self._volume + VOLUME_STEP)
                self.answer(answers.louder, now)
            case Command.SOFTER:
                self._set_volume(self._volume - VOLUME_STEP)
                self.answer(answers.softer, now)
            case Command.GENTLER:
                self._ask_gentler(now)
            case Command.HOW_LONG:
                self.answer(None, now)

    def suit(self, over_echo: float) -> None:
        """Speak softer, without a word, where the echo comes near to the person's loudness."""
        steps = min(MOST_STEPS, ceil((WELL_UNDER - over_echo) / VOLUME_STEP))
        if steps > 0:
            self._set_volume(self._volume - steps * VOLUME_STEP)

    def _ask_gentler(self, now: float) -> None:
        # The partner is told at once, even in the middle of a cue.
        text = self._lines.to_partner.format(sentence=self._lines.answers.gentler)
        if self._course.running:
            # A cue that was about to be called is lost with it: it could only come too late.
            self._narration.cut(now)
            self._narration.say(text, now)
        else:
            self.answer(text, now)

    def answer(self, text: str | None, now: float) -> None:
        """Say something in between; None is what is left then."""
        if not self._course.running:
            self._narration.put_in((text or self._how_long(now),), now)
        elif text not in self._narration.answers:
            self._narration.answers.append(text)
            self.fit_in(now)

    def acknowledge(self, now: float) -> None:
        """Let the earcon sound that no sentence took along, if no cue would have to wait for it."""
        narration, running = self._narration, self._course.running
        if not narration.acknowledges:
            return
        narration.acknowledges = False
        ends = now + speaking_seconds(HEARD) + EARCON_GAP
        if not narration.speaking and (running is None or ends <= running.next_cue()):
            narration.say(HEARD, now)

    def fit_in(self, now: float) -> None:
        """Give the next answer that waits, if the running clock leaves room for it."""
        running, waiting = self._course.running, self._narration.answers
        if not running or not waiting or self._narration.speaking:
            return
        text = waiting[0] or self._how_long(now)
        earcon = speaking_seconds(HEARD) + EARCON_GAP if self._narration.acknowledges else 0.0
        ends = now + earcon + speaking_seconds(text, self._course.pace.rate) + GAP
        if ends <= running.next_cue():
            waiting.popleft()
            self._narration.say(text, now)

    def _how_long(self, now: float) -> str:
        course = self._course
        steps = course.script[max(0, course.step) :]
        return how_long(self._language, steps, course.running, now)

    def _change_pace(self, pace: Pace, text: str, now: float) -> None:
        self._course.change_pace(pace)
        self.answer(text, now)

    def _set_volume(self, decibels: float) -> None:
        self._volume = max(SOFTEST, min(LOUDEST, decibels))
        self._act(SetVolume(self._volume))
