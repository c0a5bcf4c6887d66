"""The listener: one block of microphone and far end in, events out. Sound flows one way.

Front end (echo canceller, VAD, endpointer, first pass) → barge-in and candidates → second pass on a
worker → decision → events. Nothing ever mutes the microphone. `docs/hearing.md` follows one
decision all the way.
"""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from voice_coach.aec.canceller import EchoCanceller
from voice_coach.core.commands import Command
from voice_coach.core.events import (
    BreathEnded,
    BreathStarted,
    CandidateScored,
    Fault,
    Heard,
    Masked,
    Noticed,
)
from voice_coach.hearing.barge_in import BargeIn
from voice_coach.hearing.decision import shipped_rules
from voice_coach.hearing.endpointer import PersonLevel
from voice_coach.hearing.front_end import FrontEnd
from voice_coach.hearing.grammar import Grammar, grammar
from voice_coach.hearing.masking import MaskingWatch
from voice_coach.hearing.second_pass import run_second_pass
from voice_coach.hearing.spotter import Dropped, PhraseSpotter, Report, Scored, Unclear
from voice_coach.hearing.vad import NearEndVad
from voice_coach.hearing.worker import InlineWorker, ThreadWorker

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from voice_coach.core.events import Event
    from voice_coach.core.language import Language
    from voice_coach.hearing.decision import DecisionRules
    from voice_coach.hearing.endpointer import SpeechState
    from voice_coach.hearing.front_end import FrontEndFrame
    from voice_coach.hearing.recognisers import Recognisers
    from voice_coach.hearing.spotter import Outcome
    from voice_coach.hearing.worker import SecondPassWorker


SOFTER = 8.0
"""A breath is so many decibels softer than the loudest of the person's words. Without this limit a
breath that went on under a cry hid 13 of 24 words (made-up voices and breaths)."""
SHOWS = 0.4
"""Seconds that so soft a sound has to show that it is a breath. The VAD takes some real breaths for
a voice at once, and the breath detector knows them 0.35 s after they began. With this and
`FLICKERS` 5 of 40 breaths of a real person silenced the coach, in place of 10: docs/breath.md."""
FLICKERS = 8
"""Blocks, a sixth of a second, over which the loudness of a breath is taken: it flickers. A single
block as loud as the loudest of the words is none in any case."""
MASKED_EVERY = 10.0
"""Seconds between two reports that the person is hard to hear."""
DEAFENED = (
    "It is so loud here that you could not be heard: switch off what is loud, or come nearer to "
    "the microphone, and start again."
)


def open_listener(
    language: Language, recognisers: Recognisers, rules: DecisionRules | None = None
) -> Listener:
    """Make the listener of one session; its `recognisers` may have heard other sessions before.

    It decides by the rules that the coach ships with, if none are given. The same sound gives the
    same events every time.
    """
    second_pass = partial(run_second_pass, recognisers.microphone)
    return _listener(language, recognisers, InlineWorker(second_pass), rules)


def open_live_listener(
    language: Language, recognisers: Recognisers, rules: DecisionRules | None = None
) -> Listener:
    """Make a listener for real time: its second pass runs in a thread, and drops what is late."""
    second_pass = partial(run_second_pass, recognisers.microphone)
    return _listener(language, recognisers, ThreadWorker(second_pass), rules)


def _listener(
    language: Language,
    recognisers: Recognisers,
    worker: SecondPassWorker,
    rules: DecisionRules | None,
) -> Listener:
    recognisers.forget()
    front_end = FrontEnd(recognisers.microphone, recognisers.far_end, EchoCanceller(), NearEndVad())
    return Listener(front_end, worker, language, rules)


