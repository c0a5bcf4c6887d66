"""People who breathe under a partner's hands, in virtual time, and what is heard of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from heapq import heappop, heappush
from random import Random

from benchmark.breathing import breaths_in, breaths_out

from voice_coach.core.commands import Command
from voice_coach.core.events import BreathEnded, BreathStarted, Heard, Noticed
from voice_coach.core.transitions import State

HEARD_AFTER = 0.25
"""Seconds after which a breath that began or ended is reported."""


@dataclass
class Breather:
    """Follows the cues in a way of their own; what they breathe out is kept in `breaths`."""

    way: str
    seed: int = 0
    breaths: list[tuple[float, float]] = field(default_factory=list)
    """When the breaths out began and ended."""
    sureness: float = 0.9
    """How sure the detector is of them."""

    def __post_init__(self):
        self._random = Random(self.seed)  # noqa: S311 - no secret
        self._events = []
        self._followed = 0

    def advance(self, simulation, seconds):
        """Let time pass; every breath is reported a moment later, as a detector would."""
        until = simulation.now + seconds
        while simulation.now < until and not simulation.session.over:
            self._follow(simulation)
            if simulation.session.state is State.WAITING and not simulation.busy:
                simulation.handle(Heard(Command.NEXT, source="key"))
            at = self._events[0][0] if self._events else until
            step = min(at, until, simulation.now + 0.05)
            simulation.advance(max(0.0, step - simulation.now))
            while self._events and self._events[0][0] <= simulation.now + 1e-9:
                simulation.handle(heappop(self._events)[2])

    def lead(self, simulation, arrived):
        """Let time pass until `arrived(view)`."""
        while not arrived(simulation.session.view(simulation.now)):
            self.advance(simulation, 0.05)

    def _follow(self, simulation):
        for spoken in simulation.spoken[self._followed :]:
            if spoken.text.startswith("Breathe out"):
                self._breathe_out(spoken.start)
            elif spoken.text.startswith("Breathe in"):
                self._breathe_in(spoken.start)
        self._followed = len(simulation.spoken)

    def _breathe_in(self, cued):
        draw = self._random
        for begins, lasts in breaths_in(self.way, draw):
            self._report(cued + begins, cued + begins + lasts)
        if self.way == "talking":
            at = cued + draw.uniform(0.5, 2)
            self._put(at, Noticed("duck"))
            self._put(at + 1, Noticed("resume"))

    def _breathe_out(self, cued):
        draw = self._random
        breaths = breaths_out(self.way, draw)
        for begins, lasts in breaths:
            self._out(cued + begins, cued + begins + lasts)
        if self.way == "coughing" and not breaths:
            at = cued + draw.uniform(0.4, 1.0)
            self._put(at, Noticed("hush"))
            self._put(at + draw.uniform(0.3, 1.6), Noticed("resume"))

    def _out(self, start, end):
        self.breaths.append((start, end))
        self._report(start, end)

    def _report(self, start, end):
        self._put(start + HEARD_AFTER, BreathStarted(HEARD_AFTER, self.sureness))
        self._put(end + HEARD_AFTER, BreathEnded(HEARD_AFTER, self.sureness))

    def _put(self, at, event):
        heappush(self._events, (at, len(self.breaths) + self._random.random(), event))
