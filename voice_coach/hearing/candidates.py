"""Candidates: pieces of sound that may hold a phrase, and what is known of them.

A phrase of pain or stop that the first pass detects is a candidate three times, a quarter, a half
and 0.8 s later: at the moment itself too many sentences still begin like one ("that h..."). Every
utterance is one when it has ended. Each candidate goes to the second pass; its features go into the
decision.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from voice_coach.core.ports import BLOCK_SECONDS
from voice_coach.hearing.barge_in import FRESH
from voice_coach.hearing.second_pass import LLR_MIN, URGENT_WINDOW

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voice_coach.hearing.endpointer import PersonLevel, SpeechState, Utterance
    from voice_coach.hearing.second_pass import PhraseLlr, SecondPassRequest, SecondPassResult

SECOND_PASS_DELAYS = (0.25, 0.5, 0.8)
"""Seconds after a detection at which the sound is decoded again."""
EARLY_PASS = 0.1
"""The same for one pass more, where there was no speech to silence the coach: somebody whose voice
the near-end VAD misses waits for the second pass."""
SHORTEST_WINDOW, LEAD = 1.2, 0.4
"""Least seconds of sound that are decoded again, and how many seconds before the first speech they
begin."""
SHORTEST_ORDER = 0.1
"""Seconds between the first and the last block of a sound that may be a word."""
LONGEST_URGENT, LONGEST_ORDER = 2.8, 3.5
"""Longest cry and longest order in seconds, with the silence that ends them. The longest order is
"tell me about" and a long name."""
SAME_UTTERANCE = 0.3
"""Seconds after an utterance's last speech at which a detection still belongs to it."""
RECENT = 1.5
"""Seconds after which a sound, speech or the coach no longer counts as present; the coach does for
as long as its voice is in the sound that is decoded."""
PAUSED = 0.15
"""Seconds without speech after which a phrase is taken to be complete."""
RECONVERGED = 1.5
"""Seconds after reconvergence of the echo path in which residual echo may be decoded as a
phrase."""
DETECTION_LAG = 0.7
"""Seconds from the beginning of a phrase until the first pass detects it: speech before that is
something else."""
STANDS_OUT = 14.0
"""A phrase this many decibels above the louder tenth of the background speech counts as separate.
Stressed words of a talk were 13 dB above it."""
ONE_CRY = 1.0
"""Seconds of recent speech that are not yet talk, because a cry may be repeated."""
SHORTEST_CRY = 0.2
"""Least seconds of voice in a cry without words; a chair or a door has less."""
AS_LOUD = 3.0
"""A cry without words may be this many decibels softer than the person speaks; a sigh is softer."""
LIMIT = 40.0
"""Largest level difference and time that a feature shows, in dB and in s."""


@dataclass(frozen=True)
class Candidate:
    """A piece of sound that may hold a phrase, as it was known when the second pass was due."""

    at: float
    """When it ends, in seconds."""
    seconds: float
    """How much of it is to be decoded."""
    utterance: Utterance
    detected: str = ""
    """The phrase of pain or stop that the first pass detected in it."""
    endpoint: bool = False
    """Whether an utterance has ended, so that orders are looked for as well."""
    last: bool = True
    """Whether a possible phrase is to be reported, because nothing more is waited for."""
    may_be_urgent: bool = True
    """Whether it is short enough for a cry."""
    may_be_wordless: bool = False
    """Whether it is a cry if it holds no word: then it is worth a transcript."""
    features: Mapping[str, float] = field(default_factory=dict)
    """What is known of it without the second pass."""


@dataclass(frozen=True)
class _Detection:
    phrase: str
    at: float
    level: float
    """Level of the loudest recent block above the background's, in dB."""


