"""A person beside the coach, block by block; what a sound holds is told beforehand."""

from __future__ import annotations

from types import SimpleNamespace

from voice_coach.catalogue import read_language
from voice_coach.core.commands import Command
from voice_coach.core.events import CandidateScored, Heard, Noticed
from voice_coach.hearing.endpointer import Endpointer, FrameFeatures
from voice_coach.hearing.front_end import FrontEndFrame
from voice_coach.hearing.listener import Listener
from voice_coach.hearing.second_pass import PhraseLlr, SecondPassResult
from voice_coach.hearing.worker import InlineWorker

BLOCK = 0.02
QUIET = FrameFeatures(0.0, 0.0, -60.0)
QUIET_COACH = FrameFeatures(0.0, 0.0, -60.0, coach=True)
BREATHING = FrameFeatures(9.0, 0.0, -40.0)
VOICE = FrameFeatures(12.0, 12.0, -30.0)
DOUBTFUL = FrameFeatures(12.0, 7.0, -30.0)
"""Perhaps a voice."""
NOTHING = SecondPassResult()
LANGUAGE = read_language()


def pain(llr, phrase="it hurts"):
    """What the second pass finds: pain, with this LLR."""
    return SecondPassResult(PhraseLlr(phrase, llr, llr))


def order(phrase, llr, urgent=NOTHING):
    return SecondPassResult(urgent.urgent, PhraseLlr(phrase, llr, llr))


class Room:
    """The listener behind a front end that was told what to find."""

    def __init__(self, *results, delay=0.0):
        self.now = 0.0
        self.events = []
        self.requests = []
        self.results = list(results or (NOTHING,))
        self.breathing = False
        """Whether what is heard may be a breath, where breaths are listened for."""
        self.awaits_breath = False
        """Whether breaths are listened for."""
        self.endpointer = Endpointer()
        self.meters = SimpleNamespace(level=None, erle=None, over_echo=lambda _: None)
        self.history = SimpleNamespace(last=lambda seconds: seconds)
        self.listener = Listener(self, InlineWorker(self._decode, delay), LANGUAGE)
        self.listener.listen(set(Command))
        self.last(1.0, QUIET)

    def _decode(self, request):
        self.requests.append(request.candidate)
        return self.results.pop(0) if len(self.results) > 1 else self.results[0]

    def listen_for(self, phrases):
        pass

    def step(self, features, detected, person):
        self.now += BLOCK
        speech = self.endpointer.step(self.now, features)
        return FrontEndFrame(
            *(speech, features, detected, frozenset(), None),
            awaits_breath=self.awaits_breath,
            may_be_breath=self.breathing,
        )

    def last(self, seconds, features):
        """Let this last."""
        for _ in range(round(seconds / BLOCK)):
            self._hear(features)

    def phrase(self, phrase="it hurts", features=VOICE):
        """Let the first pass detect this in one block."""
        self._hear(features, phrase)

    def _hear(self, features, detected=""):
        self.events += [(self.now, event) for event in self.listener.hear(features, detected)]

    def said_ready(self):
        """Let the person say that they are ready, so that it is known how loud they are."""
        self.results = [order("ready", 4.0)]
        self.last(0.4, VOICE)
        self.last(12.0, QUIET)
        assert self.commands() == [("ready", "confirmed")]
        self.events.clear()
        self.results = [NOTHING]

    def kinds(self):
        return [event.kind for _, event in self.events if isinstance(event, Noticed)]

    def commands(self):
        return [(e.phrase, e.tier) for _, e in self.events if isinstance(e, Heard)]

    def scored(self):
        return [event for _, event in self.events if isinstance(event, CandidateScored)]

    def time_of(self, what):
        """When this kind of notice, or the first command, came."""
        for time, event in self.events:
            if getattr(event, "kind", "command" if isinstance(event, Heard) else "") == what:
                return time
        raise AssertionError(what)
