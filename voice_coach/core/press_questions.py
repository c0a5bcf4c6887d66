"""What is asked around a press, and what the answers do.

A routine asks by a step of its own, which waits for the answer. After some presses: the same place,
gentler, or another one? For another place, "higher" and "lower" move the hands, which only rest
meanwhile. Where no breath is heard: is the press to follow the clock? Nothing but a yes does that.
At the end: does anything tingle? A yes is taken as pain. Silence never goes on pressing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_coach.core import ending, flow, press, speech_queue
from voice_coach.core.commands import Command
from voice_coach.core.lines import Prompt
from voice_coach.core.state import evolve
from voice_coach.core.transitions import Signal, State

if TYPE_CHECKING:
    from voice_coach.core.state import SessionState
    from voice_coach.core.turn import Setup, Turn

EVERY, TIMES = 8.0, 2
"""Seconds after which a question is asked again, and how often, before silence is the answer."""
FARTHEST = 2
"""Finger's widths by which the hands may move from between the shoulder blades: beyond is the neck,
or the lower back."""
ANSWERS: dict[str, frozenset[Command]] = {
    "clock": frozenset({Command.YES, Command.NO}),
    "place": frozenset({Command.SAME, Command.ANOTHER_PLACE, Command.HIGHER, Command.LOWER}),
    "tingling": frozenset({Command.YES, Command.NO}),
}
"""The answers to each question; "gentler" is heard at all times."""
EARLY: dict[str, frozenset[Command]] = {
    "clock": frozenset({Command.NO}),
    "place": ANSWERS["place"],
    "tingling": frozenset({Command.YES}),
}
"""Those that count while the question is still being said. A yes to a press by the clock, and a no
to what would be a sign of danger, count only after all of it."""
ANY = frozenset().union(*ANSWERS.values())
"""The answers to any of them: a step that asks nothing takes none."""


def asked(setup: Setup, state: SessionState | Turn) -> str:
    """Give what is asked now; empty where nothing is."""
    step = press.step(setup, state)
    return (step and step.source.ask) or ""


def answers(setup: Setup, state: SessionState | Turn) -> frozenset[Command]:
    """Give what answers the question of this step now; empty where nothing does.

    People answer before a question is over. What is said before it began is no answer.
    """
    question = asked(setup, state)
    if state.state is State.WAITING:
        return ANSWERS.get(question, frozenset())
    sounding, here = state.speech.sounding, press.step(setup, state)
    if state.state is not State.TELLING or not question or not (sounding and here):
        return frozenset()
    return EARLY[question] if sounding.text == here.say[-1] else frozenset()


def prompt(setup: Setup, state: SessionState | Turn) -> Prompt | None:
    """Give what is said when nobody answers; None where nothing is asked."""
    step = press.step(setup, state)
    if step is None or not step.source.ask:
        return None
    moves = step.question(moving=state.progress.moving) == "moving"
    text = setup.lines.press.there if moves else step.say[-1]
    return Prompt(say=(text,), every=EVERY, times=TIMES)


def answer(turn: Turn, command: Command, now: float) -> None:
    """Take an answer to the question of this step; after it the question counts as told."""
    if turn.state is State.TELLING:
        turn.move(Signal.TOLD_TO_WAIT)
    match asked(turn.setup, turn), command:
        case "tingling", Command.YES:
            ending.pain(turn, now)
        case "clock", Command.YES:
            turn.progress = evolve(turn.progress, by_clock=True)
            _go_on(turn, command, now)
        case "clock", Command.NO:
            _decline(turn, command, now)
        case _, Command.ANOTHER_PLACE | Command.HIGHER | Command.LOWER:
            _move(turn, command, now)
        case _, Command.GENTLER:
            _go_on(turn, Command.NEXT, now, press.gentler(turn.setup))
        case _:
            _go_on(turn, command, now)


def unanswered(turn: Turn, now: float) -> None:
    """Take silence for the answer that is safe."""
    lines, question = turn.setup.lines.press, asked(turn.setup, turn)
    if question == "clock":
        _decline(turn, Command.NEXT, now)
    elif question == "place":
        press.finish(turn)
        _go_on(turn, Command.NEXT, now, lines.unanswered)
    else:
        _go_on(turn, Command.NEXT, now, lines.later)


def cracked(turn: Turn, now: float) -> None:
    """End the press for today, because it cracked."""
    press.finish(turn)
    number = press.after(turn, turn.progress.step)
    flow.tell(turn, number, Command.CRACKED, now, (turn.setup.lines.press.enough,))


def _decline(turn: Turn, command: Command, now: float) -> None:
    """Go on without a press; what is told next begins with that."""
    press.finish(turn)
    flow.tell(turn, turn.progress.step + 1, command, now, ())


def _go_on(turn: Turn, command: Command, now: float, *said: str) -> None:
    number = turn.progress.step + 1
    turn.progress = evolve(turn.progress, moving=False)
    flow.tell(turn, number, command, now, said or (turn.setup.lines.answers.going_on,))


def _move(turn: Turn, command: Command, now: float) -> None:
    """Let the hands move, which only rest."""
    lines, by = turn.setup.lines.press, {Command.HIGHER: 1, Command.LOWER: -1}.get(command, 0)
    moved = turn.progress.moved + by
    turn.move(command)
    turn.progress = evolve(turn.progress, moving=True)
    if abs(moved) > FARTHEST:
        said: tuple[str, ...] = (lines.far_enough,)
    elif by:
        turn.progress = evolve(turn.progress, moved=moved)
        said = (lines.higher if by > 0 else lines.lower, lines.there)
    else:
        said = (lines.another,)
    speech_queue.cut(turn, now)
    speech_queue.forget(turn)
    speech_queue.speak(turn, said, now)


def is_answer(turn: Turn, command: Command) -> bool:
    """Whether this answers the question of a step."""
    now = answers(turn.setup, turn)
    return command in now or (command is Command.GENTLER and Command.SAME in now)


def may_crack(setup: Setup, state: SessionState | Turn) -> bool:
    """Whether this step presses, or asks how to go on with it."""
    step = press.step(setup, state)
    return step is not None and (step.source.is_press or step.source.ask == "place")
