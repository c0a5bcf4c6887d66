"""The stop test: before anything strong, the person silences the coach in mid-speech.

The coach leads a twist, a press or another strong routine only after "it hurts" has worked once: in
this room, with this person's voice, over the coach's own voice. The coach counts aloud, and the
person says it during the count. This is a test and not pain: it ends nothing and is not remembered
as pain. Only a voice passes the test. The pain key ends the routine, as always.

Before a press, both people try it: first the one on the floor, then the partner, who kneels. The
coach cannot tell two voices apart, so it believes them.

A possible "it hurts" passes too, because it silences the coach in the same way. A cry before the
count only starts the count, and one after it comes too late: neither was heard through the coach's
voice. The test holds for one session; the next may be in another room.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_coach.core import intro, speech_queue
from voice_coach.core.state import GAP, Then, evolve
from voice_coach.core.transitions import Signal, State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voice_coach.core.commands import Command
    from voice_coach.core.routine import Routine
    from voice_coach.core.state import SessionState
    from voice_coach.core.turn import Setup, Turn

TRIES = 2
"""Failed tests before the routine is refused."""
LATE = 2.5
"""Seconds after the count in which a cry is still no pain: one into its last word is recognised up
to two seconds later."""


def is_counting(setup: Setup, state: SessionState | Turn) -> bool:
    """Whether the count sounds, or was hushed by what may be the cry."""
    counts = state.speech.coming == (setup.lines.stop_test.count,)
    return counts and state.state is State.STOP_TEST


def is_needed(turn: Turn, routine: Routine | None) -> bool:
    """Whether this routine must not begin before the test is passed."""
    if routine is None or turn.stop_test.voices >= routine.people:
        return False
    return turn.setup.tests_the_stop(routine)


def is_refused(turn: Turn, routine: Routine) -> bool:
    """Whether this routine needs the test, and it has failed in this room."""
    return turn.stop_test.refused and is_needed(turn, routine)


def begin(turn: Turn, command: Command, now: float) -> None:
    """Begin with the routine; where the test is needed, ask for the cry first, and count."""
    if not is_needed(turn, turn.routine):
        intro.brief(turn, command, now)
        return
    turn.move(Signal.STOP_UNTESTED)
    turn.stop_test = evolve(turn.stop_test, voices=0, tries=0)
    ask = _asking(turn)
    _try(turn, ask[-1:] if turn.is_known else ask, now)


def repeat(turn: Turn, now: float) -> None:
    """Ask for the cry again; this is no failed try."""
    _ask(turn, _asking(turn), now)


def hear(turn: Turn, now: float) -> None:
    """Take the cry: whenever it comes, it silences the coach."""
    counting, late = is_counting(turn.setup, turn), turn.stop_test.over_at is not None
    speech_queue.cut(turn, now)
    voices, enough = turn.stop_test.voices, turn.routine.people if turn.routine else 1
    if counting or voices == enough:
        voices = min(voices + 1, enough)
        turn.stop_test = evolve(turn.stop_test, voices=voices)
        if voices < enough:
            turn.stop_test = evolve(turn.stop_test, tries=0)
            _try(turn, _asking(turn), now + GAP)
            return
        lines = turn.setup.lines.stop_test
        speech_queue.speak(turn, lines.passed, now + GAP, then=Then.LEAVE_STOP_TEST)
    elif late:
        _fail(turn, now)
    else:
        _ask(turn, (), now)


def deadline(state: SessionState | Turn) -> float | None:
    """Give the audio time at which the test counts as failed; None while that is open."""
    return None if state.speech.hushed else state.stop_test.over_at


def pass_time(turn: Turn, now: float) -> None:
    """Count a test without a cry as failed."""
    moment = deadline(turn)
    if moment is not None and now >= moment:
        _fail(turn, now)


def counted(turn: Turn, now: float) -> None:
    """Wait a little for a late cry."""
    turn.stop_test = evolve(turn.stop_test, over_at=now + LATE)


def refuse(turn: Turn, now: float) -> None:
    """Say that a routine is not led here, and offer the others."""
    intro.back_to_choice(turn, now, Signal.REFUSED, turn.setup.lines.stop_test.not_here)


def _asking(turn: Turn) -> tuple[str, ...]:
    """Give what asks for the next voice."""
    lines = turn.setup.lines.stop_test
    if turn.routine is None or not turn.routine.partner:
        return lines.ask
    return lines.partner if turn.stop_test.voices else lines.lying


def _try(turn: Turn, before: Iterable[str], now: float) -> None:
    turn.stop_test = evolve(turn.stop_test, tries=turn.stop_test.tries + 1)
    _ask(turn, before, now)


def _ask(turn: Turn, before: Iterable[str], now: float) -> None:
    turn.stop_test = evolve(turn.stop_test, over_at=None)
    speech_queue.cut(turn, now)
    count = turn.setup.lines.stop_test.count
    speech_queue.speak(turn, (*before, count), now, then=Then.AWAIT_CRY)


def _fail(turn: Turn, now: float) -> None:
    lines = turn.setup.lines.stop_test
    if turn.stop_test.tries < TRIES:
        _try(turn, lines.again, now)
        return
    turn.stop_test = evolve(turn.stop_test, over_at=None, refused=True)
    intro.back_to_choice(turn, now, Signal.REFUSED, lines.refused)