class Listener:
    """Hears the person over the coach's own voice."""

    def __init__(
        self,
        front_end: FrontEnd,
        worker: SecondPassWorker,
        language: Language,
        rules: DecisionRules | None = None,
        person: PersonLevel | None = None,
    ) -> None:
        """Decide by these `rules`, by those that the coach ships with if None.

        `person` is how loud somebody is known to speak; None: nobody is known.
        """
        self._front_end = front_end
        self._language = language
        self._grammar: Grammar = grammar(language, frozenset())
        self._barge_in = BargeIn()
        self._unclear = False
        """Whether the latest utterance was said to the coach and not understood."""
        self._person = person or PersonLevel()
        self._spotter = PhraseSpotter(worker, rules or shipped_rules(), self._person)
        self._powers: deque[float] = deque(maxlen=FLICKERS)
        self._masking = MaskingWatch()
        self._masked = -MASKED_EVERY
        """When it was last reported that the person is hard to hear, in seconds."""
        self._deafened = False

    @property
    def level(self) -> float | None:
        """How loud the person is, in dBFS: a meter of the microphone without the coach's echo."""
        return self._front_end.meters.level

    @property
    def erle(self) -> float | None:
        """Echo return loss enhancement of the latest block, in dB."""
        return self._front_end.meters.erle

    def listen(self, commands: AbstractSet[Command]) -> None:
        """Report only these commands from now on."""
        self._grammar = grammar(self._language, commands)
        self._front_end.listen_for(self._grammar.urgent)

    def listen_for_breath(self, *, on: bool) -> None:
        """Report breaths from now on, or no more."""
        self._front_end.listen_for_breath(on=on)

    def move_far_end(self, samples: int) -> None:
        """Tell that the far end comes so much later from the next block on."""
        self._front_end.move_far_end(samples)

    def hear(self, microphone: NDArray[np.float32], far_end: NDArray[np.float32]) -> list[Event]:
        """Take the next block of both; give what became known with it."""
        frame = self._front_end.step(microphone, far_end, self._person.level)
        detected = self._spotter.detect(frame)
        notices = self._barge_in.step(
            frame.speech,
            frame.features,
            detected=detected,
            pending=self._spotter.pending,
            breathing=self._is_breath(frame),
        )
        if frame.speech.now == frame.speech.utterance.start:
            self._unclear = False
        events: list[Event] = [Noticed(kind) for kind in notices]
        if self._unclear and "resume" in notices:
            self._unclear = False
            events = [Noticed("unclear")]
        if breath := frame.breath:
            kind = BreathStarted if breath.started else BreathEnded
            events.append(kind(round(breath.ago, 2), round(breath.confidence, 2)))
        for outcome in self._spotter.step(frame, self._grammar, self._front_end.history.last):
            events += self._follow(outcome, frame.speech)
        return events + self._judge_noise(frame)

    def _is_breath(self, frame: FrontEndFrame) -> bool:
        """Tell whether this is a breath for all that is known, and far softer than the person."""
        self._powers.append(10 ** (frame.features.level / 10))
        is_new = frame.awaits_breath and frame.speech.now - frame.speech.utterance.start < SHOWS
        if not (frame.may_be_breath or is_new):
            return False
        level = 10 * float(np.log10(np.mean(self._powers)))
        return self._person.above(level) < -SOFTER and self._person.above(frame.features.level) < 0

    def _judge_noise(self, frame: FrontEndFrame) -> list[Event]:
        now, level = frame.speech.now, frame.features.level
        speech = frame.features.is_speech
        masking = self._masking.step(level, self._person.level, speech=speech)
        if masking == "deaf" and not self._deafened:
            self._deafened = True
            return [Fault("hearing", DEAFENED)]
        if masking == "hard" and now - self._masked > MASKED_EVERY:
            self._masked = now
            return [Masked()]
        return []

    def _follow(self, outcome: Outcome, speech: SpeechState) -> list[Event]:
        match outcome:
            case Scored(phrase, decision, features):
                rounded = tuple((name, round(value, 2)) for name, value in features.items())
                score = round(decision.score, 2)
                return [CandidateScored(phrase, decision.tier, score, rounded)]
            case Dropped():
                return [CandidateScored("", "rejected", 0.0, (("dropped", 1.0),))]
            case Unclear():
                self._unclear = self._barge_in.hushed
                return []
            case Report():
                self._unclear = False
                return self._report(outcome, speech)
            case _:
                return [Noticed(kind) for kind in self._barge_in.hush(speech)]

    def _report(self, report: Report, speech: SpeechState) -> list[Event]:
        is_order = report.kind == "order"
        # Somebody who says "next" and cries at once is heard on, and the coach stays silent.
        goes_on = speech.utterance.start > report.until
        if goes_on:
            self._barge_in.hush(speech)
        else:
            self._barge_in.report(speech.now, report.until)
        after: list[Event] = [Noticed("hush" if goes_on else "resume")] if is_order else []
        if report.tier == "confirmed":
            self._front_end.endpointer.discount(report.utterance)
        meaning = self._grammar.phrases.get(report.phrase)
        if is_order and meaning is None:
            return after  # the session has moved on and no longer takes it
        heard = Heard(
            meaning.command if meaning else Command.PAIN,
            report.phrase,
            meaning.choice if meaning else "",
            tier="possible" if meaning and meaning.asked else report.tier,
            llr=report.llr,
            over_echo=self._front_end.meters.over_echo(report.utterance),
        )
        return [heard, *after]