class Candidates:
    """Follows one stream of blocks."""

    def __init__(self, person: PersonLevel) -> None:
        self._person = person
        self._detection: _Detection | None = None
        self._due: list[float] = []
        self._active: deque[bool] = deque(maxlen=round((LONGEST_ORDER + LEAD) / BLOCK_SECONDS))
        """For each recent block: whether the person made a sound in it."""

    @property
    def due(self) -> bool:
        """Whether a further pass over a detection is due."""
        return bool(self._due)

    def detect(self, phrase: str, speech: SpeechState) -> None:
        """Take a phrase of pain or stop that the first pass has detected in this block."""
        self._detection = _Detection(phrase, speech.now, speech.peak - speech.background.level)
        early = () if speech.since_speech < FRESH else (EARLY_PASS,)
        self._due = [speech.now + delay for delay in (*early, *SECOND_PASS_DELAYS)]

    def clear(self, until: float) -> None:
        """Forget what is due: a phrase was reported, whose sound lasted `until` then."""
        if self._detection and self._detection.at - until <= SAME_UTTERANCE:
            self._due.clear()

    def step(self, speech: SpeechState) -> Candidate | None:
        """Give what is due in this block."""
        now = speech.now
        self._active.append(speech.last_activity == now)
        if speech.ended:
            is_short = now - speech.utterance.start <= LONGEST_ORDER
            return self._at_endpoint(speech, speech.utterance) if is_short else None
        if speech.activity_ended and self._may_be_order(speech):
            return self._at_endpoint(speech, speech.sound)
        if not self._due or now < self._due[0]:
            return None
        del self._due[0]
        detected_at = self._detection.at if self._detection else now
        begun = speech.utterance.start if speech.speaking else detected_at - SHORTEST_WINDOW
        seconds = min(max(now - begun + LEAD, SHORTEST_WINDOW), URGENT_WINDOW)
        return self._candidate(speech, speech.utterance, seconds, endpoint=False)

    def _at_endpoint(self, speech: SpeechState, utterance: Utterance) -> Candidate:
        seconds = max(speech.now - utterance.start + LEAD, SHORTEST_WINDOW)
        return self._candidate(speech, utterance, seconds, endpoint=True)

    @staticmethod
    def _may_be_order(speech: SpeechState) -> bool:
        """Whether a sound that the VAD did not take for speech may be a word all the same.

        Over the coach it may not: there the VAD is what tells the person from the coach.
        """
        sound = speech.sound
        alone = max(speech.utterance.last, speech.last_coach) < sound.start
        return alone and SHORTEST_ORDER <= sound.last - sound.start <= LONGEST_ORDER

    def _candidate(
        self, speech: SpeechState, utterance: Utterance, seconds: float, *, endpoint: bool
    ) -> Candidate:
        detection = self._detection
        length = speech.now - utterance.start
        may_be_urgent = not endpoint or (utterance.voiced > 0 and length <= LONGEST_URGENT)
        long_enough = endpoint and utterance.voiced >= SHORTEST_CRY
        return Candidate(
            speech.now,
            seconds,
            utterance,
            detection.phrase if detection and self._is_in(detection, utterance) else "",
            endpoint,
            last=endpoint or not self._due,
            may_be_urgent=may_be_urgent,
            may_be_wordless=may_be_urgent and long_enough and self.is_theirs(speech, utterance),
            features=self._features(speech, utterance, seconds, endpoint=endpoint),
        )

    def is_theirs(self, speech: SpeechState, utterance: Utterance) -> bool:
        """Whether a voice without words is the person's, who is known, and not part of a talk.

        While the echo path is being learnt it may be the coach's.
        """
        person = self._person
        near = person.level is not None and person.above(utterance.loudest) > -AS_LOUD
        return near and utterance.before.speech <= ONE_CRY and not _reconverging(speech)

    def _activity(self, seconds: float) -> float:
        """Return for how many of the last `seconds` the person made a sound."""
        blocks = round(seconds / BLOCK_SECONDS)
        return BLOCK_SECONDS * sum(list(self._active)[-blocks:])

    @staticmethod
    def _is_in(detection: _Detection, utterance: Utterance) -> bool:
        return detection.at >= utterance.start

    def _features(
        self, speech: SpeechState, utterance: Utterance, seconds: float, *, endpoint: bool
    ) -> dict[str, float]:
        detection = self._detection
        # A whisper is detected without speech: then the latest utterance came before it.
        own = detection is None or detection.at - utterance.last <= SAME_UTTERANCE
        before = utterance.before if endpoint or own else speech.background
        begun = detection.at - utterance.start - DETECTION_LAG if detection and own else 0.0
        speech_before, recent_speech = max(begun, 0.0), max(before.speech - ONE_CRY, 0.0)
        over = (
            detection.level
            if detection and (self._is_in(detection, utterance) or not endpoint)
            else utterance.loudest - before.level
        )
        above = self._person.above(utterance.loudest)
        return {
            "last": float(endpoint or not self._due),
            "paused": float(endpoint or speech.since_speech > PAUSED),
            "pause_after": _limited(speech.since_speech),
            "pause_before": _limited(utterance.pause_before),
            "unvoiced": float(speech.since_speech > RECENT or not utterance.voiced),
            "activity_seconds": self._activity(seconds),
            "voiced_seconds": utterance.voiced,
            "utterance_seconds": _limited(utterance.last - utterance.start),
            "speech_before": _limited(speech_before),
            "recent_talk": before.talk,
            "recent_speech": recent_speech,
            "other_speech": _limited(recent_speech + speech_before),
            "level_against_background": _limited(over),
            "stands_out": float(over > STANDS_OUT),
            "level_against_person": _limited(above),
            "quieter_than_person": _limited(max(0.0, -above)),
            "coach_audible": float(speech.now - speech.last_coach < max(RECENT, seconds)),
            "reconverging": float(_reconverging(speech)),
        }


def candidate_features(
    request: SecondPassRequest, found: PhraseLlr, result: SecondPassResult, previous_llr: float
) -> dict[str, float]:
    """Put together all features of a candidate and of the phrase `found` in it.

    `previous_llr` is the mean of the pass before over the same detection; NO_LLR if there was none.
    """
    candidate = request.candidate
    features = dict(candidate.features)
    exclamation = found.phrase in request.grammar.vowels
    settled = found.mean if features["paused"] else min(found.mean, previous_llr)
    voiced = features["voiced_seconds"] >= SHORTEST_CRY and not features["unvoiced"]
    rival = result.urgent if found is result.order else result.order
    return features | {
        "plain_llr": found.plain,
        "preemphasised_llr": found.preemphasised,
        "best_llr": found.best,
        "mean_llr": found.mean,
        "previous_llr": previous_llr,
        "settled_llr": settled,
        "agrees_with_first_pass": float(bool(found.phrase) and found.phrase == candidate.detected),
        "is_order": float(found is result.order),
        "wordless": float(result.wordless),
        "exclamation": float(exclamation and not request.grammar.phrases[found.phrase].asked),
        "unvoiced_exclamation": float(exclamation and not voiced),
        "rival_lead": min(max(rival.best - found.best, 0.0), LIMIT) if rival.phrase else 0.0,
    }


NO_LLR = LLR_MIN
"""The previous LLR of a sound that is decoded again for the first time."""


def _reconverging(speech: SpeechState) -> bool:
    return speech.now - speech.last_reconverging <= RECONVERGED


def _limited(value: float) -> float:
    """Keep a level or a time finite; that of an utterance which there was not is 0."""
    return 0.0 if math.isnan(value) else min(max(value, -LIMIT), LIMIT)
