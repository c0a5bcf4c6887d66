"""How fast sessions are computed: with all that hears, without sound, and the core alone."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from voice_coach.catalogue import read_language
from voice_coach.core.config import SessionConfig
from voice_coach.core.session import Session
from voice_coach.core.simulation import Simulation, simulate
from voice_coach.demo import run_demo

if TYPE_CHECKING:
    from voice_coach.core.events import Event


def with_hearing(times: int) -> list[float]:
    """Give how many seconds of a session with all that hears are computed in one.

    The first may still have to render its sentences; of several the median counts.
    """
    speeds = []
    language = read_language()
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "demo.wav"
        for _ in range(times):
            began = time.perf_counter()
            _, seconds = run_demo(language, wav, echo=-10.0)
            speeds.append(seconds / (time.perf_counter() - began))
    return speeds


def simulations(times: int) -> list[float]:
    """Give the same of sessions without sound."""
    speeds = []
    language = read_language()
    for _ in range(times):
        began = time.perf_counter()
        total = sum(simulate(language, routine).now for routine in language.routines)
        speeds.append(total / (time.perf_counter() - began))
    return speeds


class _NotedSimulation(Simulation):
    """A simulation that notes its events."""

    def __init__(self, session: Session) -> None:
        self.events: list[tuple[Event, float]] = []
        super().__init__(session)

    def handle(self, event: Event) -> None:
        """Handle an event now, and note it."""
        self.events.append((event, self.now))
        super().handle(event)


def events(times: int) -> list[float]:
    """Give how many events of whole sessions the core takes in a second."""
    language = read_language()
    sessions = []
    for routine in language.routines:
        noted = _NotedSimulation(Session(SessionConfig(language=language, routine=routine.id)))
        noted.run_obediently()
        sessions.append((routine, noted.events))
    speeds = []
    for _ in range(times):
        taken, spent = 0, 0.0
        for routine, events in sessions:
            session = Session(SessionConfig(language=language, routine=routine.id))
            session.start(0.0)
            began = time.perf_counter()
            for event, now in events:
                session.handle(event, now)
            spent += time.perf_counter() - began
            taken += len(events)
        speeds.append(taken / spent)
    return speeds
