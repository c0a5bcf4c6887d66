"""The endpointer: where utterances begin and end, how loud they are, and what was said before them.

It follows the VAD block by block. An utterance begins with the first block of speech and ends after
0.3 s without one. The endpointer also keeps what separates a phrase for the coach from talk: leaky
integrators of the speech of the last seconds, and the level of the louder part of that talk.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from voice_coach.core.ports import BLOCK_SECONDS

if TYPE_CHECKING:
    from voice_coach.aec.frame import AecFrame
    from voice_coach.hearing.vad import VadScore

ACTIVITY_THRESHOLD, SPEECH_THRESHOLD = 5.0, 6.0
"""CUSUM of log odds above which the person makes a sound, and above which it is speech."""
ENDPOINT_SILENCE = 0.3
"""Seconds without a sound after which it is over, and without speech an utterance."""
BACKGROUND_AFTER = 1.3
"""Seconds after which an utterance is longer than a cry, and counts as talk."""
BACKGROUND_MEMORY = 8.0
"""Time constant of the background-speech integrators in seconds. Talk across a room comes in pieces
that are as short as a cry, but there are many of them."""
LOUD_SHARE, LEVEL_RATE, FORGOTTEN = 0.1, 10.0, 0.1
"""LOUD_SHARE of the talk's blocks are louder than the background level. The level adapts by up to
LEVEL_RATE decibels a second: slowly, because the phrase itself is part of the sound. When the
integrator of talk is below FORGOTTEN seconds, the level starts again."""
PEAK_FALL = 10.0
"""Decibels a second by which the level of a loud block is forgotten."""
SUSTAINED = 16
"""This many blocks, a bit more than 0.3 s, are at least as loud as an utterance's sustained
level."""
REFRACTORY = 1.0
"""Seconds after a reported phrase in which the same sound is not taken for another one, and neither
ducks nor silences the coach again."""
PERSON_ADAPTATION = 0.3
"""Share by which the person's level follows each confirmed phrase."""


@dataclass(frozen=True)
class FrameFeatures:
    """What is known of one block before anything is decided."""

    activity: float
    """CUSUM of the log odds that the person makes any sound."""
    speech: float
    """CUSUM of the log odds that they speak."""
    level: float
    """Level of the echo-free microphone, in dB of full scale."""
    reconverging: bool = False
    """Whether the output may hold the coach's voice, because its echo has just jumped."""
    coach: bool = False
    """Whether the coach is audible."""
    cry: float = 0.0
    """CUSUM of the log odds that they cry without words."""
    trusted: bool = True
    """Whether the canceller trusts the path of the coach's echo, also while the coach is silent."""

    @classmethod
    def of(cls, vad: VadScore, frame: AecFrame, *, coach: bool) -> FrameFeatures:
        """Put a block's VAD scores and the canceller's state together."""
        return cls(
            vad.activity, vad.speech, vad.level, frame.reconverging, coach, vad.cry, frame.trusted
        )

    @property
    def is_active(self) -> bool:
        """Whether the person makes a sound."""
        return self.activity > ACTIVITY_THRESHOLD

    @property
    def is_speech(self) -> bool:
        """Whether it is speech."""
        return self.speech > SPEECH_THRESHOLD


@dataclass(frozen=True)
class BackgroundSpeech:
    """How much was said in the last seconds: leaky integrators, in seconds."""

    talk: float = 0.0
    """Speech of utterances longer than a cry, counted from BACKGROUND_AFTER on."""
    speech: float = 0.0
    """Any speech."""
    level: float = math.inf
    """Level that the louder tenth of the talk exceeds, in dB of full scale; infinite before any."""


@dataclass(frozen=True)
class Utterance:
    """One stretch of speech; the latest one until another begins."""

    start: float = -math.inf
    """When speech was first noticed, in seconds."""
    last: float = -math.inf
    """When it was last noticed."""
    voiced: float = 0.0
    """Seconds of speech in it."""
    pause_before: float = math.inf
    """Seconds without speech before it."""
    loudest: float = -math.inf
    """Level of its loudest block, in dB of full scale."""
    sustained: float = -math.inf
    """Level that it reaches for more than 0.3 s, in dB of full scale."""
    cry: float = 0.0
    """Largest CUSUM of the log odds that it is a cry without words."""
    before: BackgroundSpeech = BackgroundSpeech()
    """The background speech when it began."""


@dataclass(frozen=True)
class SpeechState:
    """Where things stand after one block."""

    now: float
    """When the block ends, in seconds."""
    last_activity: float = -math.inf
    """When the person last made a sound."""
    activity_start: float = -math.inf
    """When that sound began."""
    activity_loudest: float = -math.inf
    """Level of its loudest block since it began, in dB of full scale."""
    activity_ended: bool = False
    """Whether the sound ends with this block."""
    utterance: Utterance = Utterance()
    speaking: bool = False
    """Whether it is under way."""
    ended: bool = False
    """Whether it ends with this block."""
    background: BackgroundSpeech = BackgroundSpeech()
    peak: float = -200.0
    """Level of the loudest recent block, in dB of full scale; it falls by PEAK_FALL."""
    last_coach: float = -math.inf
    """When the coach was last audible."""
    last_reconverging: float = -math.inf
    """When the echo path was last reconverging."""

    @property
    def sound(self) -> Utterance:
        """Give the latest sound of the person as an utterance, if it held no speech."""
        return Utterance(
            self.activity_start,
            self.last_activity,
            loudest=self.activity_loudest,
            before=self.background,
        )

    @property
    def since_activity(self) -> float:
        """Seconds since the person last made a sound."""
        return self.now - self.last_activity

    @property
    def since_speech(self) -> float:
        """Seconds since they last spoke."""
        return self.now - self.utterance.last


