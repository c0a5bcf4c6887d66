"""Detects a loud room: the coach gave way for long without understanding anything.

Music and other people silence the coach as the person does. Where that takes much of the first half
minute, the coach says once that it may miss something here, and what helps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_coach.core import speech_queue
from voice_coach.core.state import evolve
from voice_coach.core.transitions import BEFORE, State

if TYPE_CHECKING:
    from voice_coach.core.turn import Turn

EARLY = 30.0
"""Seconds from the beginning of the session within which it is told."""
MUCH = 10.0
"""Seconds of those, a third, that are much. A product choice: a person who talks to the coach is
understood meanwhile, and the count begins again."""


def begin(turn: Turn, now: float) -> None:
    """Count from here."""
    turn.surroundings = evolve(turn.surroundings, began=now)


def give_way(turn: Turn, now: float) -> None:
    """Note that the coach is ducked or hushed."""
    if turn.surroundings.gives_way_since is None:
        turn.surroundings = evolve(turn.surroundings, gives_way_since=now)


def understand(turn: Turn) -> None:
    """Note that the person was understood."""
    turn.surroundings = evolve(turn.surroundings, gave_way=0.0, gives_way_since=None)


def go_on(turn: Turn, now: float) -> None:
    """Note that the coach goes on; tell it if it had to give way for much of the time."""
    before = turn.surroundings
    if before.gives_way_since is None:
        return
    gave_way = before.gave_way + now - before.gives_way_since
    told = before.told or (
        gave_way >= MUCH
        and now <= before.began + EARLY
        and turn.state in BEFORE[State.PAIN_CONFIRMATION]
        and turn.progress.running is None
    )
    turn.surroundings = evolve(before, gave_way=gave_way, gives_way_since=None, told=told)
    if told and not before.told:
        speech_queue.put_in(turn, turn.setup.lines.loud_room, now)
