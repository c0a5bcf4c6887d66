"""The phrase spotter: candidates out to the second pass, its results into the decision.

A confirmed phrase is reported as soon as a pass confirms it. A possible one waits for the last pass
over its sound. An order waits for the end of the utterance. A voice without words that the VAD
takes for a cry, or that is much louder than the person, is possible pain.

Pain and stop are obeyed however late the second pass is, an order only for a short time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from voice_coach.hearing.candidates import NO_LLR, Candidates, candidate_features
from voice_coach.hearing.decision import Decision
from voice_coach.hearing.endpointer import LastReport
from voice_coach.hearing.second_pass import PhraseLlr, SecondPassRequest
from voice_coach.hearing.vad import CRY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy import float32
    from numpy.typing import NDArray

    from voice_coach.hearing.candidates import Candidate
    from voice_coach.hearing.decision import DecisionRules
    from voice_coach.hearing.endpointer import PersonLevel, SpeechState, Utterance
    from voice_coach.hearing.front_end import FrontEndFrame
    from voice_coach.hearing.grammar import Grammar
    from voice_coach.hearing.second_pass import SecondPassResult
    from voice_coach.hearing.worker import SecondPassWorker

WORTH_A_HUSH = -5.0
"""At or above this LLR a detection silences the coach, even if it is whispered. A laugh or a cough
also begins like "ouch", but has a lower LLR."""
CRY_LEVEL, CRY_WAIT = 12.0, 1.5
"""Speech without words that is CRY_LEVEL decibels louder than the person is a cry, however it
sounds. For CRY_WAIT seconds after its beginning it may still become words."""
SAID_TO_COACH, NEARLY_AS_LOUD = 0.3, 6.0
"""Least seconds of speech that are not just a cough, and the largest number of decibels by which
the person's speech may be softer than usual."""
TOO_LATE = 2.0
"""Seconds of sound after the end of an order in which it is obeyed: the false-interruption
time-out. Whoever is not obeyed by then says it again, and would be obeyed twice. What ends the
routine, or may, is obeyed however late."""
FRESH = 1.0
"""Seconds after a sound within which a phrase is still being said, or has just been."""


@dataclass(frozen=True)
class Scored:
    """A candidate that was decided on."""

    phrase: str
    decision: Decision
    features: Mapping[str, float]


@dataclass(frozen=True)
class Dropped:
    """A candidate of which nothing comes: no second pass, or one too late for its order."""


@dataclass(frozen=True)
class Report:
    """A phrase, or a cry, that the session is to know of."""

    kind: Literal["urgent", "order", "cry"]
    phrase: str
    tier: Literal["confirmed", "possible"]
    llr: float | None
    """None for a cry."""
    utterance: Utterance

    @property
    def until(self) -> float:
        """Until when its sound lasted; infinite if all that follows may belong to it.

        What begins after an order is another sound: somebody may say "next" and cry at once.
        """
        return self.utterance.last if self.kind == "order" else math.inf


@dataclass(frozen=True)
class WorthAHush:
    """A detection has been found again; the coach is to be silent while it is decided on."""


@dataclass(frozen=True)
class Unclear:
    """Something short was said to the coach, and it was nothing that it knows."""


Outcome = Scored | Dropped | Report | WorthAHush | Unclear