class Endpointer:
    """Follows one stream of blocks."""

    def __init__(self) -> None:
        self._state = SpeechState(0.0)
        self._loudest: list[float] = []
        """Levels of the utterance's SUSTAINED loudest blocks: a heap."""

    def step(self, now: float, frame: FrameFeatures) -> SpeechState:
        """Take the block that ends at `now`, in seconds."""
        before = self._state
        state = replace(
            before,
            now=now,
            speaking=before.speaking and not before.ended,
            ended=False,
            peak=max(frame.level, before.peak - PEAK_FALL * BLOCK_SECONDS),
            last_coach=now if frame.coach else before.last_coach,
            last_reconverging=now if frame.reconverging else before.last_reconverging,
        )
        state = _with_activity(state, frame)
        state = self._with_background(state, frame)
        if frame.is_speech:
            state = self._with_speech(state, frame)
        ended = state.speaking and state.since_speech > ENDPOINT_SILENCE
        silent = before.since_activity <= ENDPOINT_SILENCE < state.since_activity
        self._state = replace(state, ended=ended, activity_ended=silent)
        return self._state

    def discount(self, utterance: Utterance) -> None:
        """Forget that this was speech in the background: it was said to the coach."""
        background = replace(
            self._state.background, talk=utterance.before.talk, speech=utterance.before.speech
        )
        self._state = replace(self._state, background=background)

    @staticmethod
    def _with_background(state: SpeechState, frame: FrameFeatures) -> SpeechState:
        decay = 1 - BLOCK_SECONDS / BACKGROUND_MEMORY
        talk, speech = decay * state.background.talk, decay * state.background.speech
        level = state.background.level
        if state.speaking and state.now - state.utterance.start > BACKGROUND_AFTER:
            talk += BLOCK_SECONDS
            level = state.peak if talk < FORGOTTEN else level
            share = 1 - LOUD_SHARE if frame.level > level else -LOUD_SHARE
            level += share * LEVEL_RATE * BLOCK_SECONDS
        return replace(state, background=BackgroundSpeech(talk, speech, level))

    def _with_speech(self, state: SpeechState, frame: FrameFeatures) -> SpeechState:
        utterance, now, background = state.utterance, state.now, state.background
        if not state.speaking:
            pause = state.since_speech
            utterance = Utterance(now, now, pause_before=pause, before=background)
            self._loudest = []
        heapq.heappush(self._loudest, frame.level)
        if len(self._loudest) > SUSTAINED:
            heapq.heappop(self._loudest)
        utterance = replace(
            utterance,
            last=now,
            voiced=utterance.voiced + BLOCK_SECONDS,
            # A voice may be known as one late, when its loudest part is over.
            loudest=max(utterance.loudest, frame.level, state.activity_loudest),
            sustained=self._loudest[0] if len(self._loudest) == SUSTAINED else -math.inf,
            cry=max(utterance.cry, frame.cry),
        )
        background = replace(background, speech=background.speech + BLOCK_SECONDS)
        return replace(state, utterance=utterance, speaking=True, background=background)


class LastReport:
    """The latest phrase or cry that was reported: what follows it soon may be the rest of it."""

    def __init__(self) -> None:
        self._at = -math.inf
        self._until = math.inf

    def note(self, now: float, until: float) -> None:
        """Take what is reported now; its sound lasted `until` then, infinite if it may go on."""
        self._at, self._until = now, until

    def covers(self, now: float, utterance: Utterance) -> bool:
        """Whether sound of this utterance may belong to it."""
        return now - self._at <= REFRACTORY and utterance.start <= self._until


class PersonLevel:
    """How loud the person speaks, learnt from what they said to the coach."""

    def __init__(self) -> None:
        self.level: float | None = None
        """That of the loudest blocks, in dB of full scale; None while it is unknown."""

    def learn(self, loudest: float) -> None:
        """Take the loudest block of a confirmed phrase, in dB of full scale."""
        known = loudest if self.level is None else self.level
        self.level = known + PERSON_ADAPTATION * (loudest - known)

    def above(self, level: float) -> float:
        """Tell by how many decibels `level` is above the person's; 0 while that is unknown."""
        return 0.0 if self.level is None else level - self.level


def _with_activity(state: SpeechState, frame: FrameFeatures) -> SpeechState:
    if not frame.is_active:
        return state
    if state.since_activity > ENDPOINT_SILENCE:
        state = replace(state, activity_start=state.now, activity_loudest=-math.inf)
    return replace(
        state,
        last_activity=state.now,
        activity_loudest=max(state.activity_loudest, frame.level),
    )
