"""Sessions in the studio in which random things happen, and what must hold in each.

Session, runner, mixer and log are the real ones. Listener and voice are simulated, so that hours
pass in seconds. Sometimes a sentence is rendered late or never, the loop stalls, or a part fails.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from trials.random_parts import RandomListener, RandomVoice, StallingStudio
from voice_coach.audio.mixer import Mixer
from voice_coach.core.actions import Cut, Say
from voice_coach.core.events import ClipStarted
from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.core.session import Session
from voice_coach.core.timed import GRACE
from voice_coach.core.view import Outcome
from voice_coach.history.event_log import Draft, Log, head
from voice_coach.replay import replay
from voice_coach.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from numpy.typing import NDArray

    from voice_coach.audio.hearing_thread import BlockListener
    from voice_coach.audio.studio import Room
    from voice_coach.core.actions import Action
    from voice_coach.core.config import SessionConfig
    from voice_coach.core.events import Event
    from voice_coach.core.language import Language
    from voice_coach.core.ports import Display, Voice

    Samples = NDArray[np.float32]

STALLS = 0.0002
"""Share of the loop's rounds that are stalled."""
PRESS, IN, OTHER, LAST = 0.6, 0.25, 0.1, 0.4
"""Amplitudes by which the sound tells a cue to press, the cue in before it, any other sentence, and
the last words of the dead man's switch."""
ROUNDING = 0.001
LONGEST_BREATH = 12.5
"""Seconds from a cue in to its cue out, at most."""


def last_words(language: Language) -> dict[Outcome | None, frozenset[str]]:
    """Give the sentences that are allowed after each outcome."""
    notes = language.safety
    note = {*notes.partner, *notes.person, *notes.doctor, *notes.emergency, *notes.neck}
    faults = language.coach.faults
    said = {*language.safety.partner, *faults.hearing, *faults.voice, *faults.computer}
    return {
        Outcome.PAIN: frozenset(note),
        Outcome.FAULT: frozenset({*said, *faults.unanswered}),
    }


@dataclass(frozen=True)
class RealParts:
    """The real parts in place of simulated ones."""

    listener: BlockListener
    voice: Voice
    room: Room


class RandomSession:
    """One session from its first word to its last, with all its events and violations."""

    def __init__(
        self,
        config: SessionConfig,
        random: Random,
        *,
        stall: Callable[[float], float] | None = None,
        listener: RandomListener | None = None,
        stage: type[StallingStudio] = StallingStudio,
        real: RealParts | None = None,
    ) -> None:
        """Take the `real` listener, voice and room instead of simulated ones."""
        self.events: list[tuple[float, Event | Action]] = []
        self.violations: list[str] = []
        """Promises that did not hold, a sentence each."""
        self.presses = 0
        """How many presses were cued."""
        self._config = config
        self.session: Session = Session(config)
        made_up = listener or RandomListener(config.language, random)
        stalls = stall or (lambda _: random.uniform(0.1, 3) if random.random() < STALLS else 0.0)
        last = np.full(SAMPLE_RATE, LAST, np.float32)
        hears, room = (real.listener, real.room) if real else (made_up, None)
        self.stage = stage(Mixer(), hears, room, stalls, last)
        self._voice = real.voice if real else RandomVoice(made_up, random, self._loudness)
        self._asked: dict[int, Say] = {}
        self._breath_in: Say | None = None
        """The cue in that began last, unless something was cut since."""
        pressing = [
            step.breathing
            for routine in config.language.routines
            for step in routine.steps
            if step.breathing and step.breathing.press
        ]
        self._presses = frozenset(breathing.cue_push or breathing.cue_out for breathing in pressing)
        self._ins = frozenset(breathing.cue_in for breathing in pressing)
        self._last_words = last_words(config.language)
        self._draft, self._log = Draft(), io.StringIO()
        self._log.write(head(config, "2026-05-04T18:00:00+00:00"))

    def run(self, display: Display) -> None:
        """Lead the session to its end, and check the promises."""
        Runner(self.session, self.stage, self._voice, display, self._witness).run()
        self._log.writelines(self._draft.rest())
        if self.session.outcome is None:
            self.violations.append("it ended without an outcome")
        self.violations += self.stage.violations
        for _ in replay(Log.read(io.StringIO(self._log.getvalue()), "log")):
            pass  # it raises where the core would do something else

    @property
    def seconds(self) -> float:
        """How long it took."""
        return self.events[-1][0]

    def _loudness(self, text: str) -> float:
        return PRESS if text in self._presses else IN if text in self._ins else OTHER

    def _witness(self, now: float, what: Event | Action) -> None:
        self.events.append((now, what))
        self._log.writelines(self._draft.lines(now, what))
        match what:
            case Say():
                self._asked[what.say_id] = what
                self._check_words(what)
            case Cut():
                self._breath_in = None
            case ClipStarted(say_id) if say := self._asked.get(say_id):
                self._check_moment(say, self.stage.begun[say_id])
            case _:
                pass

    def _check_words(self, say: Say) -> None:
        """After pain only the note, after a fault only the last words."""
        allowed = self._last_words.get(self.session.outcome)
        if allowed and say.text not in allowed:
            self.violations.append(f'after {self.session.outcome} it said "{say.text}"')

    def _check_moment(self, say: Say, now: float) -> None:
        """No cue is late, and each cue to press is in its breath out."""
        late = now - say.at
        if say.latest is not None and late > GRACE + ROUNDING:
            self.violations.append(f'"{say.text}" came {late:.2f} s late, at {now:.2f} s')
        if say.text in self._ins:
            self._breath_in = say
        elif say.text in self._presses:
            self.presses += 1
            into = say.at - self._breath_in.at if self._breath_in else -1.0
            if not 1.0 < into < LONGEST_BREATH:
                self.violations.append(f"a press without its breath in, at {now:.2f} s")
