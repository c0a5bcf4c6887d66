"""How a session ends: after pain, after "stop", because something failed, or completed.

The pain rule stands above the table of transitions: see ``pain``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_coach.core import press, speech_queue
from voice_coach.core.commands import Command
from voice_coach.core.earcons import ENDED
from voice_coach.core.pace import DEFAULT_RATE, speaking_seconds
from voice_coach.core.safety import fault_note, goodbye, safety_note
from voice_coach.core.script import farewell
from voice_coach.core.state import GAP, Then, evolve
from voice_coach.core.transitions import Signal, State
from voice_coach.core.view import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voice_coach.core.events import Fault
    from voice_coach.core.transitions import Trigger
    from voice_coach.core.turn import Turn

PEACEFUL = frozenset({Outcome.COMPLETED, Outcome.STOPPED})
"""The outcomes after which an earcon ends the last words; after pain or a fault, none does."""
LAST_WORDS = frozenset({State.CLOSING, State.FAULTED, State.HURT})
"""The states in which the last words are spoken."""
BACKSTOP = 10.0
"""Seconds after which the session no longer waits for the end of the last words."""


def interrupt(turn: Turn, now: float) -> None:
    """Fall silent and drop whatever was under way."""
    speech_queue.cut(turn, now)
    speech_queue.forget(turn)
    turn.progress = evolve(turn.progress, timed=None, clock_runs=False)
    turn.ending = evolve(turn.ending, due=None)


def pain(turn: Turn, now: float) -> None:
    """Speak the safety note, and end with it."""
    note = safety_note(turn.setup.language, turn.routine)
    if turn.state is State.HURT and note[0] in turn.speech.coming:
        return  # the note has only just begun
    interrupt(turn, now)
    turn.state = State.HURT
    turn.progress = evolve(turn.progress, outcome=Outcome.PAIN)
    _speak_last(turn, note, now)


def take_leave(turn: Turn, trigger: Trigger, before: Iterable[str], now: float) -> None:
    """Say the last words of a completed routine, or ask whether to do another."""
    turn.move(trigger)
    if turn.state is State.RESTART_PROMPT:
        question = turn.setup.lines.prompts.restart.say
        speech_queue.speak(turn, (*before, *question), now)
    else:
        _speak_last(turn, (*before, *farewell(turn.routine, turn.setup.language)), now)


def stop(turn: Turn, now: float, trigger: Command = Command.STOP) -> None:
    """Say goodbye. During the last words, end at once, but not before the partner's are said."""
    if turn.state in (State.CLOSING, State.FAULTED) and press.is_releasing(turn, turn.setup):
        return
    turn.move(trigger)
    interrupt(turn, now)
    if turn.state is State.CLOSING:
        _say_goodbye(turn, now)


def give_up(turn: Turn, now: float) -> None:
    """End, because nobody answers."""
    if turn.state in (State.RATING, State.RESTART_PROMPT):
        take_leave(turn, Signal.UNANSWERED, (), now)
        return
    turn.move(Signal.UNANSWERED)
    if turn.state is State.CLOSING:
        _say_goodbye(turn, now)
        return
    unanswered = turn.setup.lines.faults.unanswered
    turn.progress = evolve(turn.progress, outcome=Outcome.FAULT)
    turn.ending = evolve(turn.ending, fault=" ".join(unanswered))
    _speak_last(turn, unanswered, now)


def fail(turn: Turn, fault: Fault, now: float) -> None:
    """End, because a part of the coach no longer works."""
    if turn.state is State.ENDED:
        return
    if fault.part != "sound" and turn.state in (State.HURT, State.FAULTED):
        # The last words are in memory, and nobody has to answer them. A computer that stood still
        # may have interrupted them, so they are said again.
        if fault.part == "computer":
            interrupt(turn, now)
            _speak_last(turn, turn.ending.last_words, now)
        return
    turn.ending = evolve(turn.ending, fault=turn.ending.fault or fault.reason)
    turn.move(Signal.FAULT)
    interrupt(turn, now)
    if turn.progress.outcome is not Outcome.PAIN:
        turn.progress = evolve(turn.progress, outcome=Outcome.FAULT)
    if turn.state is State.FAULTED:
        if fault.part == "sound":
            end(turn)
        else:
            note = fault_note(turn.setup.language, turn.routine, fault.part)
            _speak_last(turn, note, now)


def end(turn: Turn) -> None:
    """Be over."""
    turn.move(Signal.SAID)
    turn.ending = evolve(turn.ending, due=None)


def backstop(turn: Turn, sentences: tuple[str, ...], now: float) -> float:
    """Give the audio time by which these are surely spoken, if they ever are."""
    rate = turn.speech.rate
    needed = sum(speaking_seconds(text, rate) + GAP for text in sentences)
    return now + 2 * needed + BACKSTOP


def _say_goodbye(turn: Turn, now: float) -> None:
    if turn.progress.outcome is None:
        turn.progress = evolve(turn.progress, outcome=Outcome.STOPPED)
    _speak_last(turn, goodbye(turn.setup.language, turn.routine), now)


def _speak_last(turn: Turn, sentences: tuple[str, ...], now: float) -> None:
    turn.ending = evolve(turn.ending, last_words=sentences)
    outcome = turn.progress.outcome
    if outcome is not Outcome.COMPLETED:
        # Rendered before the session began, at this rate: no synthesiser is needed any more.
        turn.speech = evolve(turn.speech, rate=DEFAULT_RATE)
    if outcome in PEACEFUL and not turn.setup.config.rendered:
        sentences = (*sentences, ENDED)
    turn.ending = evolve(turn.ending, due=backstop(turn, sentences, now))
    speech_queue.speak(turn, sentences, now + GAP, then=Then.END)
