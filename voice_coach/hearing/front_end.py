"""The front end: what is known of each block before anything is decided.

It runs the echo canceller, the VAD, the endpointer and the first pass, keeps the latest seconds of
sound for the second pass, and measures the levels that are shown.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from voice_coach.core.ports import BLOCK, BLOCK_SECONDS, SAMPLE_RATE
from voice_coach.hearing.breath import BreathDetector
from voice_coach.hearing.endpointer import (
    Endpointer,
    FrameFeatures,
    SpeechState,
)
from voice_coach.hearing.first_pass import FirstPass

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from voice_coach.aec.frame import AecFrame
    from voice_coach.hearing.breath import BreathChange
    from voice_coach.hearing.endpointer import Utterance
    from voice_coach.hearing.recogniser import Recogniser
    from voice_coach.hearing.vad import VadScore

    Samples = NDArray[np.float32]

KEPT = 4.0
"""Seconds of sound that are kept: an order and what comes before it."""
UNFOUND_JUMP = 0.2
"""Seconds until a delay jump is found; until then the coach's voice is in the output."""
ECHO_FALL = 1.0
"""Decibels a second by which the stored peak of the echo falls while the coach speaks."""
METER_FALL = 20 / 1.7
"""Decibels a second by which the level that is shown falls: 20 in 1.7 s, as on a peak programme
meter (IEC 60268-10, type I). It rises at once, so that no word is missed between two looks."""
QUIETEST = 1e-10
"""Power, or mean square, that keeps a level finite: -100 dBFS."""


class Canceller(Protocol):
    """Takes the loudspeaker's echo out of the microphone."""

    def process(self, microphone: Samples, far_end: Samples) -> AecFrame:
        """Give the microphone without the echo of `far_end`; both have BLOCK samples."""

    def move_far_end(self, samples: int) -> None:
        """Expect the far end so much later from the next block on; below zero, sooner."""


class Vad(Protocol):
    """Tells whether the person makes a sound, and whether it is speech."""

    def judge(self, frame: AecFrame, person: float | None) -> VadScore:
        """Take the next block; the `person` speaks at this level, in dB of full scale."""


class BreathSource(Protocol):
    """Tells of breaths."""

    @property
    def may_be_breath(self) -> bool:
        """Whether the latest block may be part of a breath."""

    def step(self, frame: AecFrame) -> BreathChange | None:
        """Take the next block; give what became known with it."""


@dataclass(frozen=True)
class FrontEndFrame:
    """What is known of one block."""

    speech: SpeechState
    features: FrameFeatures
    detected: str
    """The phrase of pain or stop that the first pass detects with it; empty if none."""
    said_by_coach: frozenset[str]
    """Phrases that the coach has just said."""
    breath: BreathChange | None = None
    """The breath that began or ended, if breaths are listened for."""
    awaits_breath: bool = False
    """Whether breaths are listened for."""
    may_be_breath: bool = False
    """Whether they are, and this block may be part of one."""


class FrontEnd:
    """Follows one stream of sound."""

    def __init__(
        self,
        person: Recogniser,
        coach: Recogniser,
        canceller: Canceller,
        vad: Vad,
        breaths: Callable[[], BreathSource] = BreathDetector,
    ) -> None:
        """Take two recognisers: one for the microphone, one for the coach's own voice.

        `breaths` makes a new detector each time that breaths are to be listened for.
        """
        self._canceller = canceller
        self._vad = vad
        self._first_pass = FirstPass(person, coach)
        self.endpointer = Endpointer()
        self.history = SoundHistory()
        self.meters = Meters()
        self._breaths = breaths
        self._breath: BreathSource | None = None
        self._samples = 0

    def listen_for(self, phrases: Sequence[str]) -> None:
        """Detect these phrases of pain and stop from now on."""
        self._first_pass.listen_for(phrases)

    def listen_for_breath(self, *, on: bool) -> None:
        """Tell of breaths from now on, or no more."""
        self._breath = self._breaths() if on else None

    def move_far_end(self, samples: int) -> None:
        """Expect the far end so much later from the next block on; below zero, sooner."""
        self._canceller.move_far_end(samples)

    def step(
        self, microphone: Samples, far_end: Samples, person: float | None = None
    ) -> FrontEndFrame:
        """Take the next block of both; the `person` speaks at this level, in dB of full scale."""
        frame = self._canceller.process(microphone, far_end)
        self._samples += len(frame.samples)
        now = self._samples / SAMPLE_RATE
        coach = bool(np.any(far_end))
        self.meters.step(frame, coach=coach)
        self.history.keep(frame)
        detected = self._first_pass.step(now, frame.samples, far_end if coach else None)
        features = FrameFeatures.of(self._vad.judge(frame, person), frame, coach=coach)
        speech = self.endpointer.step(now, features)
        breath = self._breath.step(frame) if self._breath else None
        awaits = self._breath is not None
        may_be = self._breath is not None and self._breath.may_be_breath
        said_by_coach = self._first_pass.said_by_coach(now)
        return FrontEndFrame(speech, features, detected, said_by_coach, breath, awaits, may_be)


class SoundHistory:
    """The latest seconds of the microphone without the coach."""

    def __init__(self) -> None:
        self._blocks: deque[Samples] = deque(maxlen=round(KEPT * SAMPLE_RATE / BLOCK))
        self._reconverging = False

    def keep(self, frame: AecFrame) -> None:
        """Take the next block, and put the latest ones right after a delay jump."""
        self._blocks.append(frame.samples)
        if frame.patched is not None:
            self._patch(frame.patched)
        elif frame.reconverging and not self._reconverging:
            self._patch(np.zeros(round(UNFOUND_JUMP * SAMPLE_RATE), np.float32))
        self._reconverging = frame.reconverging

    def last(self, seconds: float) -> Samples:
        """Give the latest sound, as far as it is kept."""
        return np.concatenate(self._blocks)[-round(seconds * SAMPLE_RATE) :]

    def _patch(self, patched: Samples) -> None:
        blocks = patched.reshape(-1, len(self._blocks[-1]))
        for back in range(1, min(len(blocks), len(self._blocks)) + 1):
            self._blocks[-back] = blocks[-back]


class Meters:
    """Levels that are shown and logged."""

    def __init__(self) -> None:
        self.level: float | None = None
        """How loud the person is, in dBFS: the microphone without the coach's echo."""
        self.erle: float | None = None
        """Echo return loss enhancement of the latest block, in dB."""
        self._echo: float | None = None
        """How loud the coach's echo was at its loudest of late, in dB of full scale."""

    def step(self, frame: AecFrame, *, coach: bool) -> None:
        """Take the next block."""
        self.erle = frame.erle
        level = _decibels(float(np.mean(np.square(frame.samples))))
        before = level if self.level is None else self.level
        self.level = max(level, before - METER_FALL * BLOCK_SECONDS)
        if coach:
            echo = _decibels(float(np.sum(frame.echo)))
            faded = echo if self._echo is None else self._echo - ECHO_FALL * BLOCK_SECONDS
            self._echo = max(echo, faded)

    def over_echo(self, utterance: Utterance) -> float | None:
        """Tell by how many decibels an utterance was above the coach's echo; None without echo."""
        return None if self._echo is None else round(utterance.loudest - self._echo, 1)


def _decibels(power: float) -> float:
    return 10 * float(np.log10(power + QUIETEST))
