"""Barge-in: when the coach is ducked, when it is silenced, and when it goes on.

Pausing is cheap, so it happens at once. A sound of the person ducks the coach; speech silences it.
So does a phrase of pain or stop that the first pass detects, even if the VAD is not sure that it is
speech. Without more speech the coach goes on after a false-interruption time-out of two seconds.

Activity without speech is taken for a breath: after 0.35 s the coach comes back to full loudness
while the breath lasts. No hush lasts longer than six seconds without a phrase that is understood,
because then somebody talks to somebody else, or it is no person at all. The coach speaks on, and
only a phrase of pain or stop silences it until there was no speech for two seconds.

In a routine with a press, where breaths are listened for, a breath does not silence the coach,
however much it sounds like speech. It is far softer than the person's words: whatever is not may be
a cry in the midst of a breath, and silences it. docs/vad.md has the figures.

After a jump of the echo the coach may silence itself, because its echo sounds like a person until
the canceller has learnt it again, and it learns only while the coach speaks. So after one such hush
without a phrase the coach speaks on, and only a phrase of pain or stop silences it until then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from voice_coach.hearing.endpointer import ENDPOINT_SILENCE, LastReport

if TYPE_CHECKING:
    from voice_coach.hearing.endpointer import FrameFeatures, SpeechState

Notice = Literal["duck", "hush", "resume"]

BARGE_IN_THRESHOLD = 8.0
"""CUSUM of log odds above which speech silences the coach. That is 0.01 s later than at the speech
threshold, and spares the coach half of the coughs, doors and laughs."""
FALSE_INTERRUPTION_TIMEOUT = 2.0
"""Seconds of silence after the last speech; with one second the coach spoke again before people
repeated themselves."""
BREATH = 0.35
"""Seconds for which activity without speech ducks the coach."""
LONGEST_HUSH = 6.0
"""Seconds of one hush after which the sound counts as talk to somebody else, or music."""
FRESH = 1.0
"""Seconds after speech in which a detected phrase of pain silences the coach at once. Later it is
most likely the coach's own voice, so the second pass decides first."""


class BargeIn:
    """Follows one stream of blocks."""

    def __init__(self) -> None:
        self._state: Literal["open", "ducked", "hushed"] = "open"
        self._since = 0.0
        """When that state was entered, in seconds."""
        self._silent_until = 0.0
        self._used_to: Literal["", "breath", "talk", "echo"] = ""
        """A sound that goes on and no longer ducks or silences the coach."""
        self._last_report = LastReport()

    @property
    def hushed(self) -> bool:
        """Whether the coach is silenced."""
        return self._state == "hushed"

    def step(
        self,
        speech: SpeechState,
        frame: FrameFeatures,
        *,
        detected: bool,
        pending: bool,
        breathing: bool,
    ) -> list[Notice]:
        """Take the next block; tell whether the first pass `detected` pain or stop in it.

        While a second pass is `pending`, a hush does not end before its time. Speech that is only
        a breath (`breathing`) does not begin one.
        """
        now = speech.now
        if self._is_over(speech, frame):
            self._used_to = ""
        notices: list[Notice] = []
        if not self._last_report.covers(now, speech.utterance):
            speaks = frame.is_speech if self.hushed else frame.speech > BARGE_IN_THRESHOLD
            # A hush that somebody's speech began lasts as long as their speech, or their sobs.
            deaf_to = self._used_to in ("talk", "echo") or (breathing and not self.hushed)
            if (speaks and not deaf_to) or (detected and speech.since_speech < FRESH):
                notices += self.hush(speech)
            elif frame.is_active and self._state == "open" and not self._used_to:
                self._enter("ducked", now)
                notices.append("duck")
        return notices + self._release(speech, frame, pending=pending)

    def hush(self, speech: SpeechState) -> list[Notice]:
        """Silence the coach, or keep it silent for longer."""
        self._silent_until = speech.now + FALSE_INTERRUPTION_TIMEOUT
        # Each utterance says so anew, because a key may have made the coach speak again meanwhile.
        notices: list[Notice] = (
            ["hush"] if not self.hushed or speech.now == speech.utterance.start else []
        )
        if not self.hushed:
            self._enter("hushed", speech.now)
        return notices

    def report(self, now: float, until: float) -> None:
        """Leave the coach to the session: a phrase was reported, which lasted `until` then."""
        self._enter("open", now)
        self._last_report.note(now, until)

    def _is_over(self, speech: SpeechState, frame: FrameFeatures) -> bool:
        """Whether the sound that no longer ducks or silences the coach has ended."""
        match self._used_to:
            case "breath":
                return speech.since_activity > ENDPOINT_SILENCE
            case "talk":
                return speech.since_speech > FALSE_INTERRUPTION_TIMEOUT
            case _:
                return frame.trusted

    def _release(self, speech: SpeechState, frame: FrameFeatures, *, pending: bool) -> list[Notice]:
        now = speech.now
        if self._state == "ducked":
            if now - self._since > BREATH:
                self._used_to = "breath"
            if self._used_to == "breath" or speech.since_activity > ENDPOINT_SILENCE:
                return self._resume(now)
        elif self.hushed:
            if now - self._since > LONGEST_HUSH:
                self._used_to = "talk"
                return self._resume(now)
            if now >= self._silent_until and not pending:
                if not frame.trusted:
                    self._used_to = "echo"
                return self._resume(now)
        return []

    def _enter(self, state: Literal["open", "ducked", "hushed"], now: float) -> None:
        self._state, self._since = state, now

    def _resume(self, now: float) -> list[Notice]:
        self._enter("open", now)
        return ["resume"]