class PhraseSpotter:
    """Follows one stream of blocks."""

    def __init__(self, worker: SecondPassWorker, rules: DecisionRules, person: PersonLevel) -> None:
        self._worker = worker
        self._rules = rules
        self._person = person
        self._candidates = Candidates(person)
        self._waiting = 0
        """Requests that the worker has not answered yet."""
        self._previous_llr = NO_LLR
        """Mean LLR of the pass before over the same detection."""
        self._last_report = LastReport()
        self._cry = -math.inf
        """When the utterance began that was last reported as a cry."""

    @property
    def pending(self) -> bool:
        """Whether a pass over some sound is due or under way."""
        return self._candidates.due or self._waiting > 0

    def detect(self, frame: FrontEndFrame) -> bool:
        """Take what the first pass has detected; tell whether it is followed up."""
        if not frame.detected or self._last_report.covers(frame.speech.now, frame.speech.utterance):
            return False
        if not self._candidates.due:
            self._previous_llr = NO_LLR
        self._candidates.detect(frame.detected, frame.speech)
        return True

    def step(
        self,
        frame: FrontEndFrame,
        grammar: Grammar,
        sound: Callable[[float], NDArray[float32]],
    ) -> list[Outcome]:
        """Take the next block; `sound` gives the latest seconds."""
        speech = frame.speech
        outcomes: list[Outcome] = []
        for finished in self._worker.poll(speech.now):
            self._waiting -= 1
            candidate = finished.request.candidate
            if self._last_report.covers(candidate.at, candidate.utterance):
                continue
            if finished.result is None:
                outcomes += [Dropped(), *self._cry_at_endpoint(candidate)]
            elif candidate.endpoint:
                outcomes += self._conclude_utterance(finished.request, finished.result, speech)
            else:
                outcomes += self._conclude_detection(finished.request, finished.result, speech)
        due = self._candidates.step(speech)
        if due and not self._last_report.covers(due.at, due.utterance):
            request = SecondPassRequest(due, sound(due.seconds), grammar, frame.said_by_coach)
            self._worker.submit(request)
            self._waiting += 1
        elif speech.speaking and not self.pending:
            outcomes += self._lasting_cry(speech)
        return outcomes

    def _conclude_detection(
        self, request: SecondPassRequest, result: SecondPassResult, speech: SpeechState
    ) -> list[Outcome]:
        candidate = request.candidate
        outcomes: list[Outcome] = []
        scored = self._urgent(request, result)
        tier = scored.decision.tier
        present = speech.since_activity < FRESH or tier == "possible"
        if present and result.urgent.best >= WORTH_A_HUSH:
            outcomes.append(WorthAHush())
        self._previous_llr = result.urgent.mean
        outcomes.append(scored)
        if tier == "confirmed" or (tier == "possible" and candidate.last):
            outcomes.append(self._report("urgent", result.urgent, scored, candidate, speech.now))
        return outcomes

    def _conclude_utterance(
        self, request: SecondPassRequest, result: SecondPassResult, speech: SpeechState
    ) -> list[Outcome]:
        candidate = request.candidate
        urgent = self._urgent(request, result)
        order = self._order(request, result)
        outcomes: list[Outcome] = [urgent, order] if order else [urgent]
        tier, now = urgent.decision.tier, speech.now
        # There is a "stop" in "speak up": what is only possible gives way to what explains it all.
        better = result.order.best > result.urgent.best or tier == "rejected"
        if tier != "confirmed" and better and order and order.decision.tier == "confirmed":
            goes_on = not request.grammar.phrases[order.phrase].ends
            if goes_on and now - candidate.at > TOO_LATE:
                return [*outcomes, Dropped()]
            return [*outcomes, self._report("order", result.order, order, candidate, now)]
        if tier != "rejected":
            return [*outcomes, self._report("urgent", result.urgent, urgent, candidate, now)]
        if cry := self._cry_at_endpoint(candidate, wordless=result.wordless):
            return outcomes + cry
        unclear = not result.harmless and is_addressed(candidate.features)
        return [*outcomes, Unclear()] if unclear else outcomes

    def _order(self, request: SecondPassRequest, result: SecondPassResult) -> Scored | None:
        if not result.order.phrase:
            return None
        features = self._features(request, result.order, result, NO_LLR)
        return Scored(result.order.phrase, self._rules.order_decision(features), features)

    def _urgent(self, request: SecondPassRequest, result: SecondPassResult) -> Scored:
        previous = self._previous_llr if request.candidate.detected else NO_LLR
        features = self._features(request, result.urgent, result, previous)
        decision = self._rules.urgent_decision(features, scored=result.scored)
        if not result.urgent.phrase:
            decision = Decision("rejected", decision.score)
        return Scored(result.urgent.phrase, decision, features)

    def _features(
        self,
        request: SecondPassRequest,
        found: PhraseLlr,
        result: SecondPassResult,
        previous: float,
    ) -> Mapping[str, float]:
        features = candidate_features(request, found, result, previous)
        return {**features, "own_voice": self._rules.own_voice.get(found.phrase, 0.0)}

    def _report(
        self,
        kind: Literal["urgent", "order"],
        found: PhraseLlr,
        scored: Scored,
        candidate: Candidate,
        now: float,
    ) -> Report:
        confirmed = scored.decision.tier == "confirmed"
        if confirmed and candidate.at - candidate.utterance.last < FRESH:
            self._person.learn(candidate.utterance.loudest)
        tier: Literal["confirmed", "possible"] = "confirmed" if confirmed else "possible"
        report = Report(kind, found.phrase, tier, round(found.best, 2), candidate.utterance)
        self._last_report.note(now, report.until)
        self._candidates.clear(report.until)
        return report

    def _cry_at_endpoint(self, candidate: Candidate, *, wordless: bool = False) -> list[Outcome]:
        sounds = wordless and candidate.may_be_wordless
        if candidate.endpoint and self._is_cry(candidate.utterance, sounds=sounds):
            return [self._report_cry(candidate.utterance, candidate.at)]
        return []

    def _lasting_cry(self, speech: SpeechState) -> list[Outcome]:
        utterance = speech.utterance
        reported = self._last_report.covers(speech.now, utterance)
        lasts = speech.now - utterance.start > CRY_WAIT and not reported
        sounds = utterance.cry > CRY and self._candidates.is_theirs(speech, utterance)
        if lasts and self._is_cry(utterance, sounds=sounds):
            return [self._report_cry(utterance, speech.now)]
        return []

    def _is_cry(self, utterance: Utterance, *, sounds: bool) -> bool:
        """Whether it is a new one: it `sounds` like one, or is much louder than the person."""
        loud = self._person.above(utterance.sustained) > CRY_LEVEL
        return (sounds or loud) and utterance.start != self._cry

    def _report_cry(self, utterance: Utterance, now: float) -> Report:
        self._cry = utterance.start
        report = Report("cry", "", "possible", None, utterance)
        self._last_report.note(now, report.until)
        return report


def is_addressed(features: Mapping[str, float]) -> bool:
    """Whether an utterance with these features was said to the coach, and not among people."""
    return (
        features["voiced_seconds"] >= SAID_TO_COACH
        and features["quieter_than_person"] <= NEARLY_AS_LOUD
        and features["recent_speech"] <= 0
        and features["pause_before"] >= FRESH
        and not features["reconverging"]
    )
