"""A session in virtual time, shown by the real display of a real process, moment by moment.

Each line on standard input leads on to the next of the moments that were named; after the last the
display is closed. ``test_tmux.py`` runs this in a terminal, and so may anybody who wants to look.
"""

from __future__ import annotations

import sys
from dataclasses import replace

from voice_coach.catalogue import read_language
from voice_coach.core.breathing import Phase
from voice_coach.core.commands import Command
from voice_coach.core.config import SessionConfig
from voice_coach.core.events import Heard
from voice_coach.core.session import Session
from voice_coach.core.simulation import Simulation
from voice_coach.core.transitions import State
from voice_coach.display.terminal.screen import open_display
from voice_coach.runner import REFRESH

LANGUAGE = read_language()
LEVEL = -33.0
"""Dbfs, for the meter: in virtual time there is no sound."""
ANSWERS = {
    State.CHOOSING: Heard(Command.CHOOSE, "assisted press", "assisted-press"),
    State.SOUND_CHECK: Heard(Command.READY, "ready"),
    State.WAITING: Heard(Command.NEXT, "next"),
}


def breath(view, phase, fraction):
    """Tell whether the breath has come so far."""
    return view.beat and view.beat.phase is phase and view.beat.fraction >= fraction


MOMENTS = {
    "choosing": lambda view: "Which" in view.saying,
    "telling": lambda view: view.state is State.TELLING and view.step == 2,
    "breathing-in": lambda view: breath(view, Phase.IN, 0.7),
    "breathing-out": lambda view: breath(view, Phase.OUT, 0.5),
    "paused": lambda view: view.state is State.PAUSED and view.saying,
    "hurt": lambda view: view.saying.startswith("Do not go on"),
}
GIVEN = {"paused": Heard(Command.PAUSE, "pause"), "hurt": Heard(Command.PAIN, "it hurts")}
"""What is said at the beginning of the way to a moment."""


def lead(simulation, moment, display):
    """Lead on to a moment, in steps as short as those of the real loop, and show it."""
    session = simulation.session
    if moment in GIVEN:
        simulation.handle(GIVEN[moment])
    while not MOMENTS[moment](session.view(simulation.now)):
        if session.counting and session.view(simulation.now).saying:
            simulation.handle(GIVEN["hurt"])
        elif session.state in ANSWERS and not simulation.busy:
            simulation.handle(ANSWERS[session.state])
        simulation.advance(REFRESH)
        display.show(replace(session.view(simulation.now), level=LEVEL))


def main(*moments: str) -> None:
    """Show these."""
    simulation = Simulation(Session(SessionConfig(language=LANGUAGE)))
    with open_display(LANGUAGE) as display:
        for moment in moments:
            lead(simulation, moment, display)
            sys.stdin.readline()


if __name__ == "__main__":
    main(*sys.argv[1:])
